"""Asking a channel because somebody waits for the answer."""

from datetime import timedelta

import pytest

from tests.cast import NOW
from tests.sale import Sale
from tests.scripted import Scripted
from wanku.flows.paying.ask_for_buyer import GAP, ask_for_buyer
from wanku.flows.paying.open_attempt import open_attempt
from wanku.payments.channel import ChannelDown, ChannelState
from wanku.payments.models import Attempt

pytestmark = pytest.mark.django_db


@pytest.fixture
def attempt(scripted: Scripted, sale: Sale) -> Attempt:
    opened = open_attempt(sale.placed.trade_id, gateway="scripted", method="one", actor=sale.actor, now=NOW)
    scripted.calls.clear()
    return opened


def test_the_answer_has_its_effect(scripted: Scripted, sale: Sale, attempt: Attempt) -> None:
    said = ask_for_buyer(attempt.pk, now=NOW)
    assert said is not None and said.state == ChannelState.PENDING
    scripted.states[attempt.number] = ChannelState.CAPTURED
    ask_for_buyer(attempt.pk, now=NOW + GAP)
    assert sale.trade.state == "paid"


def test_however_often_it_is_called_the_channel_is_asked_once_in_a_while(
    scripted: Scripted, sale: Sale, attempt: Attempt
) -> None:
    for seconds in (0, 0, 1):
        ask_for_buyer(attempt.pk, now=NOW + timedelta(seconds=seconds))
    assert scripted.calls == ["query"]
    assert ask_for_buyer(attempt.pk, now=NOW + timedelta(seconds=1)) is None
    assert ask_for_buyer(attempt.pk, now=NOW + GAP) is not None
    assert scripted.calls == ["query", "query"]


def test_what_is_decided_is_not_asked_about(scripted: Scripted, sale: Sale, attempt: Attempt) -> None:
    scripted.states[attempt.number] = ChannelState.CLOSED
    ask_for_buyer(attempt.pk, now=NOW)
    assert Attempt.objects.get().state == "closed"
    assert ask_for_buyer(attempt.pk, now=NOW + 2 * GAP) is None
    assert scripted.calls == ["query"] and sale.trade.state == "placed"


def test_why_the_last_card_did_not_pay_is_kept_while_it_is_open(
    scripted: Scripted, sale: Sale, attempt: Attempt
) -> None:
    scripted.failures[attempt.number] = "insufficient_funds"
    ask_for_buyer(attempt.pk, now=NOW)
    attempt.refresh_from_db()
    assert (attempt.state, attempt.failure) == ("pending", "insufficient_funds")
    del scripted.failures[attempt.number]
    ask_for_buyer(attempt.pk, now=NOW + GAP)
    attempt.refresh_from_db()
    assert attempt.failure == ""


def test_a_dead_channel_changes_nothing(scripted: Scripted, sale: Sale, attempt: Attempt) -> None:
    scripted.down.add("query")
    with pytest.raises(ChannelDown):
        ask_for_buyer(attempt.pk, now=NOW)
    assert Attempt.objects.get().state == "pending" and sale.trade.state == "placed"
