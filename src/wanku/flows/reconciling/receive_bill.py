"""Finance hands in a bill as a file, for channels that give none to programs."""

from datetime import date, datetime
from typing import Final
from uuid import UUID

from django.db import transaction

from wanku.access.actor import Actor
from wanku.access.can import Permission, require
from wanku.audit.reason import reason
from wanku.audit.record import record
from wanku.catalog.sheets.read_table import read_table
from wanku.flows.reconciling._bill_file import read_rows
from wanku.flows.reconciling._keep import keep, locked
from wanku.flows.reconciling._sql import MANY, refresh_statistics
from wanku.flows.reconciling.book_fees import book_fees
from wanku.flows.reconciling.match_bill import match_bill
from wanku.kernel.refusal import BAD_VALUE, NOT_FOUND, Refusal, gettext_noop
from wanku.payments.gateways import GATEWAYS
from wanku.reconciliation.days import day_of

BYTES_MAX: Final = 20 * 1024 * 1024
ROWS_MAX: Final = 100_000
NOT_OVER = gettext_noop("That day is not over yet.")


def receive_bill(gateway: str, day: date, content: bytes, *, actor: Actor, because: str, now: datetime) -> UUID:
    """Take a bill in whole, book its fees and compare it; returns the bill's id.

    A file with a fault is refused as a whole and each faulty row is named, so nothing is lost and nothing is half in.

    Raises:
        Refusal: ``not_allowed``, ``not_found``; ``bad_value``; those of `read_table`; ``bill_row_wrong`` for each row
            that is not understood (the first `FAULTS_MAX`).
    """
    require(actor, Permission.RECONCILE)
    if gateway not in GATEWAYS:
        raise Refusal(NOT_FOUND)
    because = reason(because)
    if day >= day_of(gateway, now):
        raise Refusal(BAD_VALUE, field="day", problem=NOT_OVER)
    rows = read_rows(gateway, day, read_table(content, bytes_max=BYTES_MAX, rows_max=ROWS_MAX))
    with transaction.atomic():
        bill = locked(gateway, day)
        keep(bill, rows, source="file", by=actor.as_platform(), now=now)
        record(
            "receive_bill",
            actor_id=actor.person_id,
            subject_type="bill",
            subject_id=bill.pk,
            because=because,
            facts={"gateway": gateway, "day": day.isoformat(), "rows": len(rows)},
            now=now,
        )
    if len(rows) >= MANY:
        refresh_statistics()
    book_fees(bill.pk, now=now)
    match_bill(bill.pk, now=now)
    return bill.pk
