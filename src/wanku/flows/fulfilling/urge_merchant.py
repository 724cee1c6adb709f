"""The buyer urges a merchant that is late (催单)."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from wanku.access.actor import Actor
from wanku.audit.models import Move
from wanku.audit.move import note
from wanku.audit.rules import current
from wanku.kernel.refusal import NOT_FOUND, Code, Refusal, gettext_noop
from wanku.orders.models import Order
from wanku.orders.states import FULFILLING, PAID

NOT_LATE = Code("not_late", gettext_noop("The merchant is still in time: it promised to ship by %(ship_by)s."), 409)
NOT_WAITING = Code("not_waiting", gettext_noop("Nothing is waiting to be shipped: the order is “%(state)s”."), 409)
TOO_SOON = Code("urged_too_soon", gettext_noop("You can urge the merchant again after %(at)s."), 429)
ASK_PLATFORM = Code(
    "ask_platform", gettext_noop("You have urged the merchant three times. Please ask the platform to step in."), 409
)
URGES_MAX = 3


def urge_merchant(order_id: UUID, *, actor: Actor, now: datetime) -> int:
    """Remind the merchant of a late order: once per six hours (rule ``urge_gap``), three times.

    Returns:
        how often the buyer may still urge.

    Raises:
        Refusal: ``not_found`` for anyone but the buyer, ``not_waiting``, ``not_late``, ``urged_too_soon``,
            ``ask_platform``.
    """
    with transaction.atomic():
        order = Order.objects.bought_by(actor).select_for_update(no_key=True, of=("self",)).filter(pk=order_id).first()
        if order is None:
            raise Refusal(NOT_FOUND)
        if order.state not in (PAID, FULFILLING):
            raise Refusal(NOT_WAITING, state=order.state)
        # The clock decides, not whether a sweeper has passed by already.
        if order.late_since is None and (order.ship_by is None or order.ship_by > now):
            raise Refusal(NOT_LATE, ship_by=order.ship_by)
        urged = list(
            Move.objects.filter(subject_type="order", subject_id=str(order.pk), event="urge")
            .order_by("id")
            .values_list("at", flat=True)
        )
        if len(urged) >= URGES_MAX:
            raise Refusal(ASK_PLATFORM)
        if urged and now < (again := urged[-1] + timedelta(seconds=current()["urge_gap"])):
            raise Refusal(TOO_SOON, at=again)
        note(order, "urge", by=actor.as_buyer(), now=now, facts={"count": len(urged) + 1})
        return URGES_MAX - len(urged) - 1
