"""Show what taking over a file would do."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from wanku.access.actor import Actor
from wanku.access.can import Permission, require
from wanku.catalog.models import ImportFile
from wanku.flows.selling._plan import Plan, plan_import
from wanku.kernel.refusal import NOT_FOUND, Refusal


def preview_import(file_id: UUID, *, actor: Actor, now: datetime) -> tuple[ImportFile, Plan]:
    """The steps and the faults of a file that waits. Writes nothing.

    Raises:
        Refusal: ``not_found`` for another shop's file, or one that was taken over; ``not_allowed``.
    """
    # One snapshot, so that the preview does not mix two moments of the shop.
    with transaction.atomic():
        file = (
            ImportFile.objects.filter(pk=file_id, merchant_id__in=list(actor.seats), done_at=None)
            .select_related("fallback")
            .first()
        )
        if file is None:
            raise Refusal(NOT_FOUND)
        require(actor, Permission.PRODUCTS_EDIT, file.merchant_id)
        return file, plan_import(file)
