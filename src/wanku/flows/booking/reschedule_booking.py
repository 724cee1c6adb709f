"""The buyer moves a booking to another time."""

from collections import Counter
from collections.abc import Mapping, Sequence
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
from wanku.kinds.kind import Choice
from wanku.kinds.pick import Pick, Way
from wanku.kinds.registry import read_choice
from wanku.orders.booked import booked
from wanku.orders.demand import demand_of
from wanku.orders.models import Line
from wanku.orders.sealed import details_of
from wanku.pricing.load import load_offers
from wanku.pricing.quote import NOT_FREE, UNAVAILABLE, Offer
from wanku.pricing.ways import first_way

MOVES_MAX: Final = 3
NOT_MOVABLE = Code("not_movable", gettext_noop("This order cannot be moved to another time."), 409)
MOVED_ENOUGH = Code("moved_enough", gettext_noop("This order was moved %(most)s times already; that is the most."), 409)
TOO_LATE = Code(
    "too_late_to_move", gettext_noop("It is too late to move this order: cancelling it is no longer free."), 409
)
DETAILS_DIFFER = Code(
    "details_differ",
    gettext_noop(
        "What you chose needs other details than this order has. Please cancel this order and place a new one."
    ),
    409,
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
    around the fee. All lines of an order move together. The terms that were frozen with the order stay, but for what
    they say about the time itself (`wanku.kinds.kind.Kind.terms_of_time`).

    Args:
        choice: the new one, whole, as JSON for the kind; every line of the order takes it.

    Raises:
        Refusal: ``not_found`` for anyone but the buyer; ``not_movable``, ``moved_enough``, ``too_late_to_move``,
            ``wrong_state``; ``same_time``; ``price_differs`` with both prices; ``details_differ``; ``not_free``;
            ``unavailable``; those of the kind for the choice (``choice.…``).
    """
    with transaction.atomic():
        held = hold_of_buyer(order_id, actor)
        lines = _movable(held, now)
        targets = _targets(held, lines, choice, now)
        ways = _swap(lines, targets)
        before = held.booking.starts_at
        for line, target, way in zip(lines, targets, ways, strict=True):
            _write_line(held, line, target, way)
        first = targets[0].pick
        _write(held, first, now)
        times = {"from": before, "to": first.starts_at}
        facts = {name: at.isoformat() for name, at in times.items() if at is not None}
        step(held, "reschedule", by=actor.as_buyer(), now=now, facts=facts)
        for line in lines:
            held.kind.moved(booked(line), now=now)


def _movable(held: Held, now: datetime) -> list[Line]:
    """The lines of an order that may be moved, in order of their ids."""
    booking, course = held.booking, held.kind.course
    lines = held.lines()
    if not course.move or not lines or any(line.called_off for line in lines):
        raise Refusal(NOT_MOVABLE)
    if booking.state not in (TO_ACCEPT, ACCEPTED):
        raise Refusal(WRONG_STATE, state=booking.state)
    if booking.rescheduled >= MOVES_MAX:
        raise Refusal(MOVED_ENOUGH, most=MOVES_MAX)
    over = booking.starts_at is not None and booking.starts_at <= now
    if over or share_now(held.order, booking, now=now):
        raise Refusal(TOO_LATE)
    return lines


def _targets(held: Held, lines: Sequence[Line], choice: str, now: datetime) -> list[_Target]:
    """What the kind makes of the new choice today for each line, at the price that was paid."""
    wished = read_choice(held.kind, choice)
    offers = load_offers([line.variant_id for line in lines])
    picks = [_pick(held, line, offers.get(line.variant_id), wished, now) for line in lines]
    if any((pick.starts_at, pick.ends_at) != (picks[0].starts_at, picks[0].ends_at) for pick in picks):
        # One order is kept at one time.
        raise Refusal(NOT_MOVABLE)
    if picks[0].starts_at == held.booking.starts_at and picks[0].ends_at == held.booking.ends_at:
        raise Refusal(SAME_TIME, field="choice")
    for line, pick in zip(lines, picks, strict=True):
        old = sum(int(part["amount"]) for part in line.parts)
        if pick.unit_price != old:
            currency = held.order.currency
            raise Refusal(PRICE_DIFFERS, field="choice", new=Money(pick.unit_price, currency), old=Money(old, currency))
    keys = {key for pick in picks for way in pick.ways for key in way.demand}
    supplies = dict(Supply.objects.filter(key__in=keys).values_list("key", "pk"))
    return [_Target(pick, supplies) for pick in picks]


def _pick(held: Held, line: Line, offer: Offer | None, wished: Choice, now: datetime) -> Pick:
    if offer is None or not offer.sellable:
        raise Refusal(UNAVAILABLE, title=line.title)
    return held.kind.pick(offer, wished, line.quantity, add_ons=_add_ons(line, offer), now=now)


def _add_ons(line: Line, offer: Offer) -> tuple[int, ...]:
    """The extras of the line as they are offered today; what takes time must still be known."""
    known = {extra.name: extra.id for extra in offer.extras}
    names = [str(extra["name"]) for extra in line.add_ons]
    if any(name not in known for name in names):
        raise Refusal(UNAVAILABLE, title=line.title)
    return tuple(sorted(known[name] for name in names))


def _swap(lines: Sequence[Line], targets: Sequence[_Target]) -> list[Way]:
    """Take the first way that is to be had for each line once the old supplies of all are free, under the locks of all
    of them."""
    old, supplies = demand_of(lines), targets[0].supplies
    free = take.lock(dict.fromkeys({*old, *supplies.values()}, 0))
    taken: Counter[int] = Counter()

    def left(key: str) -> int:
        pk = supplies.get(key)
        return 0 if pk is None else free.get(pk, 0) + old.get(pk, 0) - taken[pk]

    ways = []
    for line, target in zip(lines, targets, strict=True):
        way = first_way(target.pick, left)
        if way is None:
            raise Refusal(NOT_FREE, field="choice", title=line.title)
        taken.update({supplies[key]: pieces for key, pieces in way.demand.items()})
        ways.append(way)
    take.free_sold(old)
    if not take.sell_free(taken):
        raise Refusal(NOT_FREE, field="choice", title=lines[0].title)
    return ways


def _write_line(held: Held, line: Line, target: _Target, way: Way) -> None:
    """The new choice and its supplies; what else is known of the line must still be enough."""
    if held.kind.details_model is not None and line.sealed:
        details = held.kind.details_model.model_validate(details_of(line))
        try:
            held.kind.check_details(way.choice, line.quantity, details)
        except Refusal as no:
            raise Refusal(DETAILS_DIFFER, field="choice") from no
    line.choice = dict(way.choice)
    line.parts = [asdict(part) for part in target.pick.parts]
    line.demand = {str(target.supplies[key]): pieces for key, pieces in way.demand.items()}
    line.save(update_fields=["choice", "parts", "demand"])


def _write(held: Held, pick: Pick, now: datetime) -> None:
    """The new time on order and booking; the promise's clock begins anew, lateness stays."""
    order, booking = held.order, held.booking
    order.starts_at = booking.starts_at = pick.starts_at
    order.ends_at = booking.ends_at = pick.ends_at
    order.ship_by = order.due_at = held.kind.promised_by(pick.starts_at, pick.ends_at, order.paid_at or now)
    of_time = held.kind.terms_of_time
    kept = {name: value for name, value in order.terms.items() if name not in of_time}
    order.terms = kept | {name: value for name, value in pick.terms.items() if name in of_time}
    order.save(update_fields=["starts_at", "ends_at", "ship_by", "due_at", "terms"])
    booking.zone = order.terms.get("zone") or booking.zone
    booking.rescheduled += 1
    booking.save(update_fields=["starts_at", "ends_at", "zone", "rescheduled"])
