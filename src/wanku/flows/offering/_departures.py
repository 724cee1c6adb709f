"""Steps that the desk's acts on departures share."""

from datetime import datetime

from wanku.access.actor import Actor
from wanku.access.can import Permission, require
from wanku.audit.record import record
from wanku.kernel.refusal import NOT_FOUND, WRONG_STATE, Refusal
from wanku.kinds.seat.models import Departure
from wanku.kinds.seat.passages import lock_counters
from wanku.kinds.seat.states import CANCELLED


def departure_at_desk(departure_id: int, permission: Permission, actor: Actor) -> Departure:
    """A departure of a desk at which the actor may do this; not locked.

    Raises:
        Refusal: ``not_found``, ``sign_in``, ``not_allowed``.
    """
    found = Departure.objects.filter(pk=departure_id, merchant_id__in=list(actor.seats)).first()
    if found is None:
        raise Refusal(NOT_FOUND)
    require(actor, permission, found.merchant_id)
    return found


def lock_departure(departure_id: int, *, now: datetime) -> Departure:
    """Lock the counters of a departure, then its own row, in the order in which payments do.

    Raises:
        Refusal: ``wrong_state`` when it was cancelled or has left.
    """
    lock_counters(departure_id)
    row = Departure.objects.select_for_update(no_key=True).get(pk=departure_id)
    if row.state == CANCELLED or row.starts_at <= now:
        raise Refusal(WRONG_STATE, state="cancelled" if row.state == CANCELLED else "gone")
    return row


def note_act(verb: str, row: Departure, *, actor: Actor, now: datetime, because: str = "", **facts: object) -> None:
    """Write down what a desk did with a departure."""
    record(
        verb,
        actor_id=actor.person_id,
        merchant_id=row.merchant_id,
        subject_type="departure",
        subject_id=row.pk,
        because=because,
        facts={"journey": str(row), "starts_at": row.starts_at.isoformat(), **facts},
        now=now,
    )
