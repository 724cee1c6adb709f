"""Refunds on their way, the stuck ones first."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.core.paginator import Page, Paginator
from django.db.models import Count, Exists, OuterRef, QuerySet

from wanku.kernel.refusal import NOT_FOUND, Refusal
from wanku.payments.models import BankTransfer, Refund
from wanku.payments.states import REFUND_MACHINE, REPORTED, STUCK

PAGE = 30
STATES = (STUCK, *[state for state in REFUND_MACHINE.states() if state != STUCK])


def listing(state: str, number: str | None) -> Page[Any]:
    """Refunds in one state, oldest first where somebody must act, else newest first.

    Each says whether a transfer of it waits for a second person (``reported``).
    """
    reported = Exists(BankTransfer.objects.filter(refund=OuterRef("pk"), state=REPORTED))
    rows: QuerySet[Any] = Refund.objects.select_related("order__merchant", "trade", "attempt").filter(state=state)
    rows = rows.annotate(reported=reported)
    waiting = state in REFUND_MACHINE.waiting
    return Paginator(rows.order_by("created_at" if waiting else "-created_at", "pk"), PAGE).get_page(number)


def currency_of(refund_id: UUID) -> str:
    """Of one refund.

    Raises:
        Refusal: ``not_found``.
    """
    currency = Refund.objects.filter(pk=refund_id).values_list("currency", flat=True).first()
    if currency is None:
        raise Refusal(NOT_FOUND)
    return currency


def counts() -> Mapping[str, int]:
    """How many refunds are in each state."""
    return {row["state"]: row["count"] for row in Refund.objects.values("state").annotate(count=Count("pk"))}
