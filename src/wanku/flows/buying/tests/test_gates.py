"""Pieces per person and passes of the waiting room, as orders meet them: alone, in a batch, and on every way back."""

import uuid
from dataclasses import replace
from datetime import timedelta
from types import ModuleType
from typing import Any

import pytest

from tests.bought import pay, placed
from tests.cast import ADDRESS, NOW, Shop, product_of, supply_of, variant_of
from wanku.access.actor import Actor
from wanku.audit.models import Move
from wanku.catalog.models import Product
from wanku.flows.buying.cancel_trade import cancel_trade
from wanku.flows.buying.claim_trade import claim_trade
from wanku.flows.buying.expire_trades import expire_trades
from wanku.flows.buying.join_guest import join_guest
from wanku.flows.buying.place_order import Checkout, Contact, Placed, place_order
from wanku.flows.buying.place_orders import place_orders
from wanku.flows.buying.withdraw_order import withdraw_order
from wanku.flows.proving.prove_books import prove_books
from wanku.flows.queueing.join_room import join_room
from wanku.flows.queueing.tests.line import guest, people, queued, states
from wanku.kernel.refusal import Refusal
from wanku.orders import personal
from wanku.orders.models import Order, PersonalCount, Trade
from wanku.pricing.quote import Wish
from wanku.waiting_room import passes
from wanku.waiting_room.models import Ticket
from wanku.waiting_room.queries import forget

pytestmark = pytest.mark.django_db


def checkout(
    product: Product, actor: Actor, quantity: int = 1, *, key: str = "", phone: str = "", email: str = ""
) -> Checkout:
    variant = variant_of(product)
    if not phone and not email:
        phone = f"138{uuid.uuid4().int % 10**8:08d}"
    return Checkout(
        actor=actor,
        key=key or uuid.uuid4().hex,
        wishes=(Wish(variant.pk, quantity),),
        contact=Contact("安", phone, email),
        address=ADDRESS,
        agreed_total=variant.price * quantity,
    )


def refusal_of(checkout: Checkout) -> Refusal:
    """The refusal, after looking that nothing has happened."""
    before = everything()
    (answer,) = place_orders([checkout], now=NOW)
    assert isinstance(answer, Refusal), answer
    assert everything() == before
    return answer


def everything() -> tuple[Any, ...]:
    return (
        Trade.objects.count(),
        Move.objects.count(),
        sorted(PersonalCount.objects.values_list("product_id", "person_key", "pieces")),
        sorted(Ticket.objects.values_list("pk", "state")),
    )


def counts() -> dict[str, int]:
    return {key: n for key, n in PersonalCount.objects.values_list("person_key", "pieces") if n}


@pytest.fixture(autouse=True)
def _books_agree(db: None) -> Any:
    """Counters equal the orders after every test."""
    yield
    assert [dict(row) for check in prove_books() for row in check.rows if "counted" in row] == []


class TestPerPerson:
    def test_one_person_has_so_many_and_no_more(self, bo: Shop, ann_actor: Actor) -> None:
        product = product_of(bo.merchant, limit_per_person=2)
        assert isinstance(place_order(checkout(product, ann_actor), now=NOW), Placed)
        no = refusal_of(checkout(product, ann_actor, 2))
        assert (no.code.name, no.field) == ("limit_per_person", "lines.0.quantity")
        assert (no.facts["limit"], no.facts["left"]) == (2, 1)
        place_order(checkout(product, ann_actor), now=NOW)
        assert refusal_of(checkout(product, ann_actor)).facts["left"] == 0
        assert counts() == {f"person:{ann_actor.person_id}": 2}
        assert supply_of(variant_of(product)).held == 2

    def test_a_guest_is_browser_phone_and_mail(self, bo: Shop) -> None:
        product = product_of(bo.merchant, limit_per_person=1)
        place_order(checkout(product, guest(1), phone="138 0013 8000", email="Ann@example.com"), now=NOW)
        for again in (
            checkout(product, guest(1)),
            checkout(product, guest(2), phone="+8613800138000"),
            checkout(product, guest(3), email="ann@EXAMPLE.com"),
        ):
            assert refusal_of(again).code.name == "limit_per_person"
        place_order(checkout(product, guest(4), phone="13900139000", email="eve@example.com"), now=NOW)

    def test_lines_of_one_order_count_together(self, bo: Shop, ann_actor: Actor) -> None:
        product = product_of(bo.merchant, prices=(100, 200), limit_per_person=2)
        one, two = variant_of(product), variant_of(product, 1)
        wishes = (Wish(one.pk, 2), Wish(two.pk, 1))
        both = replace(checkout(product, ann_actor), wishes=wishes, agreed_total=400)
        no = refusal_of(both)
        assert (no.code.name, no.field, no.facts["left"]) == ("limit_per_person", "lines.1.quantity", 2)

    def test_a_batch_decides_in_order_of_arrival(self, bo: Shop, ann_actor: Actor) -> None:
        product = product_of(bo.merchant, limit_per_person=2)
        answers = place_orders([checkout(product, ann_actor) for _ in range(4)], now=NOW)
        told = [a.code.name if isinstance(a, Refusal) else "placed" for a in answers]
        assert told == ["placed", "placed", "limit_per_person", "limit_per_person"]
        assert counts() == {f"person:{ann_actor.person_id}": 2}

    def test_who_is_refused_for_another_reason_has_counted_nothing(self, bo: Shop, ann_actor: Actor) -> None:
        product = product_of(bo.merchant, stock=1, limit_per_person=5)
        assert refusal_of(checkout(product, ann_actor, 2)).code.name == "stock_short"
        assert refusal_of(replace(checkout(product, ann_actor), agreed_total=1)).code.name == "price_changed"

    def test_a_repeated_submission_counts_once(self, bo: Shop, ann_actor: Actor) -> None:
        product = product_of(bo.merchant, limit_per_person=1)
        same = checkout(product, ann_actor, key="one-key-0001")
        first = place_order(same, now=NOW)
        again = place_order(same, now=NOW)
        assert (again.trade_id, again.repeated) == (first.trade_id, True)
        assert counts() == {f"person:{ann_actor.person_id}": 1}

    def test_what_is_not_limited_is_not_counted(self, bo: Shop, ann_actor: Actor) -> None:
        place_order(checkout(product_of(bo.merchant), ann_actor, 5), now=NOW)
        assert PersonalCount.objects.count() == 0

    def test_pieces_count_from_when_the_limit_was_set(self, bo: Shop, ann_actor: Actor) -> None:
        product = product_of(bo.merchant)
        before = placed(ann_actor, (product, 3))
        product.limit_per_person = 1
        product.save()
        placed(ann_actor, (product, 1))
        cancel_trade(before.pk, actor=ann_actor, now=NOW)
        assert counts() == {f"person:{ann_actor.person_id}": 1}


class TestWaysBack:
    @pytest.fixture
    def product(self, bo: Shop) -> Product:
        return product_of(bo.merchant, limit_per_person=1)

    def test_cancelled(self, product: Product, guest_actor: Actor) -> None:
        trade = placed(guest_actor, (product, 1))
        assert len(counts()) == 3
        cancel_trade(trade.pk, actor=guest_actor, now=NOW)
        assert counts() == {}
        placed(guest_actor, (product, 1))

    def test_expired(self, product: Product, ann_actor: Actor) -> None:
        placed(ann_actor, (product, 1))
        later = NOW + timedelta(minutes=16)
        expire_trades(now=later, limit=10)
        assert counts() == {}
        placed(ann_actor, (product, 1), now=later)

    def test_closed_with_a_refund(self, product: Product, ann_actor: Actor) -> None:
        trade = placed(ann_actor, (product, 1))
        pay(trade)
        assert refusal_of(checkout(product, ann_actor)).code.name == "limit_per_person"
        withdraw_order(Order.objects.get(trade=trade).pk, actor=ann_actor, because="mind", now=NOW)
        assert counts() == {}

    def test_late_money_takes_the_pieces_again(self, product: Product, ann_actor: Actor) -> None:
        trade = placed(ann_actor, (product, 1))
        later = NOW + timedelta(minutes=16)
        expire_trades(now=later, limit=10)
        pay(trade, now=later)
        trade.refresh_from_db()
        assert trade.state == "paid"
        assert counts() == {f"person:{ann_actor.person_id}": 1}

    def test_late_money_goes_back_when_the_limit_is_used_meanwhile(self, product: Product, ann_actor: Actor) -> None:
        trade = placed(ann_actor, (product, 1))
        later = NOW + timedelta(minutes=16)
        expire_trades(now=later, limit=10)
        second = placed(ann_actor, (product, 1), now=later)
        pay(trade, now=later)
        trade.refresh_from_db()
        supply = supply_of(variant_of(product))
        assert trade.state == "cancelled"
        assert (supply.free, supply.held, supply.sold) == (9, 1, 0)
        assert counts() == {f"person:{ann_actor.person_id}": 1}
        pay(second, now=later)

    def test_a_guest_s_pieces_become_the_member_s(self, product: Product, guest_actor: Actor, ann_actor: Actor) -> None:
        placed(guest_actor, (product, 1))
        assert guest_actor.guest_key is not None
        join_guest(guest_actor.guest_key, actor=ann_actor, now=NOW)
        join_guest(guest_actor.guest_key, actor=ann_actor, now=NOW)
        assert counts()[f"person:{ann_actor.person_id}"] == 1
        assert refusal_of(checkout(product, ann_actor)).code.name == "limit_per_person"
        cancel_trade(Trade.objects.get().pk, actor=ann_actor, now=NOW)
        assert counts() == {}

    def test_a_claimed_order_counts_for_who_claimed_it(
        self, product: Product, guest_actor: Actor, ann_actor: Actor
    ) -> None:
        trade = placed(guest_actor, (product, 1))
        claim_trade(trade.number, trade.contact_email, source="x", actor=ann_actor, now=NOW)
        assert refusal_of(checkout(product, ann_actor)).facts["left"] == 0


class TestWaitingRoom:
    def test_without_a_pass_there_is_no_order(self, bo: Shop) -> None:
        product = queued(bo, stock=1)
        people(product, 2)
        for actor in (guest(1), guest(7)):
            no = refusal_of(checkout(product, actor))
            assert (no.code.name, no.field) == ("waiting_room", "lines.0")
            facts = no.facts
            assert (facts["product_id"], facts["shop"], facts["slug"]) == (product.pk, "bo", product.slug)
        assert supply_of(variant_of(product)).free == 1

    def test_an_order_uses_the_pass_up(self, bo: Shop) -> None:
        product = queued(bo, stock=2)
        people(product, 2)
        answer = place_order(checkout(product, guest(0)), now=NOW)
        ticket = Ticket.objects.order_by("pk")[0]
        assert (ticket.state, ticket.trade_id, ticket.used_at, ticket.due_at) == ("used", answer.trade_id, NOW, None)
        assert states() == ["used", "admitted"]
        assert refusal_of(checkout(product, guest(0))).code.name == "waiting_room"

    def test_a_refused_order_keeps_its_pass(self, bo: Shop) -> None:
        product = queued(bo, stock=2)
        people(product, 1)
        assert refusal_of(checkout(product, guest(0), 3)).code.name == "stock_short"
        assert states() == ["admitted"]

    def test_one_pass_is_one_order_in_a_batch(self, bo: Shop) -> None:
        product = queued(bo, stock=5)
        people(product, 2)
        batch = [checkout(product, guest(n)) for n in (0, 0, 1, 9)]
        told = [a.code.name if isinstance(a, Refusal) else "placed" for a in place_orders(batch, now=NOW)]
        assert told == ["placed", "waiting_room", "placed", "waiting_room"]
        assert states() == ["used", "used"]

    def test_a_member_s_pass_holds_in_any_browser(self, bo: Shop, ann_actor: Actor) -> None:
        product = queued(bo, stock=5)
        join_room(product.pk, wish=None, actor=ann_actor, now=NOW)
        place_order(checkout(product, Actor(person_id=ann_actor.person_id, guest_key=uuid.uuid4())), now=NOW)
        assert states() == ["used"]

    def test_a_guest_who_signs_in_keeps_the_place(self, bo: Shop, ann_actor: Actor) -> None:
        product = queued(bo, stock=1)
        people(product, 3)
        key = guest(1).guest_key
        assert key is not None
        join_guest(key, actor=ann_actor, now=NOW)
        forget()
        again = join_room(product.pk, wish=None, actor=ann_actor, now=NOW)
        assert again.pk == Ticket.objects.order_by("pk")[1].pk
        assert states() == ["admitted", "waiting", "waiting"]

    def test_of_two_places_a_guest_who_signs_in_keeps_the_better(self, bo: Shop, ann_actor: Actor) -> None:
        product = queued(bo, stock=1)
        people(product, 2)
        forget()
        later = join_room(product.pk, wish=None, actor=ann_actor, now=NOW)
        key = guest(1).guest_key
        assert key is not None
        join_guest(key, actor=ann_actor, now=NOW)
        later.refresh_from_db()
        assert later.state == "left"
        assert Ticket.objects.get(person_key=f"person:{ann_actor.person_id}", state="waiting").pk < later.pk


def watch(asked: list[str], module: ModuleType, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Note calls of a function that makes statements."""
    inner = getattr(module, name)

    def noted(*args: Any, **more: Any) -> Any:
        asked.append(f"{module.__name__}.{name}")
        return inner(*args, **more)

    monkeypatch.setattr(module, name, noted)


def test_both_gates_cost_a_fixed_number_of_statements_and_none_otherwise(
    bo: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    watch(asked, personal, "lock", monkeypatch)
    watch(asked, passes, "lock", monkeypatch)
    watch(asked, passes, "use", monkeypatch)
    place_orders([checkout(product_of(bo.merchant), guest(n)) for n in range(3)], now=NOW)
    assert asked == []
    product = queued(bo, stock=20, limit_per_person=1)
    people(product, 10)
    answers = place_orders([checkout(product, guest(n)) for n in range(10)], now=NOW)
    assert all(isinstance(a, Placed) for a in answers)
    assert asked == ["wanku.orders.personal.lock", "wanku.waiting_room.passes.lock", "wanku.waiting_room.passes.use"]
