"""A parcel comes into being."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from wanku.fulfilment.models import Parcel, ParcelLine
from wanku.fulfilment.states import PARCEL_MACHINE
from wanku.kernel.refusal import Code, Refusal, gettext_noop
from wanku.orders.models import Order

TRACKING_USED = Code(
    "tracking_used", gettext_noop("Another parcel already has the tracking number %(tracking)s. Please check it."), 409
)


def add_parcel(
    order: Order, pieces: Mapping[UUID, int], *, carrier: str, tracking: str, zone: str, now: datetime
) -> Parcel:
    """Write a parcel with its pieces, by line id. The caller holds the order's lock and has checked the pieces.

    Args:
        zone: the merchant's, in which days of arrival are counted.

    Raises:
        Refusal: ``tracking_used`` on ``tracking``.
    """
    first, last = order.terms.get("arrives_days", (None, None))
    shipped_on = now.astimezone(ZoneInfo(zone)).date()
    parcel = Parcel(
        order=order,
        merchant_id=order.merchant_id,
        carrier=carrier,
        tracking=tracking,
        state=PARCEL_MACHINE.initial,
        shipped_at=now,
        expected_from=shipped_on + timedelta(days=first) if first is not None else None,
        expected_to=shipped_on + timedelta(days=last) if last is not None else None,
    )
    # The database decides who was first; a refusal must not break the caller's transaction as an error would.
    Parcel.objects.bulk_create([parcel], ignore_conflicts=True)
    if not Parcel.objects.filter(pk=parcel.pk).exists():
        raise Refusal(TRACKING_USED, field="tracking", tracking=tracking)
    ParcelLine.objects.bulk_create(ParcelLine(parcel=parcel, line_id=line, quantity=n) for line, n in pieces.items())
    return parcel
