"""The clock of attempts: a notice that never comes is replaced by asking."""

from datetime import timedelta
from functools import partial
from typing import Any

import pytest

from tests.at_once import at_once
from tests.bank import Bank
from tests.bought import opened, placed
from tests.cast import NOW, Shop, product_of
from tests.sale import Sale
from wanku.access.actor import Actor
from wanku.audit.models import Move
from wanku.flows.paying.ask_due_attempts import SILENCES_MAX, ask_due_attempts
from wanku.orders.models import Trade
from wanku.payments.channel import ChannelDown, ChannelResult, ChannelState, Known
from wanku.payments.gateways import GATEWAYS
from wanku.payments.models import Attempt

pytestmark = pytest.mark.django_db
DUE = NOW + timedelta(seconds=31)


class Channel:
    """A channel that says what the test wants, and remembers what it was asked."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.says: dict[str, Any] = {}

    def query(self, known: Known) -> ChannelResult:
        """Paid, unless the test says otherwise."""
        number = known.number
        self.asked.append(number)
        said = self.says.get(number)
        if isinstance(said, Exception):
            raise said
        amount = Attempt.objects.get(number=number).amount
        return ChannelResult("sandbox", number, ChannelState.CAPTURED, said or amount, "CNY", "R")


@pytest.fixture
def channel(monkeypatch: pytest.MonkeyPatch) -> Channel:
    """In the place of the sandbox."""
    channel = Channel()
    monkeypatch.setitem(GATEWAYS, "sandbox", channel)  # all that is asked of it here
    return channel


def test_never_told_is_settled_by_asking(bank: Bank, sale: Sale) -> None:
    attempt = sale.attempt()
    bank.pay(attempt.pay_url, attempt.number, NOW, choice="never")
    assert sale.trade.state == "placed"
    assert ask_due_attempts(now=DUE, limit=10) == 1
    assert sale.trade.state == "paid"


def test_one_that_does_not_fit_stops_no_other(
    channel: Channel, ann_actor: Actor, bo: Shop, caplog: pytest.LogCaptureFixture
) -> None:
    tea = product_of(bo.merchant)
    wrong, broken, good = (opened(placed(ann_actor, (tea, 1))) for _ in range(3))
    channel.says = {wrong.number: 1, broken.number: RuntimeError("broken")}
    assert ask_due_attempts(now=DUE, limit=10) == 3
    states = [Trade.objects.get(pk=a.trade_id).state for a in (wrong, broken, good)]
    assert states == ["placed", "placed", "paid"]
    assert "does not fit" in caplog.text and "could not be settled" in caplog.text
    assert ask_due_attempts(now=DUE, limit=10) == 0, "their next clocks are set: not again at once"
    for attempt in (wrong, broken):
        attempt.refresh_from_db()
        assert (attempt.state, attempt.asked, attempt.due_at) == ("pending", 1, DUE + timedelta(seconds=30))


def test_a_silent_channel_is_left_alone_for_the_turn(channel: Channel, ann_actor: Actor, bo: Shop) -> None:
    tea = product_of(bo.merchant)
    attempts = [opened(placed(ann_actor, (tea, 1))) for _ in range(6)]
    channel.says = {attempt.number: ChannelDown("silence") for attempt in attempts}
    assert ask_due_attempts(now=DUE, limit=10) == 6
    assert len(channel.asked) == SILENCES_MAX
    channel.says = {}
    assert ask_due_attempts(now=DUE + timedelta(seconds=31), limit=10) == 6
    assert set(Trade.objects.values_list("state", flat=True)) == {"paid"}


@pytest.mark.django_db(transaction=True)
def test_several_sweepers_ask_each_attempt_once(channel: Channel, ann_actor: Actor, bo: Shop) -> None:
    tea = product_of(bo.merchant, stock=50)
    for _ in range(20):
        opened(placed(ann_actor, (tea, 1)))
    answers = at_once(*[partial(ask_due_attempts, now=DUE, limit=10)] * 4)
    assert sum(answer for answer in answers if isinstance(answer, int)) == 20, answers
    assert len(channel.asked) == 20 == len(set(channel.asked))
    assert Move.objects.filter(subject_type="attempt", event="capture").count() == 20
