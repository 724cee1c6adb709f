"""Taking a payment channel off, and on again."""

from datetime import timedelta

import pytest

from tests.banks import Banks
from tests.cast import NOW
from tests.sale import Sale
from wanku.access.actor import Actor
from wanku.access.models import PlatformRole
from wanku.audit.models import Act
from wanku.flows.integrating.set_channel import set_channel
from wanku.flows.integrating.switch_channel import switch_channel
from wanku.flows.paying.open_attempt import open_attempt
from wanku.kernel.refusal import Refusal
from wanku.payments.accounts import is_off
from wanku.payments.gateways import available
from wanku.payments.models import Attempt, ChannelAccount


def offered() -> set[str]:
    """The channels that buyers see."""
    return {name for name, _, _ in available()}


def put(toll: str, days: int) -> ChannelAccount:
    """Set an account."""
    at = NOW + timedelta(days=days)
    return set_channel(toll, public={"app_id": "2021"}, secret={"word": str(days)}, actor=None, now=at)


def test_off_and_on(toll: str, di_actor: Actor) -> None:
    put(toll, 0)
    assert toll in offered()
    for _ in range(2):
        switch_channel(toll, on=False, because="its bank is down", actor=di_actor, now=NOW)
    assert is_off(toll) and toll not in offered()
    put(toll, 1)
    assert is_off(toll), "a new account does not put it on"
    for _ in range(2):
        switch_channel(toll, on=True, because="it is up again", actor=di_actor, now=NOW)
    assert toll in offered()
    acts = Act.objects.filter(subject_type="channel_account").exclude(verb="set_channel").order_by("pk")
    assert [(act.verb, act.because, act.actor_id) for act in acts] == [
        ("take_channel_off", "its bank is down", di_actor.person_id),
        ("put_channel_on", "it is up again", di_actor.person_id),
    ]


def test_those_that_stay(toll: str, di_actor: Actor, ann_actor: Actor, guest_actor: Actor) -> None:
    put(toll, 0)
    finance = Actor(person_id=ann_actor.person_id, platform=frozenset({PlatformRole.FINANCE}))
    for actor, name, because, code in (
        (di_actor, "wechat", "a reason", "not_found"),
        (di_actor, "nowhere", "a reason", "not_found"),
        (di_actor, toll, " ", "bad_value"),
        (finance, toll, "a reason", "not_allowed"),
        (ann_actor, toll, "a reason", "not_allowed"),
        (guest_actor, toll, "a reason", "sign_in"),
    ):
        with pytest.raises(Refusal, match=code):
            switch_channel(name, on=False, because=because, actor=actor, now=NOW)
    assert toll in offered()
    assert not Act.objects.filter(verb="take_channel_off").exists()


def test_what_is_open_still_settles_and_nothing_new_is_opened(banks: Banks, sale: Sale, di_actor: Actor) -> None:
    def start(method: str) -> Attempt:
        return open_attempt(sale.placed.trade_id, gateway="alipay", method=method, actor=sale.actor, now=NOW)

    attempt = start("precreate")
    switch_channel("alipay", on=False, because="its bank is down", actor=di_actor, now=NOW)
    for method in ("precreate", "page"):
        with pytest.raises(Refusal, match="no_such_method"):
            start(method)
    assert Attempt.objects.get().state == "pending"
    banks.pay(attempt.number)
    assert sale.trade.state == "paid"
