"""Which pictures a buyer may put into a review."""

from collections.abc import Sequence
from uuid import UUID

from wanku.access.actor import Actor
from wanku.files.models import Picture
from wanku.kernel.refusal import Refusal
from wanku.reviews.rules import NOT_YOUR_PICTURE


def owner_of(actor: Actor) -> str:
    """Whose pictures a buyer's are, as in `wanku.files.models.Picture.owner`."""
    return f"person:{actor.person_id}" if actor.is_member else f"guest:{actor.guest_key}"


def require_own(picture_ids: Sequence[UUID], actor: Actor) -> list[UUID]:
    """The pictures without repeats, all public and uploaded by the buyer.

    Raises:
        Refusal: ``not_your_picture``.
    """
    wanted = list(dict.fromkeys(picture_ids))
    if wanted and Picture.objects.filter(pk__in=wanted, owner=owner_of(actor), is_public=True).count() != len(wanted):
        raise Refusal(NOT_YOUR_PICTURE, field="picture_ids")
    return wanted
