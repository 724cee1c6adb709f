"""What a carrier said about a parcel."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from wanku.fulfilment.models import Parcel, TrackingEvent


class TrackingCode(StrEnum):
    """The steps that all carriers have in common."""

    PICKED_UP = "picked_up"
    IN_TRANSIT = "in_transit"
    OUT_FOR_DELIVERY = "out_for_delivery"
    DELIVERED = "delivered"
    PROBLEM = "problem"


@dataclass(frozen=True, slots=True)
class Reported:
    """One step as the carrier reported it.

    Attributes:
        event_id: the carrier's own id of the event; a repeat of it is harmless.
        code: one of `TrackingCode`.
        at: when it happened, aware; steps may arrive in any order.
    """

    event_id: str
    code: str
    at: datetime
    place: str = ""
    text: str = ""


def add_events(parcel: Parcel, reported: Sequence[Reported]) -> list[Reported]:
    """Write the steps that are new, under the parcel's lock.

    Returns:
        the new ones.
    """
    ids = [r.event_id for r in reported]
    known = set(TrackingEvent.objects.filter(parcel=parcel, event_id__in=ids).values_list("event_id", flat=True))
    fresh = {r.event_id: r for r in reversed(reported) if r.event_id not in known}
    TrackingEvent.objects.bulk_create(
        TrackingEvent(parcel=parcel, event_id=r.event_id, code=r.code, place=r.place, text=r.text, at=r.at)
        for r in fresh.values()
    )
    return list(fresh.values())
