"""What a shop has sent."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any, Final

from django.db.models import F, Max, Q, QuerySet
from django.db.models.functions import Coalesce

from wanku.access.actor import Actor
from wanku.fulfilment.carriers import BY_HAND, CARRIERS, plain_tracking
from wanku.fulfilment.models import Parcel
from wanku.fulfilment.states import DELIVERED, RECEIVED, SHIPPED
from wanku.kernel.ids import clean_number
from wanku.merchant_desk.read.orders import desk_orders, shown_address

TABS: Final = ("shipped", "still", "delivered")
STILL: Final = timedelta(days=3)


def search_parcels(actor: Actor, *, tab: str, q: str, now: datetime) -> QuerySet[Parcel]:
    """Parcels newest first; ``still`` are those on the way that nobody has heard of for three days, oldest first."""
    rows = Parcel.objects.filter(order__in=desk_orders(actor)).select_related("order")
    rows = rows.annotate(last=Max("events__at")).annotate(heard=Coalesce("last", F("shipped_at")))
    if q:
        rows = rows.filter(Q(tracking=plain_tracking(q)) | Q(order__number=clean_number(q) or ""))
    if tab == "delivered":
        rows = rows.filter(state__in=(DELIVERED, RECEIVED))
    elif tab:
        rows = rows.filter(state=SHIPPED)
    if tab == "still":
        return rows.exclude(carrier=BY_HAND).filter(heard__lt=now - STILL).order_by("heard", "pk")
    return rows.order_by("-shipped_at", "-pk")


def parcel_rows(parcels: Iterable[Parcel]) -> list[dict[str, Any]]:
    """Each with its carrier's name and link, and to whom it goes."""
    rows = []
    for parcel in parcels:
        carrier = CARRIERS.get(parcel.carrier)
        rows.append(
            {
                "parcel": parcel,
                "carrier": carrier.name if carrier else parcel.carrier,
                "link": carrier.tracking_link(parcel.tracking) if carrier else "",
                "to": shown_address(parcel.order, whole=False),
                "heard": getattr(parcel, "heard", None),
            }
        )
    return rows
