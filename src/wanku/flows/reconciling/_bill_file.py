"""What a bill says that people hand in as a file."""

from collections.abc import Mapping
from datetime import date, datetime, time
from decimal import Decimal, InvalidOperation
from typing import Final
from zoneinfo import ZoneInfo

from wanku.catalog.sheets.read_table import Table
from wanku.kernel.money import from_major
from wanku.kernel.refusal import BAD_VALUE, Code, Refusal, gettext_noop, refuse_all
from wanku.kernel.text import clean
from wanku.payments.channel import BillRow
from wanku.reconciliation.days import zone_name

FAULTS_MAX: Final = 100
NOON: Final = time(12)
COLUMNS: Final[Mapping[str, tuple[str, ...]]] = {
    "kind": ("kind", "类型", "類型"),
    "number": ("number", "商户单号", "商戶單號"),
    "channel_ref": ("channel_ref", "渠道单号", "渠道單號"),
    "amount": ("amount", "金额", "金額"),
    "fee": ("fee", "手续费", "手續費"),
    "currency": ("currency", "币种", "幣種"),
    "at": ("at", "时间", "時間"),
}
"""Headings that are understood, by what they mean."""
NEEDED: Final = ("kind", "amount", "at")
KINDS: Final[Mapping[str, str]] = {
    "payment": "payment", "refund": "refund", "支付": "payment", "收款": "payment", "退款": "refund",
}  # fmt: skip
WRONG_ROW = Code("bill_row_wrong", gettext_noop("Row %(row)s, %(column)s: %(problem)s"), 422)
NO_COLUMN = gettext_noop("The file lacks the column “%(column)s”.")
PROBLEMS: Final = {
    "kind": gettext_noop("Write payment or refund."),
    "number": gettext_noop("Our number or the channel’s is needed, at most 64 characters."),
    "amount": gettext_noop("An amount above zero, in whole cents at most."),
    "fee": gettext_noop("A fee as an amount, negative where it is given back."),
    "currency": gettext_noop("Three letters, such as CNY."),
    "at": gettext_noop("A time of that day, such as 2026-11-11 14:30:00."),
}


def read_rows(gateway: str, day: date, table: Table) -> list[BillRow]:
    """The lines of a bill.

    Raises:
        Refusal: ``bad_value`` for a file without a column that is needed; ``bill_row_wrong`` for each row that is not
            understood (the first `FAULTS_MAX`).
    """
    places = {name: _place(table, words) for name, words in COLUMNS.items()}
    for name in NEEDED:
        if places[name] is None:
            raise Refusal(BAD_VALUE, field="file", problem=NO_COLUMN % {"column": name})
    zone = ZoneInfo(zone_name(gateway))
    rows: list[BillRow] = []
    faults: list[Refusal] = []
    for number, cells in table.rows:
        said = {name: clean(cells[place]) if place is not None else "" for name, place in places.items()}
        row = _row(said, day, zone)
        if isinstance(row, BillRow):
            rows.append(row)
            continue
        faults += [Refusal(WRONG_ROW, field="file", row=number, column=c, problem=PROBLEMS[c]) for c in row]
        if len(faults) >= FAULTS_MAX:
            break
    refuse_all(faults)
    return rows


def _place(table: Table, words: tuple[str, ...]) -> int | None:
    return next((index for index, heading in enumerate(table.headings) if heading.lower() in words), None)


def _row(said: Mapping[str, str], day: date, zone: ZoneInfo) -> BillRow | list[str]:
    """A line of the bill, or the columns that are wrong."""
    kind, currency = KINDS.get(said["kind"].lower(), ""), said["currency"].upper() or "CNY"
    amount, fee = _minor(said["amount"], currency), _minor(said["fee"] or "0", currency)
    at = _moment(said["at"], day, zone)
    wrong = {
        "kind": not kind,
        "number": not (said["number"] or said["channel_ref"]) or len(said["number"]) > 64,
        "amount": amount is None or amount <= 0,
        "fee": fee is None,
        "currency": not (len(currency) == 3 and currency.isascii() and currency.isalpha()),
        "at": at is None,
    }
    if any(wrong.values()) or amount is None or fee is None or at is None:
        return [name for name, is_wrong in wrong.items() if is_wrong]
    return BillRow(kind, said["number"], said["channel_ref"][:128], amount, fee, currency, at)


def _minor(text: str, currency: str) -> int | None:
    """Minor units of an amount as banks write it; none if it is not one."""
    try:
        return from_major(Decimal(text.replace(",", "").lstrip("¥￥")), currency).amount
    except (InvalidOperation, ValueError):
        return None


def _moment(text: str, day: date, zone: ZoneInfo) -> datetime | None:
    """A moment of that day; banks that print the day alone mean any time of it."""
    try:
        at = datetime.fromisoformat(text.replace("/", "-"))
    except ValueError:
        return None
    if len(text) <= len("2026-11-11"):
        at = datetime.combine(at.date(), NOON)
    at = at if at.tzinfo else at.replace(tzinfo=zone)
    return at if at.astimezone(zone).date() == day else None
