"""The loop: every clock is looked after, and trouble stays where it is."""

import threading
import time
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from tests.bought import paid
from tests.cast import NOW, Shop, product_of
from wanku.access.actor import Actor
from wanku.flows.fulfilling.ship_order import ship_order
from wanku.jobs import sweeper
from wanku.jobs.sweeper import Watch, run, sweep_once
from wanku.jobs.sweeps import Lane, Sweep, sweeps
from wanku.orders.models import Order
from wanku.runner.states import machines


class Work:
    """A sweep that does what it is told."""

    def __init__(self, *answers: int | Exception) -> None:
        self.answers = list(answers)
        self.calls = 0

    def __call__(self, *, now: datetime, limit: int) -> int:
        self.calls += 1
        answer = self.answers.pop(0) if self.answers else 0
        if isinstance(answer, Exception):
            raise answer
        return answer


class Time:
    """A monotonic clock in the test's hands."""

    def __init__(self) -> None:
        self.at = 100.0

    def __call__(self) -> float:
        return self.at


def watch(work: Work, *, limit: int = 10, wait: float = 5.0) -> Watch:
    """A sweep under observation."""
    return Watch(Sweep("work", work, Lane.CLOCKS, limit, wait))


def test_a_full_batch_is_followed_at_once_and_an_empty_one_by_a_wait() -> None:
    work, clock = Work(10, 10, 3), Time()
    watched = [watch(work)]
    for _ in range(5):
        sweep_once(watched, NOW, clock)
    assert work.calls == 3
    clock.at += 4.9
    sweep_once(watched, NOW, clock)
    assert work.calls == 3
    clock.at += 0.1
    sweep_once(watched, NOW, clock)
    assert work.calls == 4
    assert watched[0].report() == "work 23 in 0.00 s"
    assert watched[0].report() == ""


def test_a_sweep_in_trouble_waits_longer_and_harms_no_other(caplog: pytest.LogCaptureFixture, db: None) -> None:
    bad, good, clock = Work(*[RuntimeError("broken")] * 9), Work(), Time()
    watched = [watch(bad), watch(good, wait=1.0)]
    for second in range(64):
        clock.at = 100.0 + second
        sweep_once(watched, NOW, clock)
    assert bad.calls == 7, "after 0, 1, 3, 7, 15, 31 and 63 seconds"
    assert good.calls == 64
    assert "sweep work failed" in caplog.text
    assert "7 failed" in watched[0].report()


def test_it_recovers() -> None:
    work, clock = Work(RuntimeError("broken"), 10, 0), Time()
    watched = [watch(work)]
    sweep_once(watched, NOW, clock)
    clock.at += 1.0
    sweep_once(watched, NOW, clock)
    sweep_once(watched, NOW, clock)
    assert (work.calls, watched[0].failures) == (3, 0)


def test_slow_mail_does_not_hold_up_the_clocks(monkeypatch: pytest.MonkeyPatch) -> None:
    hold, clocks = threading.Event(), Work()

    def slow(*, now: datetime, limit: int) -> int:
        hold.wait(5)
        return 0

    both = (Sweep("slow", slow, Lane.MAIL, 1, 0.05), Sweep("clocks", clocks, Lane.CLOCKS, 1, 0.05))
    monkeypatch.setattr(sweeper, "sweeps", lambda: both)
    stop = threading.Event()
    thread = threading.Thread(target=run, args=(stop,))
    thread.start()
    deadline = time.monotonic() + 5
    while clocks.calls < 3 and time.monotonic() < deadline:
        time.sleep(0.02)
    stop.set()
    assert clocks.calls >= 3
    assert thread.is_alive(), "what is under way is finished first"
    hold.set()
    thread.join(5)
    assert not thread.is_alive()


@pytest.mark.django_db(transaction=True)
def test_the_real_ones_side_by_side(ann_actor: Actor, bo: Shop, settings: Any) -> None:
    """Two sweepers with everything, against orders whose clocks ran out long ago."""
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    now = timezone.now()
    long_ago = now - timedelta(days=40)
    orders = []
    for number in range(6):
        order = paid(ann_actor, (product_of(bo.merchant), 1), now=long_ago)[0]
        if number % 2:
            tracking = f"SF{number:013}"
            ship_order(order.pk, pieces=None, carrier="sf", tracking=tracking, actor=bo.actor, now=long_ago)
        orders.append(order)
    stop = threading.Event()
    threads = [threading.Thread(target=run, args=(stop,)) for _ in range(2)]
    for thread in threads:
        thread.start()
    try:
        deadline = time.monotonic() + 20
        waiting = Order.objects.filter(due_at__lte=now)
        while waiting.exists() and time.monotonic() < deadline:
            time.sleep(0.1)
    finally:
        stop.set()
        for thread in threads:
            thread.join(10)
    states = [Order.objects.get(pk=order.pk).state for order in orders]
    assert states == ["paid", "completed"] * 3
    assert Order.objects.filter(state="paid", late_since=None).count() == 0


def test_every_clock_of_a_table_of_states_has_a_sweep() -> None:
    """Invariant I11 from the other side: each outcome of silence is brought about by something that runs."""
    swept = {
        "trade": {"expire"},
        "order": {"expire", "late", "receive"},
        "attempt": {"ask"},
        "refund": {"send", "ask", "retry", "remind"},
        "merchant": {"overdue"},
        "room_ticket": {"lapse"},
        "freeze": {"remind"},
        "invoice": {"overdue", "ask"},
        "window": {"release"},
        "settlement": {"remind"},
        "payout": {"remind", "send", "ask"},
        "bank_transfer": {"remind"},
        "bill": {"ask", "match"},
        "departure": {"miss"},
        "finance_case": {"disappoint", "remind", "lapse"},
    }
    silences = {m.name: {w.silence for w in m.waiting.values()} for m in machines() if m.waiting}
    assert silences == swept
    by_clock = {
        "expire_trades",
        "late_due",
        "receive_due",
        "ask_due_attempts",
        "send_due_refunds",
        "overdue_applications",
        "lapse_tickets",
        "remind_freezes",
        "remind_invoices",
        "send_due_invoices",
        "release_due",
        "remind_payouts",
        "send_due_payouts",
        "remind_transfers",
        "reconcile_due",
        "decide_departures",
        "remind_cases",
    }
    assert by_clock <= {sweep.name for sweep in sweeps()}


def test_the_sandbox_is_swept_only_where_there_is_one(settings: Any) -> None:
    assert {"deliver_due", "move_parcels"} <= {sweep.name for sweep in sweeps()}
    settings.EXTRA_SWEEPS = []
    assert not {"deliver_due", "move_parcels"} & {sweep.name for sweep in sweeps()}


def test_once_goes_on_until_nothing_is_left(monkeypatch: pytest.MonkeyPatch, db: None) -> None:
    full, bad = Work(10, 10, 4, 9), Work(RuntimeError("broken"), 10)
    both = (Sweep("full", full, Lane.CLOCKS, 10, 1.0), Sweep("bad", bad, Lane.MAIL, 10, 1.0))
    monkeypatch.setattr(sweeper, "sweeps", lambda: both)
    first, second = sweeper.once(NOW)
    assert (full.calls, first.done, first.failures) == (3, 24, 0)
    assert (bad.calls, second.failures) == (1, 1)
