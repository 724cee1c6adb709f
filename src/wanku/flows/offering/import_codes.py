"""Put the good codes of a file that was looked at into the pool."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from wanku.access.actor import Actor
from wanku.audit.record import record
from wanku.flows.offering._code_file import code_file, rows_in
from wanku.flows.offering._codes import check_codes
from wanku.flows.selling._product import lock_supplies
from wanku.inventory.restock import restock
from wanku.kinds.issue.grants import new_rows
from wanku.kinds.issue.models import FREE, CodeFile, Licence
from wanku.merchants.models import Merchant


def import_codes(file_id: UUID, *, actor: Actor, now: datetime) -> CodeFile:
    """Store the codes of a file, and raise the counter of their variant by as many: supply is true stock.

    Rows with a fault are left out. Doing it twice changes nothing.

    Raises:
        Refusal: ``not_found``; ``not_allowed``.
    """
    with transaction.atomic():
        file = code_file(file_id, actor)
        # Imports of one shop take turns, so that no two bring the same code.
        Merchant.objects.select_for_update(no_key=True).get(pk=file.merchant_id)
        file = code_file(file_id, actor)
        if file.done_at is not None:
            return file
        rows = check_codes(file.merchant_id, rows_in(file))
        good = [row.code for row in rows if row.fault is None]
        key = file.plan.variant.supply_key
        lock_supplies([key])
        Licence.objects.bulk_create(new_rows(file.plan, good, state=FREE, now=now), batch_size=1_000)
        if good:
            restock(key, len(good), because="import of codes", by_id=actor.person_id, now=now)
        file.outcome = {"added": len(good), "skipped": len(rows) - len(good)}
        file.done_at, file.sealed = now, ""
        file.save(update_fields=["outcome", "done_at", "sealed"])
        record(
            "import_codes",
            actor_id=actor.person_id,
            merchant_id=file.merchant_id,
            subject_type="variant",
            subject_id=file.plan_id,
            facts={"file": file.name, **file.outcome},
            now=now,
        )
    return file
