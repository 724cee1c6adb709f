"""A table of nights, looked at before anything changes."""

from collections.abc import Sequence
from datetime import datetime

from wanku.access.actor import Actor
from wanku.access.can import Permission, require
from wanku.flows.offering._nights import NightLine, read_nights
from wanku.kernel.refusal import NOT_FOUND, Refusal
from wanku.kinds.stay.models import Property
from wanku.kinds.stay.open_nights import nights_ahead


def preview_nights(house_id: int, content: bytes, *, actor: Actor, now: datetime) -> Sequence[NightLine]:
    """Each row of a CSV or Excel file with the night that it changes, or with what is wrong. Nothing changes.

    Raises:
        Refusal: ``not_found``; ``not_allowed``; ``file_unreadable`` and others of the file; ``no_night_columns``.
    """
    house = Property.objects.filter(pk=house_id, merchant_id__in=list(actor.seats)).first()
    if house is None:
        raise Refusal(NOT_FOUND)
    require(actor, Permission.PRODUCTS_EDIT, house.merchant_id)
    ahead = nights_ahead(house, now=now)
    return read_nights(content, list(house.room_types.filter(is_active=True)), today=ahead[0], last=ahead[-1])
