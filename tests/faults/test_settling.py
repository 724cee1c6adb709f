"""Captures and clocks under pressure: through the gather, in opposite orders, side by side. Controls show each race."""

import re
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import httpx
import pytest
from django.db import OperationalError, connection

from tests.at_once import Meeting, at_once, locks_off
from tests.bought import opened, placed
from tests.cast import NOW, Shop, product_of, supply_of, variant_of
from tests.sale import notice
from tests.served import FRONT, served
from wanku.access.actor import Actor
from wanku.audit.models import Move
from wanku.flows.buying import _cancel, expire_trades
from wanku.flows.fulfilling._due import PUT_OFF
from wanku.flows.paying import _sql, settle_attempt
from wanku.inventory import take
from wanku.kernel.refusal import Refusal
from wanku.ledger.models import Entry
from wanku.orders.models import Trade
from wanku.payments.channel import ChannelResult, ChannelState
from wanku.payments.gateways.sandbox.signing import HEADER, sign
from wanku.payments.models import Attempt, ChannelEvent, Refund

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.fault]
LATE = NOW + timedelta(minutes=16)
both = pytest.mark.parametrize("locked", [True, False], ids=["locked", "control: locks off"])
settle = partial(settle_attempt.settle_attempt, now=NOW)
expire = partial(expire_trades.expire_trades, now=LATE)


@pytest.fixture
def gather() -> Iterator[None]:
    """The process serves."""
    settle_attempt.GATHERED.open()
    yield
    settle_attempt.GATHERED.close()


def said(attempt: Attempt, event_id: str = "") -> ChannelResult:
    """The channel's word that an attempt was paid."""
    state, amount = ChannelState.CAPTURED, attempt.amount
    return ChannelResult("sandbox", attempt.number, state, amount, "CNY", f"R-{attempt.pk}", event_id=event_id)


def words(answers: Sequence[Any]) -> Counter[str]:
    """Outcomes by name; an error that nobody expects fails the test."""
    for answer in answers:
        if isinstance(answer, Exception) and not isinstance(answer, Refusal):
            raise answer
    return Counter(answer.code.name if isinstance(answer, Refusal) else answer for answer in answers)


def unlocked(monkeypatch: pytest.MonkeyPatch) -> None:
    """Captures and cancellations read trades, attempts and orders instead of locking them."""
    locks_off(monkeypatch)
    for module, names in ((_sql, ("LOCK_TRADES", "LOCK_ATTEMPTS", "LOCK_ORDERS")), (_cancel, ("LOCK_ORDERS",))):
        for name in names:
            monkeypatch.setattr(module, name, re.sub(r"FOR NO KEY UPDATE( OF \w+)?", "", getattr(module, name)))


def test_a_hundred_notices_through_the_gather_have_one_effect(gather: None, ann_actor: Actor, bo: Shop) -> None:
    attempt = opened(placed(ann_actor, (product_of(bo.merchant), 1)))
    calls = [partial(settle, said(attempt, f"E{n % 3}")) for n in range(100)]
    assert words(at_once(*calls)) == {"applied": 1, "repeated": 99}
    assert Trade.objects.get().state == "paid"
    assert (Entry.objects.count(), ChannelEvent.objects.count()) == (1, 3) and not Refund.objects.exists()


def test_many_payments_share_commits_and_each_hears_its_own(
    gather: None, ann_actor: Actor, bo: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    tea = product_of(bo.merchant, stock=50)
    attempts = [opened(placed(ann_actor, (tea, 1))) for _ in range(30)]
    sizes: list[int] = []
    real = settle_attempt.settle_attempts

    def counted(results: Sequence[ChannelResult], **words: Any) -> Any:
        sizes.append(len(results))
        return real(results, **words)

    monkeypatch.setattr(settle_attempt, "settle_attempts", counted)
    strangers = [ChannelResult("sandbox", f"no-{n}", ChannelState.CAPTURED, 1, "CNY") for n in range(5)]
    calls = [partial(settle, result) for result in [*map(said, attempts), *strangers]]
    assert words(at_once(*calls)) == {"applied": 30, "unknown_payment": 5}
    assert len(sizes) < 35, "nobody shared a commit"
    assert supply_of(variant_of(tea)).sold == 30 == Entry.objects.count()


def test_a_poison_notice_fails_alone(gather: None, ann_actor: Actor, bo: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    """All arrive while a commit is under way, so that they are one batch."""
    tea = product_of(bo.merchant)
    attempts = [opened(placed(ann_actor, (tea, 1))) for _ in range(5)]
    poison = ChannelResult("sandbox", "\x00", ChannelState.CAPTURED, 1, "CNY", event_id="EP")
    busy, gathered = threading.Event(), threading.Event()
    sizes: list[int] = []
    real = settle_attempt.settle_attempts

    def slow(results: Sequence[ChannelResult], **words: Any) -> Any:
        sizes.append(len(results))
        busy.set()
        gathered.wait(10)
        return real(results, **words)

    def rest() -> str:
        busy.wait(10)
        return ""

    def told(result: ChannelResult) -> str:
        rest()
        return settle(result)

    def release() -> str:
        rest()
        while len(settle_attempt.GATHERED._waiting) < 5:
            threading.Event().wait(0.01)
        gathered.set()
        return "released"

    monkeypatch.setattr(settle_attempt, "settle_attempts", slow)
    calls: list[Callable[[], str]] = [partial(settle, said(attempts[0])), release]
    calls += [partial(told, result) for result in [poison, *map(said, attempts[1:])]]
    assert words(at_once(*calls)) == {"applied": 5, "payment_not_booked": 1, "released": 1}
    assert sizes == [1, 5]
    assert set(Trade.objects.values_list("state", flat=True)) == {"paid"}


@both
def test_two_trades_with_opposite_supplies(
    locked: bool, ann_actor: Actor, bo: Shop, cy: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Captures lock supplies in id order. In the order of the lines they wait for each other for ever."""
    tea, bag = product_of(bo.merchant, stock=100), product_of(cy.merchant, stock=100)
    if not locked:
        meeting = Meeting()

        def lock_as_they_come(demand: take.Demand) -> None:
            ids = list(demand) if backwards.pop() else list(reversed(list(demand)))
            with connection.cursor() as cursor:
                for index, supply in enumerate(ids):
                    cursor.execute("SELECT FROM inventory_supply WHERE id = %s FOR NO KEY UPDATE", [supply])
                    if index == 0:
                        meeting.wait()

        backwards = [True, False]
        monkeypatch.setattr(take, "lock", lock_as_they_come)
        pair = [opened(placed(ann_actor, (tea, 1), (bag, 1))) for _ in range(2)]
        answers = at_once(*[partial(settle, said(attempt)) for attempt in pair])
        assert [type(answer) for answer in answers].count(OperationalError) == 1, "no deadlock, so nothing is proven"
        return
    things = [((tea, 1), (bag, 1)), ((bag, 1), (tea, 1))]
    attempts = [opened(placed(ann_actor, *things[n % 2])) for n in range(12)]
    pairs = [attempts[n : n + 2] for n in range(0, 12, 2)]
    batches = [[said(a) for a in (pair if n % 2 else pair[::-1])] for n, pair in enumerate(pairs)]
    done = at_once(*[partial(settle_attempt.settle_attempts, batch, now=NOW) for batch in batches])
    assert done == [["applied", "applied"]] * 6
    assert supply_of(variant_of(tea)).sold == 12 == supply_of(variant_of(bag)).sold


@both
def test_expiry_against_capture(locked: bool, ann_actor: Actor, bo: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever is first: the buyer's money keeps the goods. Without locks both find the trade unpaid, and act on it."""
    tea = product_of(bo.merchant)
    attempt = opened(placed(ann_actor, (tea, 1)))
    Attempt.objects.update(state="closed", due_at=None)
    other = placed(ann_actor, (tea, 2))
    Trade.objects.filter(pk=other.pk).update(due_at=LATE + timedelta(days=1))
    Meeting().before(monkeypatch, "wanku.inventory.take.lock")
    if not locked:
        unlocked(monkeypatch)
    answers = at_once(partial(settle, said(attempt)), partial(expire, limit=10))
    assert not [answer for answer in answers if isinstance(answer, Exception)], answers
    moves = Move.objects.filter(subject_type="trade", subject_id=str(attempt.trade_id))
    if not locked:
        assert moves.filter(from_state="placed").count() == 2, "nobody raced, so nothing is proven"
        return
    assert list(moves.exclude(event="place").values_list("event", flat=True).order_by("id")) in (
        ["pay"],
        ["expire", "revive"],
    )
    supply = supply_of(variant_of(tea))
    assert (supply.free, supply.held, supply.sold) == (7, 2, 1)
    assert Trade.objects.get(pk=attempt.trade_id).state == "paid" and Entry.objects.count() == 1


@both
def test_two_sweepers_share_the_work(locked: bool, ann_actor: Actor, bo: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    """Both are at work at the same moment, and nothing is done twice. Without locks both take the same trades."""
    tea = product_of(bo.merchant, stock=100)
    for _ in range(12):
        placed(ann_actor, (tea, 1))
    kept = placed(ann_actor, (tea, 50))
    Trade.objects.filter(pk=kept.pk).update(due_at=LATE + timedelta(days=1))
    meeting = Meeting()
    meeting.before(monkeypatch, "wanku.flows.buying.expire_trades.cancel_unpaid")
    if not locked:
        unlocked(monkeypatch)
    answers = at_once(*[partial(expire, limit=6)] * 2)
    expired = Move.objects.filter(subject_type="trade", event="expire")
    assert meeting.met
    assert answers == [6, 6]
    if not locked:
        assert expired.values("subject_id").distinct().count() < expired.count(), "nobody raced"
        return
    assert expired.count() == 12 == Trade.objects.filter(state="cancelled").count()
    assert (supply_of(variant_of(tea)).free, supply_of(variant_of(tea)).held) == (50, 50)


def test_a_trade_that_cannot_expire_is_put_off(ann_actor: Actor, bo: Shop, caplog: pytest.LogCaptureFixture) -> None:
    """Its supplies say that nothing is held for it: a fault of ours. Its neighbours expire, and it is left in peace."""
    tea, bag = product_of(bo.merchant, stock=20), product_of(bo.merchant, stock=20)
    good = [placed(ann_actor, (tea, 1)) for _ in range(4)]
    bad = placed(ann_actor, (bag, 1))
    supply = supply_of(variant_of(bag))
    supply.held, supply.free = 0, 20
    supply.save()
    assert expire(limit=10) == 4
    states = [Trade.objects.get(pk=trade.pk).state for trade in (*good, bad)]
    assert states == ["cancelled"] * 4 + ["placed"]
    assert Trade.objects.get(pk=bad.pk).due_at == LATE + PUT_OFF
    assert "put off" in caplog.text
    assert expire(limit=10) == 0, "not again at once"
    supply.held, supply.free = 1, 19
    supply.save()
    assert expire_trades.expire_trades(now=LATE + PUT_OFF, limit=10) == 1
    assert Trade.objects.get(pk=bad.pk).state == "cancelled"


@pytest.mark.slow
def test_kill_9_in_the_middle_of_notices_pays_each_once(ann_actor: Actor, bo: Shop) -> None:
    """What was acknowledged is stored (I6), and what was not is told again and has one effect (I7)."""
    tea = product_of(bo.merchant, stock=200)
    attempts = [opened(placed(ann_actor, (tea, 1))) for _ in range(120)]
    acknowledged: set[str] = set()
    with served(FRONT) as server:

        def tell(number: str, amount: int) -> None:
            body = notice(number, amount=amount, event_id=f"E-{number}")
            for _ in range(400):
                headers = {HEADER: sign(body, datetime.now(UTC)), "Content-Type": "application/json"}
                try:
                    answer = httpx.post(
                        f"{server.url}/hooks/payments/sandbox", content=body, headers=headers, timeout=30
                    )
                except httpx.HTTPError:
                    time.sleep(0.05)
                    continue
                if answer.status_code == 204:
                    acknowledged.add(number)
                    return
                time.sleep(0.05)

        def killer() -> None:
            while Entry.objects.count() < 20:
                time.sleep(0.005)
            server.kill()
            assert acknowledged <= set(Attempt.objects.filter(state="captured").values_list("number", flat=True))
            server.start()

        calls: list[Callable[[], None]] = [partial(tell, a.number, a.amount) for a in attempts]
        answers = at_once(killer, *calls)
    assert not [answer for answer in answers if isinstance(answer, Exception)], answers
    assert len(acknowledged) == 120 == Entry.objects.count() == ChannelEvent.objects.filter(outcome="applied").count()
    assert set(Trade.objects.values_list("state", flat=True)) == {"paid"} and not Refund.objects.exists()
    supply = supply_of(variant_of(tea))
    assert (supply.free, supply.held, supply.sold) == (80, 0, 120)
