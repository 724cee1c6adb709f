"""End somebody's seat at a desk."""

from datetime import datetime

from django.db import transaction

from wanku.access.actor import Actor
from wanku.access.can import Permission, require
from wanku.access.models import ApiKey
from wanku.audit.record import record
from wanku.kernel.refusal import NOT_FOUND, Refusal
from wanku.merchants.models import Staff, StaffRole
from wanku.merchants.refusals import LAST_OWNER


def remove_staff(merchant_id: int, seat_id: int, *, actor: Actor, now: datetime) -> None:
    """Remove a seat, and revoke the keys that its person made for this desk. Anyone may give up their own seat.

    Raises:
        Refusal: ``not_allowed``; ``not_found``; ``last_owner``.
    """
    with transaction.atomic():
        seats = {
            s.pk: s for s in Staff.objects.select_for_update(no_key=True).filter(merchant_id=merchant_id).order_by("id")
        }
        seat = seats.get(seat_id)
        if seat is None or seat.person_id != actor.person_id:
            require(actor, Permission.STAFF_EDIT, merchant_id)
        if seat is None:
            raise Refusal(NOT_FOUND)
        if seat.role == StaffRole.OWNER and sum(s.role == StaffRole.OWNER for s in seats.values()) == 1:
            raise Refusal(LAST_OWNER)
        seat.delete()
        ApiKey.objects.filter(person_id=seat.person_id, merchant_id=merchant_id, revoked_at=None).update(revoked_at=now)
        record(
            "remove_staff",
            actor_id=actor.person_id,
            subject_type="staff",
            subject_id=seat_id,
            merchant_id=merchant_id,
            facts={"person": seat.person_id, "role": seat.role},
            now=now,
        )
