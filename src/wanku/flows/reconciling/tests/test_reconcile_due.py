"""Each channel is asked for each day's bill until it is here; late bills are told of, none is forgotten."""

from datetime import timedelta

import pytest

from tests.billed import NEXT_MORNING, TODAY, Billed
from tests.cast import NOW
from wanku.audit.models import Move
from wanku.flows.reconciling import reconcile_due as module
from wanku.flows.reconciling.fetch_bill import fetch_bill
from wanku.flows.reconciling.reconcile_day import reconcile_day
from wanku.flows.reconciling.reconcile_due import reconcile_due
from wanku.flows.reconciling.tests.conftest import Pay
from wanku.payments.gateways import GATEWAYS
from wanku.reconciliation.models import Bill

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
READY = NOW.replace(hour=16) + 10 * HOUR
"""Ten in the morning of the 12th in Shanghai, when the bill of the 11th may be there."""
LATE = READY + 6 * HOUR


@pytest.fixture(autouse=True)
def _only_this_channel(channel: Billed, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in GATEWAYS if name != channel.name]:
        monkeypatch.delitem(GATEWAYS, name)


def events() -> list[str]:
    """What happened to bills, in order."""
    return list(Move.objects.filter(subject_type="bill").order_by("id").values_list("event", flat=True))


def test_waited_for_from_the_end_of_the_day_and_fetched_when_it_is_ready(channel: Billed, pay: Pay) -> None:
    pay()
    reconcile_due(now=READY - 9 * HOUR, limit=9)
    bill = Bill.objects.get()
    assert (bill.day, bill.state, bill.due_at) == (TODAY, "waited", READY)
    assert channel.calls == []
    assert reconcile_due(now=READY, limit=9) == 1
    assert events() == ["ask", "fetch", "match"]
    assert Bill.objects.get().state == "matched"
    assert reconcile_due(now=READY + HOUR, limit=9) == 0
    assert channel.calls == ["bill"]


def test_asked_again_while_it_is_not_there(channel: Billed, pay: Pay) -> None:
    pay()
    channel.late = True
    reconcile_due(now=READY, limit=9)
    bill = Bill.objects.get()
    assert (bill.state, bill.due_at) == ("waited", READY + HOUR / 2)
    channel.late = False
    reconcile_due(now=READY + HOUR / 2, limit=9)
    assert events() == ["ask", "ask", "fetch", "match"]


@pytest.mark.parametrize("problem", ["late", "down"])
def test_late(channel: Billed, pay: Pay, problem: str) -> None:
    pay()
    setattr(channel, problem, True)
    for now in (READY, LATE, LATE + HOUR, LATE + DAY):
        reconcile_due(now=now, limit=9)
    bill = Bill.objects.get(day=TODAY)
    told = Move.objects.filter(subject_id=str(bill.pk)).exclude(event="ask").order_by("id")
    assert (bill.state, list(told.values_list("event", flat=True))) == ("late", ["late", "remind"])
    setattr(channel, problem, False)
    reconcile_due(now=LATE + 2 * DAY, limit=9)
    assert Bill.objects.get(day=TODAY).state == "matched"


def test_nothing_billed_and_nothing_booked(channel: Billed, db: None) -> None:
    channel.late = True
    reconcile_due(now=READY, limit=9)
    reconcile_due(now=LATE, limit=9)
    bill = Bill.objects.get()
    assert (bill.state, bill.due_at, events()) == ("nothing", None, ["ask", "ask", "nothing"])


def test_a_silent_channel_is_no_proof_that_nothing_was_billed(channel: Billed, db: None) -> None:
    channel.down = True
    reconcile_due(now=READY, limit=9)
    reconcile_due(now=LATE, limit=9)
    assert Bill.objects.get().state == "late"


def test_days_that_were_left_out_are_made_up_for(channel: Billed, pay: Pay) -> None:
    pay()
    reconcile_due(now=READY, limit=9)
    reconcile_due(now=READY + 3 * DAY, limit=9)
    days = list(Bill.objects.order_by("day").values_list("day", "state"))
    assert days == [(TODAY + n * DAY, "matched") for n in range(4)]


def test_taken_up_after_a_crash(channel: Billed, pay: Pay) -> None:
    pay()
    fetch_bill("sandbox", TODAY, now=NEXT_MORNING)
    assert reconcile_due(now=NEXT_MORNING + HOUR, limit=9) == 1
    assert Bill.objects.get().state == "matched"


def test_a_channel_without_bills_is_not_waited_for(channel: Billed, db: None) -> None:
    channel.bills = False  # type: ignore[attr-defined]
    assert reconcile_due(now=READY, limit=9) == 0
    assert not Bill.objects.exists()


def test_one_in_trouble_does_not_hold_up_the_others(channel: Billed, pay: Pay, monkeypatch: pytest.MonkeyPatch) -> None:
    pay()
    other = Billed(name="other")
    monkeypatch.setitem(GATEWAYS, "other", other)

    def troubled(gateway: str, *args: object, **words: object) -> object:
        if gateway == "other":
            raise RuntimeError("trouble")
        return reconcile_day(gateway, *args, **words)  # type: ignore[arg-type]

    monkeypatch.setattr(module, "reconcile_day", troubled)
    assert reconcile_due(now=READY, limit=9) == 2
    assert dict(Bill.objects.values_list("gateway", "state")) == {"other": "waited", "sandbox": "matched"}
