"""Refunds on their way, the stuck ones first."""

from collections.abc import Mapping

from django.core.paginator import Page, Paginator
from django.db.models import Count

from wanku.payments.models import Refund
from wanku.payments.states import REFUND_MACHINE, STUCK

PAGE = 30
STATES = (STUCK, *[state for state in REFUND_MACHINE.states() if state != STUCK])


def listing(state: str, number: str | None) -> Page[Refund]:
    """Refunds in one state, oldest first where somebody must act, else newest first."""
    rows = Refund.objects.select_related("order__merchant", "trade", "attempt").filter(state=state)
    waiting = state in REFUND_MACHINE.waiting
    return Paginator(rows.order_by("created_at" if waiting else "-created_at", "pk"), PAGE).get_page(number)


def counts() -> Mapping[str, int]:
    """How many refunds are in each state."""
    return {row["state"]: row["count"] for row in Refund.objects.values("state").annotate(count=Count("pk"))}
