"""The titles that a member has invoices made out to."""

from datetime import datetime
from typing import Final

from wanku.invoices.models import Title
from wanku.invoices.refusals import TOO_MANY_TITLES
from wanku.invoices.titles import Wanted
from wanku.kernel.refusal import Refusal

TITLES_MAX: Final = 20


def keep_title(person_id: int, wanted: Wanted, *, now: datetime) -> Title:
    """Remember a checked title; the same one again is used again. The first is the usual one.

    The caller holds the person's lock.

    Raises:
        Refusal: ``too_many_titles``.
    """
    mine = Title.objects.filter(person_id=person_id)
    known = mine.filter(kind=wanted.kind, title=wanted.title, tax_number=wanted.tax_number).first()
    if known is not None:
        known.email = wanted.email or known.email
        known.used_at = now
        known.save(update_fields=["email", "used_at"])
        return known
    count = mine.count()
    if count >= TITLES_MAX:
        raise Refusal(TOO_MANY_TITLES, most=TITLES_MAX)
    return Title.objects.create(
        person_id=person_id,
        kind=wanted.kind,
        title=wanted.title,
        tax_number=wanted.tax_number,
        email=wanted.email,
        is_usual=count == 0,
        used_at=now,
    )
