"""Orders of what is not goods: the engine's part, tried by a small kind of hours."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import IntegrityError
from procrastinate.contrib.django.models import ProcrastinateJob

from tests.bought import pay
from tests.cast import ADDRESS, NOW, Shop, product_of, variant_of
from tests.slots import STARTS, SlotKind, choice_of, free_at, hour_of, open_hours, slots
from wanku.access.actor import Actor
from wanku.catalog.models import Variant
from wanku.flows.buying.expire_trades import expire_trades
from wanku.flows.buying.place_order import Checkout, Contact, place_order
from wanku.flows.buying.place_orders import place_orders
from wanku.inventory.models import Supply
from wanku.kernel.refusal import Refusal
from wanku.kinds.kind import Choice
from wanku.orders.models import Line, Order, Trade
from wanku.orders.sealed import details_of
from wanku.pricing.load import load_quote
from wanku.pricing.quote import Wish

__all__ = ["slots"]
pytestmark = pytest.mark.django_db
LATER = STARTS + timedelta(hours=1)


class Word(Choice):
    """What the small kind asks at the checkout, where it asks."""

    word: str


def checkout(actor: Actor, *wishes: Wish, total: int, **fields: Any) -> Checkout:
    told: dict[str, Any] = {"contact": Contact("安小姐", "13800138000"), "address": {}, "key": uuid4().hex, **fields}
    return Checkout(actor=actor, wishes=wishes, agreed_total=total, **told)


def hour(variant: Variant, start: datetime = STARTS, quantity: int = 1, details: str = "") -> Wish:
    return Wish(variant.pk, quantity, choice=choice_of(start), details=details)


def refused(checkout: Checkout) -> Refusal:
    """The refusal; nothing was written."""
    before = (Trade.objects.count(), list(Supply.objects.order_by("pk").values_list("free", "held")))
    with pytest.raises(Refusal) as no:
        place_order(checkout, now=NOW)
    assert (Trade.objects.count(), list(Supply.objects.order_by("pk").values_list("free", "held"))) == before
    return no.value


def test_a_mixed_cart_becomes_an_order_for_each_promise(slots: SlotKind, bo: Shop, ann_actor: Actor) -> None:
    tea, teaching = variant_of(product_of(bo.merchant)), hour_of(bo)
    open_hours(teaching, STARTS, LATER)
    wishes = (Wish(tea.pk, 1), hour(teaching), hour(teaching, LATER))
    total = load_quote(wishes, address=ADDRESS, now=NOW).total
    placed = place_order(checkout(ann_actor, *wishes, total=total, address=ADDRESS), now=NOW)
    orders = list(Order.objects.filter(trade=placed.trade_id).order_by("starts_at"))
    assert [(o.kind, o.starts_at) for o in orders] == [("slot", STARTS), ("slot", LATER), ("ship", None)]
    assert orders[2].address["city"] == ADDRESS["city"] and orders[0].address == {}
    assert orders[0].terms["cancellation"] and "ship_within_hours" not in orders[0].terms
    assert sum(order.amount for order in orders) == total == 9_900 + 2 * 10_000
    line = Line.objects.get(order=orders[0])
    assert (line.choice["hour"], line.parts) == (STARTS.hour, [{"code": "hour", "amount": 10_000, "facts": {}}])
    assert [what for what, _ in slots.told] == ["placed"] and free_at(teaching.pk, STARTS) == 0


def test_nothing_is_brought_so_no_address_is_asked(slots: SlotKind, bo: Shop, guest_actor: Actor) -> None:
    teaching, tea = hour_of(bo), variant_of(product_of(bo.merchant))
    open_hours(teaching, STARTS)
    no = refused(checkout(guest_actor, hour(teaching), Wish(tea.pk, 1), total=19_900))
    assert {each.field for each in no.every()} >= {"address.name", "address.line"}
    place_order(checkout(guest_actor, hour(teaching), total=10_000), now=NOW)


@pytest.mark.parametrize(
    ("choice", "code", "field"),
    [
        ("", "bad_value", "lines.0.choice.day"),
        ('{"day": "2026-13-01", "hour": 1}', "bad_value", "lines.0.choice.day"),
        ('{"day": "2026-12-01", "hour": 9, "planet": "x"}', "bad_value", "lines.0.choice.planet"),
        ("[]", "bad_value", "lines.0.choice"),
        ("{", "bad_value", "lines.0.choice"),
        ('{"day": "2026-01-01", "hour": 9}', "slot_past", "lines.0.choice.hour"),
        ('{"day": "2026-12-01", "hour": 9}', "not_free", "lines.0.choice"),
    ],
)
def test_a_choice_that_cannot_be_had(
    slots: SlotKind, bo: Shop, guest_actor: Actor, choice: str, code: str, field: str
) -> None:
    no = refused(checkout(guest_actor, Wish(hour_of(bo).pk, 1, choice=choice), total=10_000))
    assert (no.code.name, no.field) == (code, field)
    assert slots.told == []


def test_goods_have_nothing_to_configure(slots: SlotKind, bo: Shop, guest_actor: Actor) -> None:
    tea = variant_of(product_of(bo.merchant))
    no = refused(checkout(guest_actor, Wish(tea.pk, 1, choice='{"hour": 9}'), total=9_900, address=ADDRESS))
    assert (no.code.name, no.field) == ("no_choice", "lines.0.choice")


def test_two_for_one_hour_in_one_batch(slots: SlotKind, bo: Shop, ann_actor: Actor, guest_actor: Actor) -> None:
    teaching = hour_of(bo)
    open_hours(teaching, STARTS, capacity=3)
    both = [checkout(actor, hour(teaching, quantity=2), total=20_000) for actor in (ann_actor, guest_actor)]
    first, second = place_orders(both, now=NOW)
    assert not isinstance(first, Refusal)
    assert isinstance(second, Refusal) and (second.code.name, second.facts["left"]) == ("stock_short", 1)
    assert free_at(teaching.pk, STARTS) == 1


def test_details_are_sealed_and_must_fit(
    slots: SlotKind, bo: Shop, guest_actor: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(SlotKind, "details_model", Word)
    teaching = hour_of(bo)
    open_hours(teaching, STARTS)
    no = refused(checkout(guest_actor, hour(teaching), total=10_000))
    assert (no.code.name, no.field) == ("bad_value", "lines.0.details.word")
    placed = place_order(checkout(guest_actor, hour(teaching, details='{"word": "门在左边"}'), total=10_000), now=NOW)
    line = Line.objects.get(order__trade=placed.trade_id)
    assert "门" not in line.sealed and details_of(line) == {"word": "门在左边"}


def test_what_was_not_paid_is_free_again(slots: SlotKind, bo: Shop, guest_actor: Actor) -> None:
    teaching = hour_of(bo)
    open_hours(teaching, STARTS)
    placed = place_order(checkout(guest_actor, hour(teaching), total=10_000), now=NOW)
    expire_trades(now=NOW + timedelta(minutes=16))
    assert Trade.objects.get(pk=placed.trade_id).state == "cancelled"
    assert [what for what, _ in slots.told] == ["placed", "freed:expire"] and free_at(teaching.pk, STARTS) == 1


def test_late_money_takes_the_hour_again(slots: SlotKind, bo: Shop, guest_actor: Actor) -> None:
    teaching = hour_of(bo)
    open_hours(teaching, STARTS)
    trade = Trade.objects.get(pk=place_order(checkout(guest_actor, hour(teaching), total=10_000), now=NOW).trade_id)
    expire_trades(now=NOW + timedelta(minutes=16))
    pay(trade, now=NOW + timedelta(minutes=17))
    assert [what for what, _ in slots.told] == ["placed", "freed:expire", "placed", "paid"]
    assert free_at(teaching.pk, STARTS) == 0 and Order.objects.get(trade=trade).state == "paid"


def test_a_kind_that_cannot_write_spoils_its_own_order_only(
    slots: SlotKind, bo: Shop, ann_actor: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise IntegrityError("the second lock")

    monkeypatch.setattr(SlotKind, "placed", refuse)
    teaching = hour_of(bo)
    open_hours(teaching, STARTS)
    with pytest.raises(IntegrityError):
        place_order(checkout(ann_actor, hour(teaching), total=10_000), now=NOW)
    assert not Trade.objects.exists() and free_at(teaching.pk, STARTS) == 1
    assert not ProcrastinateJob.objects.exists()


def test_the_same_key_with_another_choice(slots: SlotKind, bo: Shop, ann_actor: Actor) -> None:
    teaching = hour_of(bo)
    open_hours(teaching, STARTS, LATER)
    first = checkout(ann_actor, hour(teaching), total=10_000)
    once = place_order(first, now=NOW)
    assert place_order(first, now=NOW).trade_id == once.trade_id
    no = refused(replace(first, wishes=(hour(teaching, LATER),)))
    assert no.code.name == "request_key_reused"
