"""Many at once: never over, never double. Each race has a control with the lock off that shows it."""

import re
import uuid
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import pytest
import time_machine
from django.test import Client

from tests.at_once import Meeting, at_once
from tests.bank import Bank
from tests.cast import ADDRESS, NOW, Shop, product_of, supply_of, variant_of
from wanku.access.actor import Actor
from wanku.catalog.models import Variant
from wanku.flows.buying import _sql
from wanku.flows.buying import place_orders as placing
from wanku.flows.buying.expire_trades import expire_trades
from wanku.flows.buying.place_order import Checkout, Contact, Placed, place_order
from wanku.flows.buying.withdraw_order import withdraw_order
from wanku.flows.paying import _sql as paying_sql
from wanku.flows.paying import settle_attempt as settling
from wanku.flows.paying._capture import Arrived, capture
from wanku.flows.paying.open_attempt import open_attempt
from wanku.flows.paying.send_refund import send_refund
from wanku.inventory import take
from wanku.kernel.refusal import Refusal
from wanku.ledger.models import Entry
from wanku.orders.models import Order, Trade
from wanku.payments.gateways.sandbox.signing import HEADER, sign
from wanku.payments.models import ChannelEvent, Refund
from wanku.pricing.quote import Wish
from wanku.sandbox.models import BankNotice

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.fault]
UNLOCKED = "SELECT id, free FROM inventory_supply WHERE id = ANY($1::bigint[]) ORDER BY id"


def checkout(variant: Variant, key: str, quantity: int = 1, actor: Actor | None = None) -> Checkout:
    return Checkout(
        actor=actor or Actor(guest_key=uuid.uuid4()),
        key=key,
        wishes=(Wish(variant.pk, quantity),),
        contact=Contact("安", "13800138000"),
        address=ADDRESS,
        agreed_total=variant.price * quantity,
    )


def rush(variant: Variant, buyers: int) -> Counter[str]:
    calls = [partial(place_order, checkout(variant, f"rush-{n:08d}"), now=NOW) for n in range(buyers)]
    return Counter(
        answer.code.name if isinstance(answer, Refusal) else type(answer).__name__ for answer in at_once(*calls)
    )


def test_the_last_pieces_are_sold_exactly(bo: Shop) -> None:
    variant = variant_of(product_of(bo.merchant, stock=7))
    assert rush(variant, 24) == {"Placed": 7, "sold_out": 17}
    supply = supply_of(variant)
    assert (supply.free, supply.held, Trade.objects.count()) == (0, 7, 7)


def test_control_without_the_lock_the_race_appears(bo: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    """With the lock off, buyers decide on the same numbers; only the CHECK in the database still holds them back."""
    monkeypatch.setattr(_sql, "LOCK_SUPPLIES", UNLOCKED)
    Meeting(8).before(monkeypatch, "wanku.flows.buying._sql.write")
    variant = variant_of(product_of(bo.merchant, stock=7))
    answers = rush(variant, 24)
    assert answers["IntegrityError"] > 0, "nobody raced, so the test above proves nothing"
    assert supply_of(variant).free >= 0


def test_one_key_in_flight_many_times_is_one_order(bo: Shop, guest_actor: Actor) -> None:
    variant = variant_of(product_of(bo.merchant))
    call = partial(place_order, checkout(variant, "same-key-1", actor=guest_actor), now=NOW)
    answers = at_once(*[call] * 12)
    assert all(isinstance(a, Placed) for a in answers), answers
    assert len({a.trade_id for a in answers if isinstance(a, Placed)}) == 1 == Trade.objects.count()
    assert supply_of(variant).held == 1


def test_control_without_a_second_look_the_race_of_keys_appears(
    bo: Shop, guest_actor: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Twins meet between looking for their key and writing it; only the database's own guard holds them back."""
    monkeypatch.setattr(placing, "AGAIN", ())
    monkeypatch.setattr(_sql, "LOCK_SUPPLIES", UNLOCKED)
    Meeting().before(monkeypatch, "wanku.flows.buying._sql.write")
    variant = variant_of(product_of(bo.merchant, stock=50))
    call = partial(place_order, checkout(variant, "same-key-1", actor=guest_actor), now=NOW)
    answers = at_once(*[call] * 12)
    assert any(type(a).__name__ == "IntegrityError" for a in answers), "nobody raced"
    assert Trade.objects.count() == 1


def test_carts_in_opposite_order_do_not_deadlock(bo: Shop) -> None:
    a, b = (variant_of(product_of(bo.merchant, stock=100)) for _ in range(2))

    def both(first: Variant, second: Variant, n: int) -> Callable[[], Placed]:
        wishes = (Wish(first.pk, 1), Wish(second.pk, 1))
        order = checkout(first, f"cross-{n:08d}")
        return partial(
            place_order,
            Checkout(order.actor, order.key, wishes, order.contact, ADDRESS, first.price + second.price),
            now=NOW,
        )

    answers = at_once(*[both(a, b, n) if n % 2 else both(b, a, n) for n in range(20)])
    assert all(isinstance(x, Placed) for x in answers), answers


def placed_and_opened(bank: Bank, bo: Shop, guest: Actor) -> tuple[uuid.UUID, str, str]:
    variant = variant_of(product_of(bo.merchant))
    placed = place_order(checkout(variant, "key-00000001", actor=guest), now=NOW)
    attempt = open_attempt(placed.trade_id, gateway="sandbox", method="page", actor=guest, now=NOW)
    bank.visit(attempt.pay_url)
    return placed.trade_id, attempt.number, attempt.pay_url


def notices(bank: Bank, number: str, monkeypatch: pytest.MonkeyPatch) -> bytes:
    from wanku.sandbox import bank as books

    books.answer(number, "paid", NOW)
    return BankNotice.objects.get().body.encode()


def hundred_notices(body: bytes, now: datetime) -> Counter[int]:
    def tell() -> int:
        headers = {HEADER: sign(body, now)}
        answer = Client(raise_request_exception=False).post(
            "/hooks/payments/sandbox", body, content_type="application/json", headers=headers
        )
        return answer.status_code

    outcomes = [outcome for _ in range(5) for outcome in at_once(*[tell] * 20)]
    return Counter(o if isinstance(o, int) else 0 for o in outcomes)


def test_the_same_notice_a_hundred_times_has_one_effect(
    bank: Bank, bo: Shop, guest_actor: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    with time_machine.travel(NOW, tick=False):
        trade_id, number, _ = placed_and_opened(bank, bo, guest_actor)
        body = notices(bank, number, monkeypatch)
        assert hundred_notices(body, NOW) == {204: 100}
    assert Trade.objects.get(pk=trade_id).state == "paid"
    assert Entry.objects.count() == 1 == ChannelEvent.objects.count() and not Refund.objects.exists()


def without_locks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Captures read what they would lock."""
    for name in ("LOCK_NOTICES", "LOCK_TRADES", "LOCK_ATTEMPTS", "LOCK_ORDERS"):
        statement = getattr(paying_sql, name)
        monkeypatch.setattr(paying_sql, name, re.sub(r"FOR NO KEY UPDATE( OF \w+)?", "", statement))
    monkeypatch.setattr(take, "LOCK", "SELECT id, free FROM inventory_supply WHERE id = ANY(%s) ORDER BY id")
    monkeypatch.setattr(paying_sql, "keep_notices", lambda results, now: {})


def test_control_without_locks_notices_race(
    bank: Bank, bo: Shop, guest_actor: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    without_locks(monkeypatch)
    effects: list[Any] = []
    meeting = Meeting()

    def counted(arrived: Sequence[Arrived], *args: Any) -> None:
        if arrived:
            effects.append(arrived)
            meeting.wait()
        capture(arrived, *args)

    monkeypatch.setattr(settling, "capture", counted)
    with time_machine.travel(NOW, tick=False):
        _, number, _ = placed_and_opened(bank, bo, guest_actor)
        body = notices(bank, number, monkeypatch)
        hundred_notices(body, NOW)
    assert len(effects) > 1, "nobody raced, so the test above proves nothing"
    assert Entry.objects.count() == 1, "the ledger's key still holds"


def test_expiry_and_payment_at_the_same_moment(bank: Bank, bo: Shop, guest_actor: Actor) -> None:
    late = NOW + timedelta(minutes=15, seconds=1)
    with time_machine.travel(NOW, tick=False):
        trade_id, number, pay_url = placed_and_opened(bank, bo, guest_actor)
        bank.pay(pay_url, number, NOW, choice="never")
        from wanku.flows.paying.ask_due_attempts import ask_due_attempts

        calls: list[Callable[[], int]] = [
            partial(expire_trades, now=late, limit=10),
            partial(ask_due_attempts, now=late, limit=10),
        ]
        outcomes = at_once(*calls * 3)
    assert not [o for o in outcomes if isinstance(o, BaseException)], outcomes
    trade = Trade.objects.get(pk=trade_id)
    assert trade.state == "paid" and Entry.objects.count() == 1
    assert Order.objects.get(trade=trade).state == "paid"


def test_withdrawn_twice_at_once_is_refunded_once(bank: Bank, bo: Shop, guest_actor: Actor) -> None:
    with time_machine.travel(NOW, tick=False):
        trade_id, number, pay_url = placed_and_opened(bank, bo, guest_actor)
        bank.pay(pay_url, number, NOW)
        order = Order.objects.get(trade_id=trade_id)
        call = partial(withdraw_order, order.pk, actor=guest_actor, because="x", now=NOW)
        answers = at_once(*[call] * 8)
        assert Counter(a.code.name if isinstance(a, Refusal) else "done" for a in answers) == {
            "done": 1,
            "wrong_state": 7,
        }
        refund = Refund.objects.get()
        sent = at_once(*[partial(send_refund, refund.pk, now=NOW)] * 8)
    assert not [o for o in sent if isinstance(o, BaseException)], sent
    refund.refresh_from_db()
    assert refund.state == "succeeded" and Entry.objects.filter(reason="refund").count() == 1
    assert bank.wire.calls.count("/sandbox/api/refund") == 1
