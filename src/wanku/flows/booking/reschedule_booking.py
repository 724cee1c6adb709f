"""The buyer moves a booking to another time."""

from dataclasses import asdict
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db import transaction

from wanku.access.actor import Actor
from wanku.flows.booking._fee import share_now
from wanku.flows.booking._hold import Held, hold_of_buyer, step
from wanku.flows.booking._new_time import NOT_MOVABLE, Target, swap, targets_of
from wanku.kernel.refusal import WRONG_STATE, Code, Refusal, gettext_noop
from wanku.kinds.course import ACCEPTED, TO_ACCEPT
from wanku.kinds.pick import Pick, Way
from wanku.orders.booked import booked
from wanku.orders.models import Line
from wanku.orders.sealed import details_of

MOVES_MAX: Final = 3
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
        targets = targets_of(held, lines, choice, now)
        ways = swap(lines, targets)
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


def _write_line(held: Held, line: Line, target: Target, way: Way) -> None:
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
