"""What only the person who comes needs to know."""

from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.db import transaction

from wanku.access.actor import Actor
from wanku.access.can import Permission, require
from wanku.audit.record import record
from wanku.kernel.refusal import NOT_FOUND, Code, Refusal, gettext_noop
from wanku.kinds.visit.kind import VisitKind
from wanku.orders.models import Line, Order
from wanku.orders.sealed import details_of
from wanku.orders.states import FULFILLING

NOT_NOW: Final = Code(
    "visit_note_closed", gettext_noop("How to get in is shown from when the visit is accepted until it is over.")
)


def read_visit_note(order_id: UUID, *, actor: Actor, now: datetime) -> dict[str, Any]:
    """The work and the way in, in plain; that it was read, and by whom, is recorded.

    Raises:
        Refusal: ``not_found``, ``not_allowed``; ``visit_note_closed`` before it is accepted and once it is over.
    """
    order = Order.objects.filter(pk=order_id, kind=VisitKind.code, merchant_id__in=list(actor.seats)).first()
    if order is None:
        raise Refusal(NOT_FOUND)
    require(actor, Permission.ORDERS_FULFIL, order.merchant_id)
    if order.state != FULFILLING:
        raise Refusal(NOT_NOW)
    details = details_of(Line.objects.get(order=order))
    with transaction.atomic():
        record(
            "read_visit_note",
            actor_id=actor.person_id,
            merchant_id=order.merchant_id,
            subject_type="order",
            subject_id=order.pk,
            now=now,
        )
    return details
