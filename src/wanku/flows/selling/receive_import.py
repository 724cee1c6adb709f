"""Take in a table of products, to look at before anything is written."""

from datetime import datetime, timedelta

from django.db import transaction

from wanku.access.actor import Actor
from wanku.access.can import Permission, require
from wanku.catalog.models import Category, ImportFile
from wanku.catalog.sheets.parse import parse
from wanku.catalog.sheets.read_table import read_table
from wanku.kernel.refusal import BAD_VALUE, SIGN_IN, Refusal, gettext_noop
from wanku.kernel.text import clean

# A file that nobody took over in a day is forgotten.
KEPT = timedelta(days=1)
UNKNOWN = gettext_noop("Choose one of the categories that are offered.")


def receive_import(
    merchant_id: int, content: bytes, *, name: str, fallback_id: int | None, actor: Actor, now: datetime
) -> ImportFile:
    """Keep a file for its preview. Nothing of the catalogue changes.

    Args:
        name: of the file, for people.
        fallback_id: category for new products whose own is not known here.

    Raises:
        Refusal: ``not_allowed``; what `read_table` and `parse` refuse about the file as a whole.
    """
    require(actor, Permission.PRODUCTS_EDIT, merchant_id)
    if actor.person_id is None:
        raise Refusal(SIGN_IN)
    parse(read_table(content))
    if fallback_id is not None and not Category.objects.filter(pk=fallback_id, is_open=True).exists():
        raise Refusal(BAD_VALUE, field="fallback", problem=UNKNOWN)
    with transaction.atomic():
        ImportFile.objects.filter(merchant_id=merchant_id, done_at=None, received_at__lt=now - KEPT).delete()
        return ImportFile.objects.create(
            merchant_id=merchant_id,
            by_id=actor.person_id,
            name=clean(name)[:200] or "table",
            content=content,
            fallback_id=fallback_id,
            received_at=now,
        )
