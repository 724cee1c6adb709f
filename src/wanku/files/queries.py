"""Addresses of stored pictures, and pictures by key."""

import uuid
from collections.abc import Iterable

from django.conf import settings

from wanku.files.models import WIDTHS, Picture


def picture_url(picture_id: uuid.UUID | None, width: int = 480) -> str:
    """Address of one rendition, without a query; empty for no picture.

    The route answers with the nearest width that exists, so any of `WIDTHS` may be asked for.
    """
    if picture_id is None:
        return ""
    return f"{settings.MEDIA_URL}{Picture(id=picture_id).path(width)}"


def picture_srcset(picture_id: uuid.UUID | None) -> str:
    """All renditions for ``srcset``, without a query; empty for no picture."""
    if picture_id is None:
        return ""
    return ", ".join(f"{picture_url(picture_id, width)} {width}w" for width in WIDTHS)


def pictures_by_id(ids: Iterable[uuid.UUID | None]) -> dict[uuid.UUID, Picture]:
    """Public pictures by key, in one query (none for no keys)."""
    wanted = {i for i in ids if i is not None}
    return Picture.objects.filter(is_public=True).in_bulk(wanted) if wanted else {}


def nearest_width(picture: Picture, width: int) -> int | None:
    """The smallest stored width that is not below ``width``, else the largest; none when nothing is stored."""
    widths: list[int] = sorted(picture.widths)
    return next((w for w in widths if w >= width), widths[-1] if widths else None)


def stand_in(picture_id: uuid.UUID | None) -> Picture | None:
    """A picture to show without reading its row: every width is named, and the route answers with the nearest."""
    return Picture(id=picture_id, widths=list(WIDTHS)) if picture_id is not None else None
