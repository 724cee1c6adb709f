"""Proof that a step happened: a note and pictures of the merchant's people."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from wanku.access.actor import Actor
from wanku.files.models import Picture
from wanku.flows.booking._hold import Held
from wanku.flows.booking._words import NOT_PART
from wanku.kernel.refusal import BAD_VALUE, Code, Refusal, gettext_noop, refuse_all
from wanku.kernel.text import clean

NOTE_MAX: Final = 500
PICTURES_MAX: Final = 6
NOT_YOURS = Code("not_your_picture", gettext_noop("Please upload this picture yourself first."), 422)


def keep_proof(
    held: Held, event: str, note: str, pictures: Sequence[UUID], *, at: datetime, actor: Actor, now: datetime
) -> dict[str, Any]:
    """Keep what was given with a step; what its move tells of it.

    Args:
        pictures: ids of pictures that belong to the merchant.

    Raises:
        Refusal: ``not_part_of_course`` where the kind asks for none; ``bad_value`` on ``note`` or ``pictures``,
            ``not_your_picture``.
    """
    if (note or pictures) and event not in held.kind.course.proof:
        raise Refusal(NOT_PART, field="note" if note else "pictures")
    text, wanted = clean(note), list(dict.fromkeys(pictures))
    _check(text, wanted, held.order.merchant_id)
    if not text and not wanted:
        return {}
    given = {
        "event": event,
        "at": at.isoformat(),
        "entered_at": now.isoformat(),
        "by": actor.person_id,
        "note": text,
        "pictures": [str(picture) for picture in wanted],
    }
    held.booking.proof = [*held.booking.proof, given]
    held.booking.save(update_fields=["proof"])
    return {"pictures": len(wanted), "noted": bool(text)}


def _check(text: str, pictures: Sequence[UUID], merchant_id: int) -> None:
    refusals = []
    if len(text) > NOTE_MAX:
        refusals.append(Refusal(BAD_VALUE, field="note", problem=gettext_noop("This is too long.")))
    if len(pictures) > PICTURES_MAX:
        refusals.append(Refusal(BAD_VALUE, field="pictures", problem=gettext_noop("At most six pictures.")))
    if pictures and Picture.objects.filter(pk__in=pictures, owner=f"merchant:{merchant_id}").count() != len(pictures):
        refusals.append(Refusal(NOT_YOURS, field="pictures"))
    refuse_all(refusals)
