"""The buyer moves a booking to another time."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db import transaction

from wanku.access.actor import Actor
from wanku.flows.booking._fee import share_now
from wanku.flows.booking._hold import Held, hold_of_buyer, step
from wanku.inventory import take
from wanku.inventory.models import Supply
from wanku.kernel.money import Money
from wanku.kernel.refusal import WRONG_STATE, Code, Refusal, gettext_noop
from wanku.kinds.course import ACCEPTED, TO_ACCEPT
from wanku.kinds.pick import Pick, Way
from wanku.kinds.registry import read_choice
from wanku.orders.booked import booked
from wanku.orders.demand import demand_of
from wanku.orders.models import Line
from wanku.pricing.load import load_offers
from wanku.pricing.quote import NOT_FREE, UNAVAILABLE, Offer
from wanku.pricing.ways import first_way

MOVES_MAX: Final = 3
NOT_MOVABLE = Code("not_movable", gettext_noop("This order cannot be moved to another time."), 409)
MOVED_ENOUGH = Code("moved_enough", gettext_noop("This order was moved %(most)s times already; that is the most."), 409)
TOO_LATE = Code(
    "too_late_to_move", gettext_noop("It is too late to move this order: cancelling it is no longer free."), 409
)
SAME_TIME = Code("same_time", gettext_noop("This is the time that you have already."), 409)
PRICE_DIFFERS = Code(
    "price_differs",
    gettext_noop("What you chose costs %(new)s instead of %(old)s. Please cancel this order and place a new one."),
    409,
)


@dataclass(frozen=True, slots=True)
class _Target:
    """Where a line goes: what its kind made of the new choice, and the counters that it may take."""

    pick: Pick
    supplies: Mapping[str, int]


def reschedule_booking(order_id: UUID, *, choice: str, actor: Actor, now: datetime) -> None:
    """Move it to another time at the same price: the new supplies are taken and the old ones set free, all or nothing.

    Three times at most, while it is accepted or waits to be, and while cancelling would be free: moving is no way
    around the fee. The terms that were frozen with the order stay.

    Args:
        choice: the new one, whole, as JSON for the kind.

    Raises:
        Refusal: ``not_found`` for anyone but the buyer; ``not_movable``, ``moved_enough``, ``too_late_to_move``,
            ``wrong_state``; ``same_time``; ``price_differs`` with both prices; ``not_free``; ``unavailable``; those of
            the kind for the choice (``choice.…``).
    """
    with transaction.atomic():
        held = hold_of_buyer(order_id, actor)
        line = _movable(held, now)
        target = _target(held, line, choice, now)
        old = demand_of([line])
        way = _swap(line, old, target)
        before = held.booking.starts_at
        _write(held, line, target, way, now)
        times = {"from": before, "to": target.pick.starts_at}
        facts = {name: at.isoformat() for name, at in times.items() if at is not None}
        step(held, "reschedule", by=actor.as_buyer(), now=now, facts=facts)
        held.kind.moved(booked(line), now=now)


def _movable(held: Held, now: datetime) -> Line:
    """The only line of an order that may be moved."""
    booking, course = held.booking, held.kind.course
    lines = held.lines()
    if not course.move or len(lines) != 1 or lines[0].called_off:
        raise Refusal(NOT_MOVABLE)
    if booking.state not in (TO_ACCEPT, ACCEPTED):
        raise Refusal(WRONG_STATE, state=booking.state)
    if booking.rescheduled >= MOVES_MAX:
        raise Refusal(MOVED_ENOUGH, most=MOVES_MAX)
    over = booking.starts_at is not None and booking.starts_at <= now
    if over or share_now(held.order, booking, now=now):
        raise Refusal(TOO_LATE)
    return lines[0]


def _target(held: Held, line: Line, choice: str, now: datetime) -> _Target:
    """What the kind makes of the new choice today, at the price that was paid."""
    wished = read_choice(held.kind, choice)
    offer = load_offers([line.variant_id]).get(line.variant_id)
    if offer is None or not offer.sellable:
        raise Refusal(UNAVAILABLE, title=line.title)
    pick = held.kind.pick_with(offer, wished, line.quantity, _add_ons(line, offer), now=now)
    if pick.starts_at == held.booking.starts_at and pick.ends_at == held.booking.ends_at:
        raise Refusal(SAME_TIME, field="choice")
    old = sum(int(part["amount"]) for part in line.parts)
    if pick.unit_price != old:
        currency = held.order.currency
        raise Refusal(PRICE_DIFFERS, field="choice", new=Money(pick.unit_price, currency), old=Money(old, currency))
    keys = {key for way in pick.ways for key in way.demand}
    return _Target(pick, dict(Supply.objects.filter(key__in=keys).values_list("key", "pk")))


def _add_ons(line: Line, offer: Offer) -> tuple[int, ...]:
    """The extras of the line as they are offered today; what takes time must still be known."""
    known = {extra.name: extra.id for extra in offer.extras}
    names = [str(extra["name"]) for extra in line.add_ons]
    if any(name not in known for name in names):
        raise Refusal(UNAVAILABLE, title=line.title)
    return tuple(sorted(known[name] for name in names))


def _swap(line: Line, old: Mapping[int, int], target: _Target) -> Way:
    """Take the first way that is to be had once the old supplies are free, under the locks of all of them."""
    free = take.lock(dict.fromkeys({*old, *target.supplies.values()}, 0))

    def left(key: str) -> int:
        pk = target.supplies.get(key)
        return 0 if pk is None else free.get(pk, 0) + old.get(pk, 0)

    way = first_way(target.pick, left)
    if way is not None:
        take.free_sold(old)
        if take.sell_free({target.supplies[key]: pieces for key, pieces in way.demand.items()}):
            return way
    raise Refusal(NOT_FREE, field="choice", title=line.title)


def _write(held: Held, line: Line, target: _Target, way: Way, now: datetime) -> None:
    """The new time on line, order and booking; the promise's clock begins anew, lateness stays."""
    order, booking, pick = held.order, held.booking, target.pick
    line.choice = dict(way.choice)
    line.parts = [asdict(part) for part in pick.parts]
    line.demand = {str(target.supplies[key]): pieces for key, pieces in way.demand.items()}
    line.save(update_fields=["choice", "parts", "demand"])
    order.starts_at = booking.starts_at = pick.starts_at
    order.ends_at = booking.ends_at = pick.ends_at
    order.ship_by = order.due_at = held.kind.promised_by(pick.starts_at, pick.ends_at, order.paid_at or now)
    order.save(update_fields=["starts_at", "ends_at", "ship_by", "due_at"])
    booking.rescheduled += 1
    booking.save(update_fields=["starts_at", "ends_at", "rescheduled"])
