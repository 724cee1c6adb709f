"""Licences under a crowd: never a code twice, never too few, and a paid order never meets an empty pool."""

import uuid
from collections import Counter
from datetime import timedelta
from functools import partial

import pytest

from tests.at_once import Meeting, at_once, locks_off
from tests.bought import opened, pay
from tests.cast import NOW, Shop
from wanku.access.actor import Actor
from wanku.flows.buying.expire_trades import expire_trades
from wanku.flows.buying.place_order import Checkout, Contact, place_order
from wanku.flows.licensing.activate_licence import activate_licence
from wanku.flows.licensing.show_codes import Proof, show_codes
from wanku.flows.licensing.tests.bought_licences import code_of, licences_of
from wanku.flows.offering.revoke_licence import revoke_licence
from wanku.flows.paying.settle_attempt import settle_attempt
from wanku.inventory import take
from wanku.kernel.refusal import Refusal
from wanku.kinds.issue import codes, grants
from wanku.kinds.issue.models import FREE, Grant, Licence, LicencePlan, Machine, Showing, Source
from wanku.kinds.issue.tests.selling import plan_of, supply
from wanku.orders.models import Order, Trade
from wanku.payments.channel import ChannelResult, ChannelState
from wanku.pricing.quote import Wish

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.fault]
BUYERS, WAVE = 100, 20
UNLOCKED_TAKE = grants.TAKE.replace("FOR NO KEY UPDATE SKIP LOCKED", "")
UNLOCKED_SUPPLIES = take.LOCK.replace("FOR NO KEY UPDATE", "")


def buy(plan: LicencePlan, number: int, quantity: int) -> uuid.UUID:
    """Place an order; the trade's id."""
    checkout = Checkout(
        actor=Actor(guest_key=uuid.UUID(int=number + 1)),
        key=f"licence-{number:08d}",
        wishes=(Wish(plan.pk, quantity),),
        contact=Contact("安", "13800138000"),
        address={},
        agreed_total=plan.variant.price * quantity,
    )
    return place_order(checkout, now=NOW).trade_id


def buy_and_pay(plan: LicencePlan, number: int, quantity: int) -> None:
    """As a buyer does who finds something left."""
    pay(Trade.objects.get(pk=buy(plan, number, quantity)), now=NOW)


def agrees(plan: LicencePlan) -> bool:
    """Whether the counter counts the codes in the pool."""
    row = supply(plan)
    in_pool = Licence.objects.filter(plan=plan, state=FREE).count()
    return row.free + row.held == in_pool and row.put_in == row.free + row.held + row.sold


def test_a_hundred_buyers_for_the_last_ten_codes_get_exactly_their_number(bo: Shop) -> None:
    plan = plan_of(bo.merchant, source=Source.POOL, stock=10)
    told: Counter[str] = Counter()
    for wave in range(0, BUYERS, WAVE):
        calls = [partial(buy_and_pay, plan, n, 1 + n % 3) for n in range(wave, wave + WAVE)]
        told.update(x.code.name if isinstance(x, Refusal) else type(x).__name__ for x in at_once(*calls))
    assert set(told) <= {"NoneType", "sold_out", "stock_short"}, told
    got = []
    for order in Order.objects.all():
        mine = [codes.opened(licence.sealed) for licence in licences_of(order)]
        assert len(mine) == len(set(mine)) == order.lines.get().quantity
        got += mine
    assert len(got) == len(set(got)) == 10, "everything is sold, nothing twice"
    assert agrees(plan) and supply(plan).free == 0 and supply(plan).sold == 10


def test_payments_at_the_same_moment_take_different_codes(bo: Shop) -> None:
    plan = plan_of(bo.merchant, source=Source.POOL, stock=12)
    trades = [Trade.objects.get(pk=buy(plan, n, 2)) for n in range(6)]
    answers = at_once(*[partial(pay, trade, now=NOW) for trade in trades])
    assert answers == [None] * 6
    assert Grant.objects.values("licence").distinct().count() == 12 == Grant.objects.count()
    assert agrees(plan)


def test_control_without_locks_two_payments_take_the_same_code(bo: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(grants, "TAKE", UNLOCKED_TAKE)
    monkeypatch.setattr(take, "LOCK", UNLOCKED_SUPPLIES)
    # The counter's own row would let one wait for the other.
    monkeypatch.setattr(take, "sell_held", lambda demand: None)
    Meeting().before(monkeypatch, "wanku.kinds.issue.grants._from_pool")
    plan = plan_of(bo.merchant, source=Source.POOL, stock=4)
    trades = [Trade.objects.get(pk=buy(plan, n, 2)) for n in range(2)]
    at_once(*[partial(pay, trade, now=NOW) for trade in trades])
    assert Grant.objects.count() == 4
    assert Grant.objects.values("licence").distinct().count() < 4, "nobody raced, so the tests above prove nothing"


def test_late_money_meets_a_code_or_goes_back(bo: Shop) -> None:
    """An order that ran out of time is taken again only if the pool still has codes for it."""
    plan = plan_of(bo.merchant, source=Source.POOL, stock=2)
    late = Trade.objects.get(pk=buy(plan, 0, 2))
    attempt = opened(late)
    expire_trades(now=NOW + timedelta(hours=1))
    assert agrees(plan) and supply(plan).free == 2
    buy_and_pay(plan, 7, 1)
    money = ChannelResult("sandbox", attempt.number, ChannelState.CAPTURED, attempt.amount, "CNY", "bank-1")
    assert settle_attempt(money, now=NOW) == "applied"
    assert Grant.objects.count() == 1 and agrees(plan)
    late.refresh_from_db()
    assert late.state == "cancelled"


def test_the_last_code_is_sold_or_taken_out(bo: Shop) -> None:
    plan = plan_of(bo.merchant, source=Source.POOL, stock=1)
    code = Licence.objects.get()
    take_out = partial(revoke_licence, code.pk, because="无效", actor=bo.actor, now=NOW)
    answers = at_once(partial(buy_and_pay, plan, 1, 1), take_out)
    refused = [answer for answer in answers if isinstance(answer, Exception)]
    # Whoever came first: the buyer's code may be ended afterwards, but a paid order always got one.
    assert all(isinstance(answer, Refusal) for answer in refused), refused
    assert Grant.objects.count() == Order.objects.filter(state="fulfilled").count()
    assert agrees(plan)


def devices(bo: Shop, ann_actor: Actor) -> list[object]:
    """Six devices at once for a licence of two."""
    _, code = code_of(ann_actor, bo.merchant, machines=2)
    calls = [partial(activate_licence, "bo", code, f"mac-{n}", now=NOW) for n in range(6)]
    return [answer.code.name if isinstance(answer, Refusal) else answer for answer in at_once(*calls)]


def test_devices_never_exceed_the_licence(bo: Shop, ann_actor: Actor) -> None:
    assert devices(bo, ann_actor).count("machines_full") == 4
    assert Machine.objects.filter(released_at=None).count() == 2


def test_control_without_the_lock_devices_exceed_it(
    bo: Shop, ann_actor: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    locks_off(monkeypatch)
    Meeting(3).before(monkeypatch, "wanku.flows.licensing.activate_licence._begin")
    devices(bo, ann_actor)
    assert Machine.objects.filter(released_at=None).count() > 2, "nobody raced"


def seen(bo: Shop, ann_actor: Actor) -> list[object]:
    """Two readers of the same order at the same moment."""
    licence, _ = code_of(ann_actor, bo.merchant)
    order_id = licence.order_id
    assert order_id is not None
    call = partial(show_codes, order_id, proof=Proof(), source="", actor=ann_actor, now=NOW)
    return [answer.code.name if isinstance(answer, Refusal) else "shown" for answer in at_once(call, call)]


def test_codes_are_shown_once_without_a_proof(bo: Shop, ann_actor: Actor) -> None:
    assert sorted(map(str, seen(bo, ann_actor))) == ["prove_again", "shown"]
    assert Showing.objects.count() == 1


def test_control_without_the_lock_they_are_shown_twice(
    bo: Shop, ann_actor: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    locks_off(monkeypatch)
    Meeting().before(monkeypatch, "wanku.flows.licensing.show_codes.Signer")
    assert seen(bo, ann_actor) == ["shown", "shown"], "nobody raced"
