"""Keeping what a bill says: the same again changes nothing, a corrected one replaces what is not settled."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from hashlib import sha256
from uuid import UUID

from wanku.audit.move import By, move
from wanku.audit.rules import current, due
from wanku.flows.reconciling import _sql
from wanku.kernel.arrays import execute, literal
from wanku.kernel.money import AMOUNT_MAX
from wanku.kernel.refusal import Code, Refusal, gettext_noop
from wanku.payments.channel import BillRow
from wanku.reconciliation.days import bounds, zone_name
from wanku.reconciliation.models import Bill
from wanku.reconciliation.states import WAITED

UNREADABLE = Code(
    "bill_unreadable", gettext_noop("Line %(line)s of the bill is not understood; nothing of it was taken in."), 422
)
_KINDS = frozenset({"payment", "refund"})
_TYPES = ("uuid", "text", "text", "text", "bigint", "bigint", "text", "timestamptz")
_Line = tuple[UUID, str, str, str, int, int, str, datetime]


def wait_for(gateway: str, day: date) -> Bill:
    """A bill that is waited for from the hour on at which it may be there."""
    ready = bounds(gateway, day)[1] + timedelta(seconds=current()["bill_ready"])
    return Bill(gateway=gateway, day=day, zone=zone_name(gateway), state=WAITED, due_at=ready)


def locked(gateway: str, day: date) -> Bill:
    """The bill of a day, made if need be, under lock."""
    Bill.objects.bulk_create([wait_for(gateway, day)], ignore_conflicts=True)
    return Bill.objects.select_for_update(no_key=True).get(gateway=gateway, day=day)


def keep(bill: Bill, rows: Iterable[BillRow], *, source: str, by: By, now: datetime) -> bool:
    """Write what a bill says; whether that is new. The caller holds its lock.

    Raises:
        Refusal: ``bill_unreadable``, naming the line; nothing was written.
    """
    lines = _lines(rows)
    digest = sha256(b"".join(sorted(line[0].bytes for line in lines))).digest()
    if bill.version and bytes(bill.digest) == digest:
        return False
    bill.version += 1
    for start in range(0, len(lines), _sql.CHUNK):
        columns = zip(*lines[start : start + _sql.CHUNK], strict=True)
        values = [literal(column, kind) for column, kind in zip(columns, _TYPES, strict=True)]
        execute(_sql.KEEP_LINES, [bill.gateway, bill.pk, bill.version, *values], prepared=False)
    if bill.version > 1:
        _drop(bill, now)
    bill.digest, bill.source, bill.rows, bill.fetched_at = digest, source, len(lines), now
    bill.save(update_fields=["version", "digest", "source", "rows", "fetched_at"])
    facts = {"rows": len(lines), "version": bill.version, "source": source}
    move(bill, "fetch", by=by, now=now, due_at=due("bill_match", now), facts=facts)
    return True


def _drop(bill: Bill, now: datetime) -> None:
    """What the new version no longer has."""
    execute(_sql.DROP_LINES, [bill.gateway, bill.pk, now, bill.version], prepared=False)
    dropped = execute(_sql.DROPPED_SETTLED, [bill.gateway, bill.pk, bill.version], prepared=False)
    for currency, amount, _count in dropped:
        case = [bill.gateway, str(bill.pk), bill.version, currency, bill.day, amount, due("finance_case", now), now]
        execute(_sql.CASE_OF_CHANGE, case, prepared=False)


def _lines(rows: Iterable[BillRow]) -> Sequence[_Line]:
    """Checked rows, each with its fingerprint; the same row again is a line of its own."""
    seen: Counter[tuple[str, ...]] = Counter()
    lines: list[_Line] = []
    for index, row in enumerate(rows, start=1):
        if not _sound(row):
            raise Refusal(UNREADABLE, line=index)
        said = (row.kind, row.number, row.channel_ref, str(row.amount), str(row.fee), row.currency)
        seen[said] += 1
        key = UUID(bytes=sha256("\x1f".join((*said, str(seen[said]))).encode()).digest()[:16])
        lines.append((key, row.kind, row.number, row.channel_ref, row.amount, row.fee, row.currency, row.at))
    return lines


def _sound(row: BillRow) -> bool:
    return (
        row.kind in _KINDS
        and 0 < row.amount <= AMOUNT_MAX
        and abs(row.fee) <= AMOUNT_MAX
        and len(row.currency) == 3
        and len(row.number) <= 64
        and len(row.channel_ref) <= 128
        and bool(row.number or row.channel_ref)
        and "\x00" not in row.number + row.channel_ref
        and row.at.tzinfo is not None
    )
