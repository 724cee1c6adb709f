"""A payment channel that keeps books of its own and writes daily bills of them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta

import pytest

from tests.bought import opened
from tests.cast import NOW
from wanku.flows.paying.settle_attempt import settle_attempt
from wanku.orders.models import Trade
from wanku.payments.channel import (
    BillRow,
    ChannelDown,
    ChannelResult,
    ChannelState,
    Heard,
    Known,
    Method,
    NoBill,
    NoticeRefused,
    Opened,
    Opening,
    RefundCall,
    RefundResult,
    RefundState,
    ShownAs,
)
from wanku.payments.fields import AccountField
from wanku.payments.gateways import GATEWAYS
from wanku.payments.models import Attempt
from wanku.reconciliation.days import day_of

TODAY = date(2026, 11, 11)
"""The day of `NOW` in China."""
NEXT_MORNING = NOW + timedelta(hours=24)


@dataclass
class Billed:
    """A channel in memory; what it paid and paid back is in its bill of that day.

    Attributes:
        fee_bp: what it charges for a payment, in hundredths of a percent.
        down: it answers nothing.
        late: it has no bills yet.
        refuses: refunds fail.
        calls: what it was asked, in order.
    """

    name: str = "sandbox"
    heard: Heard = field(default_factory=Heard)
    fee_bp: int = 60
    down: bool = False
    late: bool = False
    refuses: bool = False
    rows: list[BillRow] = field(default_factory=list)
    calls: list[str] = field(default_factory=list)
    now: datetime = NOW
    fields: Sequence[AccountField] = ()

    def methods(self) -> Mapping[str, Method]:
        """One."""
        return {"page": Method("Billed")}

    def open(self, opening: Opening) -> Opened:
        """Anywhere."""
        return Opened(ShownAs.REDIRECT, "https://bank.example/")

    def paid(self, attempt: Attempt, *, at: datetime = NOW, amount: int | None = None, currency: str = "") -> BillRow:
        """A buyer pays there; we hear nothing of it yet."""
        amount = attempt.amount if amount is None else amount
        fee = amount * self.fee_bp // 10_000
        row = BillRow(
            "payment", attempt.number, f"R{attempt.number}", amount, fee, currency or attempt.currency, at
        )  # fmt: skip
        self.rows.append(row)
        return row

    def result(self, number: str) -> ChannelResult:
        """What it says of a payment."""
        for row in self.rows:
            if (row.kind, row.number) == ("payment", number):
                state = ChannelState.CAPTURED
                return ChannelResult(self.name, number, state, row.amount, row.currency, row.channel_ref)
        return ChannelResult(self.name, number, ChannelState.UNKNOWN)

    def query(self, known: Known) -> ChannelResult:
        """As its books say."""
        self._ask("query")
        return self.result(known.number)

    def close(self, known: Known) -> ChannelResult:
        """Closed unless paid."""
        self._ask("close")
        found = self.result(known.number)
        return found if found.state == ChannelState.CAPTURED else replace(found, state=ChannelState.CLOSED)

    def refund(self, call: RefundCall) -> RefundResult:
        """At once, once for each number."""
        self._ask("refund")
        if self.refuses:
            return RefundResult(call.number, RefundState.FAILED, failure="NOT_ENOUGH", gateway=self.name)
        if self._refunded(call.number) is None:
            self.rows.append(BillRow("refund", call.number, f"R{call.number}", call.amount, 0, call.currency, self.now))
        return self._refund_result(call.number)

    def query_refund(self, call: RefundCall) -> RefundResult:
        """As its books say."""
        self._ask("query_refund")
        return self._refund_result(call.number)

    def parse_notice(self, headers: Mapping[str, str], body: bytes, now: datetime) -> ChannelResult | RefundResult:
        """It sends none."""
        raise NoticeRefused("none")

    def bill(self, day: date) -> Iterable[BillRow]:
        """The rows of a day."""
        self._ask("bill")
        if self.late:
            raise NoBill(self.name)
        return [row for row in self.rows if day_of(self.name, row.at) == day]

    def change(self, number: str, /, **fields: object) -> None:
        """Write one row otherwise from now on."""
        self.rows = [replace(row, **fields) if row.number == number else row for row in self.rows]  # type: ignore[arg-type]

    def forget(self, number: str) -> None:
        """Leave one row out from now on."""
        self.rows = [row for row in self.rows if row.number != number]

    def _ask(self, what: str) -> None:
        self.calls.append(what)
        if self.down:
            raise ChannelDown(self.name)

    def _refunded(self, number: str) -> BillRow | None:
        return next((row for row in self.rows if (row.kind, row.number) == ("refund", number)), None)

    def _refund_result(self, number: str) -> RefundResult:
        row = self._refunded(number)
        if row is None:
            return RefundResult(number, RefundState.UNKNOWN, gateway=self.name)
        return RefundResult(number, RefundState.SUCCEEDED, row.channel_ref, gateway=self.name, amount=row.amount)


@pytest.fixture
def channel(monkeypatch: pytest.MonkeyPatch) -> Billed:
    """In place of the sandbox bank."""
    billed = Billed()
    monkeypatch.setitem(GATEWAYS, billed.name, billed)
    return billed


def pay_there(channel: Billed, trade: Trade, *, at: datetime = NOW, booked: datetime | None = None) -> Attempt:
    """Pay a trade at the channel, and hear of it (``booked``, else at the same moment)."""
    attempt = opened(trade, now=at)
    channel.paid(attempt, at=at)
    assert settle_attempt(channel.result(attempt.number), now=booked or at) == "applied"
    return Attempt.objects.get(pk=attempt.pk)
