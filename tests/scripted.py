"""A channel that says what a test lets it say, and looks around while it is called."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

import pytest
from django.db import connection

from tests.at_once import at_once
from wanku.payments import gateways
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
    Place,
    RefundCall,
    RefundResult,
    RefundState,
    ShownAs,
)
from wanku.payments.fields import AccountField

LOCKS = """
SELECT count(*) FROM pg_locks l JOIN pg_stat_activity a ON a.pid = l.pid
WHERE a.datname = current_database() AND a.pid <> pg_backend_pid()
  AND (l.locktype IN ('tuple', 'advisory') OR l.mode IN ('RowShareLock', 'RowExclusiveLock'))
"""


@dataclass
class Scripted:
    """The channel ``scripted`` with the methods ``one`` and ``two``, in which nothing is paid unless the test says so.

    Attributes:
        states: of payments by number; what is not in it is unknown.
        paid: what was paid by number, where it differs from what was asked.
        failures: why the last card of a payment did not pay, by number.
        under_way: numbers of payments whose money is on its way.
        refunds: states of refunds by number.
        down: the calls that get no answer; `lost` are carried out first.
        during: called in the middle of every call.
        deciding: payments are being decided, so that nothing can be closed.
    """

    name: str = "scripted"
    heard: Heard = field(default_factory=Heard)
    fields: tuple[AccountField, ...] = ()
    states: dict[str, ChannelState] = field(default_factory=dict)
    paid: dict[str, tuple[int, str]] = field(default_factory=dict)
    failures: dict[str, str] = field(default_factory=dict)
    under_way: set[str] = field(default_factory=set)
    refunds: dict[str, RefundState] = field(default_factory=dict)
    sent: dict[str, int] = field(default_factory=dict)
    openings: list[Opening] = field(default_factory=list)
    calls: list[str] = field(default_factory=list)
    down: set[str] = field(default_factory=set)
    lost: set[str] = field(default_factory=set)
    during: Callable[[str], None] | None = None
    deciding: bool = False
    shown_as: ShownAs = ShownAs.QR
    value: str = ""
    next_refund: RefundState = RefundState.SUCCEEDED

    def methods(self) -> Mapping[str, Method]:
        """Two, the second only on phones."""
        return {"one": Method("One"), "two": Method("Two", places=frozenset({Place.PHONE}))}

    def open(self, opening: Opening) -> Opened:
        """Known from now on."""
        self.openings.append(opening)
        with_answer = self._call("open")
        self.states.setdefault(opening.number, ChannelState.PENDING)
        self.paid.setdefault(opening.number, (opening.amount, opening.currency))
        with_answer()
        return Opened(self.shown_as, self.value or f"scripted:{opening.number}")

    def query(self, known: Known) -> ChannelResult:
        """As the test set it."""
        self._call("query")()
        return self.result(known.number)

    def close(self, known: Known) -> ChannelResult:
        """What is open or unknown is closed."""
        with_answer = self._call("close")
        state = self.states.get(known.number, ChannelState.UNKNOWN)
        if state == ChannelState.UNKNOWN or (state == ChannelState.PENDING and not self.deciding):
            self.states[known.number] = ChannelState.CLOSED
        with_answer()
        return self.result(known.number)

    def refund(self, call: RefundCall) -> RefundResult:
        """The same number never pays twice."""
        with_answer = self._call("refund")
        if self.refunds.get(call.number) not in (RefundState.SUCCEEDED, RefundState.PROCESSING):
            self.refunds[call.number] = self.next_refund
            self.sent[call.number] = self.sent.get(call.number, 0) + 1
        with_answer()
        return self.refunded(call)

    def query_refund(self, call: RefundCall) -> RefundResult:
        """As it stands."""
        self._call("query_refund")()
        return self.refunded(call)

    def parse_notice(self, headers: Mapping[str, str], body: bytes, now: datetime) -> ChannelResult:
        """It sends none."""
        raise NoticeRefused("scripted")

    def bill(self, day: date) -> Iterable[BillRow]:
        """It has none."""
        raise NoBill(self.name)

    def result(self, number: str, event_id: str = "") -> ChannelResult:
        """What it says of a payment."""
        state = self.states.get(number, ChannelState.UNKNOWN)
        amount, currency = self.paid.get(number, (None, ""))
        return ChannelResult(
            self.name, number, state, amount, currency, f"S-{number}", self.failures.get(number, ""),
            event_id=event_id, under_way=number in self.under_way,
        )  # fmt: skip

    def refunded(self, call: RefundCall) -> RefundResult:
        """What it says of a refund."""
        state = self.refunds.get(call.number, RefundState.UNKNOWN)
        return RefundResult(call.number, state, f"R-{call.number}", "channel_says_no", self.name)

    def _call(self, name: str) -> Callable[[], None]:
        """Note the call; what is returned lets the answer out."""
        self.calls.append(name)
        if self.during is not None:
            self.during(name)
        if name in self.down:
            raise ChannelDown(name)

        def answer() -> None:
            if name in self.lost:
                raise ChannelDown(f"the answer to {name} is lost")

        return answer


@pytest.fixture
def scripted(monkeypatch: pytest.MonkeyPatch) -> Scripted:
    """The channel, among those of this installation."""
    channel = Scripted()
    monkeypatch.setitem(gateways.GATEWAYS, channel.name, channel)
    return channel


def locked_by_others() -> int:
    """How many rows and names other connections hold locked just now, counted on a connection of its own."""

    def count() -> int:
        with connection.cursor() as cursor:
            cursor.execute(LOCKS)
            return int(cursor.fetchone()[0])

    (answer,) = at_once(count)
    assert isinstance(answer, int), answer
    return answer
