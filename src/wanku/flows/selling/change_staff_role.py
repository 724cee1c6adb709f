"""Give somebody at a desk another role."""

from datetime import datetime

from django.db import transaction

from wanku.access.actor import Actor
from wanku.access.can import Permission, require
from wanku.audit.record import record
from wanku.flows.selling.invite_staff import UNKNOWN_ROLE
from wanku.kernel.refusal import BAD_VALUE, NOT_FOUND, Refusal
from wanku.merchants.models import Staff, StaffRole
from wanku.merchants.refusals import LAST_OWNER


def change_staff_role(merchant_id: int, seat_id: int, *, role: str, actor: Actor, now: datetime) -> Staff:
    """Change a seat's role; it counts from the person's next request on.

    Raises:
        Refusal: ``not_allowed``; ``not_found``; ``bad_value`` for the role; ``last_owner``.
    """
    require(actor, Permission.STAFF_EDIT, merchant_id)
    with transaction.atomic():
        # All seats of the desk are locked, so that two owners cannot step down at once and leave none.
        seats = {
            s.pk: s for s in Staff.objects.select_for_update(no_key=True).filter(merchant_id=merchant_id).order_by("id")
        }
        seat = seats.get(seat_id)
        if seat is None:
            raise Refusal(NOT_FOUND)
        if role not in StaffRole.values:
            raise Refusal(BAD_VALUE, field="role", problem=UNKNOWN_ROLE)
        if seat.role == role:
            return seat
        owners = [s for s in seats.values() if s.role == StaffRole.OWNER]
        if seat.role == StaffRole.OWNER and len(owners) == 1:
            raise Refusal(LAST_OWNER, field="role")
        before, seat.role = seat.role, role
        seat.save(update_fields=["role"])
        record(
            "change_staff_role",
            actor_id=actor.person_id,
            subject_type="staff",
            subject_id=seat_id,
            merchant_id=merchant_id,
            facts={"person": seat.person_id, "from": before, "to": role},
            now=now,
        )
    return seat
