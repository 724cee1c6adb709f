"""A crowd before a product that sells by queue, and one person who orders twice at once; controls without locks."""

import uuid
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from functools import partial

import pytest

from tests.at_once import Meeting, at_once
from tests.cast import ADDRESS, NOW, Shop, supply_of, variant_of
from wanku.access.actor import Actor
from wanku.catalog.models import Product, Variant
from wanku.flows.buying.place_order import Checkout, Contact, Placed, place_order
from wanku.flows.proving.prove_books import prove_books
from wanku.flows.queueing.admit_waiting import admit_waiting
from wanku.flows.queueing.join_room import join_room
from wanku.flows.queueing.lapse_tickets import lapse_tickets
from wanku.flows.queueing.tests.line import guest, queued
from wanku.kernel.refusal import Refusal
from wanku.orders import personal
from wanku.orders.models import PersonalCount, Trade
from wanku.pricing.quote import Wish
from wanku.waiting_room import passes
from wanku.waiting_room.join import join
from wanku.waiting_room.models import Ticket

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.fault]
CALLERS, EACH, PIECES = 20, 10, 20
SOON = NOW + timedelta(minutes=30)


def checkout(variant: Variant, actor: Actor) -> Checkout:
    return Checkout(
        actor=actor,
        key=uuid.uuid4().hex,
        wishes=(Wish(variant.pk, 1),),
        contact=Contact("安", f"138{uuid.uuid4().int % 10**8:08d}"),
        address=ADDRESS,
        agreed_total=variant.price,
    )


def told(answer: object) -> str:
    return answer.code.name if isinstance(answer, Refusal) else type(answer).__name__


def states() -> Counter[str]:
    return Counter(Ticket.objects.values_list("state", flat=True))


@pytest.mark.slow
def test_two_hundred_for_twenty_pieces(bo: Shop) -> None:
    """Everybody joins, some let the next ones in, everybody tries to order: twenty do, the others are told why."""
    product = queued(bo, stock=PIECES)
    variant = variant_of(product)
    join_room(product.pk, wish=None, actor=guest(999), now=NOW)
    Ticket.objects.all().delete()

    def come(caller: int) -> list[str]:
        heard = []
        actors = [guest(caller * EACH + n) for n in range(EACH)]
        for actor in actors:
            try:
                join_room(product.pk, wish=None, actor=actor, now=NOW)
            except Refusal as no:
                heard.append(told(no))
        admit_waiting(now=NOW, limit=7)
        for actor in actors:
            try:
                heard.append(told(place_order(checkout(variant, actor), now=NOW)))
            except Refusal as no:
                heard.append(told(no))
        return heard

    answers = at_once(*[partial(come, n) for n in range(CALLERS)])
    assert all(isinstance(answer, list) for answer in answers), answers
    # Whoever was let in after trying comes back, until the room has nobody left to let in.
    while admit_waiting(now=NOW, limit=100) or Ticket.objects.filter(state="admitted").exists():
        for ticket in Ticket.objects.filter(state="admitted"):
            place_order(checkout(variant, Actor(guest_key=uuid.UUID(ticket.person_key[6:]))), now=NOW)
    heard = Counter(word for answer in answers if isinstance(answer, list) for word in answer)
    assert set(heard) <= {"Placed", "waiting_room", "sold_out"}
    assert (states()["used"], Trade.objects.count()) == (PIECES, PIECES)
    supply = supply_of(variant)
    assert (supply.free, supply.held) == (0, PIECES)
    assert states()["admitted"] == 0, "a pass without a piece would be a false hope"
    assert Ticket.objects.filter(state="used").exclude(trade=None).count() == PIECES


def line(product: Product, people: int) -> None:
    for number in range(people):
        join(product.pk, f"guest:{guest(number).guest_key}", wish={}, now=NOW, due_at=SOON)


def admit_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    Meeting().before(monkeypatch, "wanku.flows.queueing.admit_waiting.move_rows")
    at_once(*[partial(admit_waiting, now=NOW, limit=10)] * 2)


def test_one_free_piece_makes_one_pass(bo: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    line(queued(bo, stock=1), 5)
    admit_twice(monkeypatch)
    assert states() == {"admitted": 1, "waiting": 4}
    assert Ticket.objects.get(state="admitted").pk == min(Ticket.objects.values_list("pk", flat=True))


def test_control_without_turns_it_makes_two(bo: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("wanku.flows.queueing.admit_waiting.take_turn", lambda product_id: True)
    line(queued(bo, stock=1), 5)
    admit_twice(monkeypatch)
    assert states()["admitted"] == 2, "nobody raced, so the test above proves nothing"


def test_one_person_in_two_browsers_has_one_place(bo: Shop, ann_actor: Actor) -> None:
    """The unique index decides; there is no lock to switch off."""
    product = queued(bo, stock=1)
    line(product, 1)
    answers = at_once(*[partial(join_room, product.pk, wish=None, actor=ann_actor, now=NOW)] * 12)
    assert {answer.pk for answer in answers if isinstance(answer, Ticket)} == {Ticket.objects.latest("pk").pk}
    assert all(isinstance(answer, Ticket) for answer in answers), answers
    assert Ticket.objects.count() == 2


def orders(product: Product, actor: Actor, monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """One order of each variant at once: their counters of stock differ, so nothing else makes them take turns."""
    Meeting().before(monkeypatch, "wanku.flows.buying._rows.write")
    calls: list[Callable[[], Placed]] = [
        partial(place_order, checkout(variant, actor), now=NOW) for variant in product.variants.all()
    ]
    return Counter(map(told, at_once(*calls)))


def test_a_person_s_parallel_orders_stay_within_the_limit(
    bo: Shop, ann_actor: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    product = queued(bo, prices=(100, 200), limit_per_person=1)
    Product.objects.update(waiting_room=False)
    assert orders(product, ann_actor, monkeypatch) == {"Placed": 1, "limit_per_person": 1}
    assert PersonalCount.objects.get().pieces == 1 == Trade.objects.count()
    assert all(check.holds for check in prove_books())


def test_control_without_turns_a_person_has_more(bo: Shop, ann_actor: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(personal, "LOCK", "SELECT count(*) FROM unnest($1::bigint[]) key")
    product = queued(bo, prices=(100, 200), limit_per_person=1)
    Product.objects.update(waiting_room=False)
    assert orders(product, ann_actor, monkeypatch) == {"Placed": 2}, "nobody raced"


def one_pass(bo: Shop, actor: Actor) -> Product:
    product = queued(bo, prices=(100, 200))
    join_room(product.pk, wish=None, actor=actor, now=NOW)
    return product


def test_one_pass_is_one_order(bo: Shop, ann_actor: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    product = one_pass(bo, ann_actor)
    assert orders(product, ann_actor, monkeypatch) == {"Placed": 1, "waiting_room": 1}
    assert (Trade.objects.count(), states()) == (1, {"used": 1})


def test_control_without_the_lock_one_pass_is_two_orders(
    bo: Shop, ann_actor: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(passes, "LOCK", passes.LOCK.replace("FOR NO KEY UPDATE OF t", ""))
    product = one_pass(bo, ann_actor)
    assert orders(product, ann_actor, monkeypatch) == {"Placed": 2}, "nobody raced"


def test_a_pass_is_used_or_lapses(bo: Shop, ann_actor: Actor) -> None:
    product = one_pass(bo, ann_actor)
    late = NOW + timedelta(minutes=3)
    order = partial(place_order, checkout(variant_of(product), ann_actor), now=late)
    answer, _ = at_once(order, partial(lapse_tickets, now=late, limit=10))
    if isinstance(answer, Placed):
        assert (states(), Trade.objects.count()) == ({"used": 1}, 1)
    else:
        assert (told(answer), states(), Trade.objects.count()) == ("waiting_room", {"lapsed": 1}, 0)
