"""Proving the ledger from its postings alone, trusting no cached number."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from types import NoneType
from typing import Any, Final, Protocol
from uuid import UUID

from django.db import connection

from wanku.kernel.arrays import execute
from wanku.kernel.refusal import gettext_noop

ROWS_SHOWN = 20

CHUNK = 20_000
"""Entries, or postings, that are looked at in one statement: few enough that a bar moves on."""

ENTRIES = "SELECT count(*) FROM ledger_entry"
ENTRY_EDGE = "SELECT id FROM ledger_entry WHERE id > $1::uuid ORDER BY id OFFSET $2 LIMIT 1"
POSTING_LAST = "SELECT coalesce(max(id), 0) FROM ledger_posting"
UNBALANCED = """
SELECT e.id, e.key, e.reason, p.currency, coalesce(sum(p.amount), 0)::bigint AS difference, count(p.id) AS postings,
    count(p.id) FILTER (WHERE p.at <> e.at) AS at_another_time
FROM ledger_entry e LEFT JOIN ledger_posting p ON p.entry_id = e.id
WHERE e.id > $1::uuid AND ($2::uuid IS NULL OR e.id <= $2::uuid)
GROUP BY e.id, p.currency
HAVING coalesce(sum(p.amount), 0) <> 0 OR count(p.id) < 2 OR bool_or(p.at <> e.at)
"""
SUMS = """
SELECT account, currency, (at AT TIME ZONE 'Asia/Shanghai')::date,
    coalesce(sum(amount) FILTER (WHERE amount > 0), 0)::bigint,
    coalesce(-sum(amount) FILTER (WHERE amount < 0), 0)::bigint, count(*)
FROM ledger_posting WHERE id > $1::bigint AND id <= $2::bigint GROUP BY 1, 2, 3
"""
BALANCES = "SELECT account, currency, amount FROM ledger_balance"
DAY_TOTALS = "SELECT account, currency, day, incoming, outgoing, postings FROM ledger_daytotal"
# Frozen money is there because of a freeze that lasts: of an order what is left of it, else exactly its amount.
FREEZES = "SELECT count(*) FROM ledger_freeze WHERE state = 'frozen'"
FROZEN_WITHOUT_FREEZE = """
SELECT merchant_id AS merchant, of_order AS order, coalesce(p.amount, 0)::bigint AS frozen,
    coalesce(f.amount, 0)::bigint AS freezes
FROM (
    SELECT merchant_id, coalesce(order_id::text, '') AS of_order, currency, sum(amount) AS amount FROM ledger_posting
    WHERE account IN (SELECT account FROM ledger_balance WHERE account LIKE 'merchant:%:frozen') GROUP BY 1, 2, 3
) p
FULL JOIN (
    SELECT merchant_id, coalesce(order_id::text, '') AS of_order, currency, sum(amount) AS amount FROM ledger_freeze
    WHERE state = 'frozen' GROUP BY 1, 2, 3
) f USING (merchant_id, of_order, currency)
WHERE CASE WHEN of_order = '' THEN coalesce(p.amount, 0) <> coalesce(f.amount, 0)
    ELSE coalesce(p.amount, 0) < 0 OR coalesce(p.amount, 0) > coalesce(f.amount, 0) END
"""
NONE = UUID(int=0)


READ: Final = "Entries"
ADDED: Final = "Postings"
REST: Final = "Other invariants"
"""What a proof looks at, one after another."""


class Tell(Protocol):
    """Hears how far a proof is: of what is looked at now, how many are done and about how many there are."""

    def __call__(self, what: str, done: int, total: int) -> None: ...


def silent(what: str, done: int, total: int) -> None:
    """Nobody listens."""


@dataclass(frozen=True, slots=True)
class Check:
    """What one invariant came to.

    Attributes:
        code: its name in the design, e.g. ``I1``.
        says: the invariant as a sentence, an English msgid.
        checked: how many things were looked at.
        wrong: how many break it.
        rows: the first `ROWS_SHOWN` of those, as columns by name.
    """

    code: str
    says: str
    checked: int
    wrong: int
    rows: tuple[Mapping[str, Any], ...]

    @property
    def holds(self) -> bool:
        """Whether nothing breaks it."""
        return self.wrong == 0


def as_json(checks: Sequence[Check]) -> list[dict[str, Any]]:
    """For programs, and to be kept; what JSON has no word for becomes text."""
    plain = (int, str, bool, NoneType)
    return [
        {
            "code": each.code,
            "says": each.says,
            "checked": each.checked,
            "wrong": each.wrong,
            "rows": [{k: v if isinstance(v, plain) else str(v) for k, v in row.items()} for row in each.rows],
        }
        for each in checks
    ]


def from_json(kept: Sequence[Mapping[str, Any]]) -> list[Check]:
    """What `as_json` kept."""
    return [Check(each["code"], each["says"], each["checked"], each["wrong"], tuple(each["rows"])) for each in kept]


def check(code: str, says: str, *, all_of: str, wrong: str) -> Check:
    """Run one invariant.

    Args:
        all_of: statement that counts what is looked at.
        wrong: statement that selects what breaks the invariant. Both are constants of ours, never input.
    """
    with connection.cursor() as cursor:
        cursor.execute(all_of)
        checked = int(cursor.fetchone()[0])
        cursor.execute(f"SELECT *, count(*) OVER () FROM ({wrong}) AS found LIMIT {ROWS_SHOWN}")  # noqa: S608
        names = [column.name for column in cursor.description or []][:-1]
        found = cursor.fetchall()
    rows = tuple(dict(zip(names, row, strict=False)) for row in found)
    return Check(code, says, checked, int(found[0][-1]) if found else 0, rows)


def prove_ledger(*, tell: Tell = silent) -> list[Check]:
    """I1 and I2: what the ledger can prove by itself, read in pieces."""
    return [_entries(tell), *_sums(tell), _freezes()]


def _entries(tell: Tell) -> Check:
    says = gettext_noop("Every entry sums to zero in each currency.")
    total = int(execute(ENTRIES, [], prepared=False)[0][0])
    done, after, wrong = 0, NONE, 0
    rows: list[Mapping[str, Any]] = []
    while done < total:
        tell(READ, done, total)
        edge = execute(ENTRY_EDGE, [after, CHUNK - 1], prepared=False)
        until = edge[0][0] if edge else None
        found = execute(UNBALANCED, [after, until], prepared=False)
        names = ("id", "key", "reason", "currency", "difference", "postings", "at_another_time")
        wrong += len(found)
        rows += [dict(zip(names, row, strict=True)) for row in found[: ROWS_SHOWN - len(rows)]]
        if until is None:
            break
        done, after = done + CHUNK, until
    tell(READ, total, total)
    return Check("I1", says, total, wrong, tuple(rows))


def _sums(tell: Tell) -> list[Check]:
    """Balances of merchants and totals of closed days, beside what the postings come to."""
    says = gettext_noop("Every cached balance is the sum of its postings.")
    days_say = gettext_noop("Every closed day has the totals of its postings.")
    last = int(execute(POSTING_LAST, [], prepared=False)[0][0])
    days: dict[tuple[str, str, date], tuple[int, int, int]] = {}
    balances: dict[tuple[str, str], int] = {}
    for start in range(0, last, CHUNK):
        tell(ADDED, start, last)
        for account, currency, day, incoming, outgoing, count in execute(SUMS, [start, start + CHUNK], prepared=False):
            before = days.get((account, currency, day), (0, 0, 0))
            days[account, currency, day] = (before[0] + incoming, before[1] + outgoing, before[2] + count)
            if account.startswith("merchant:"):
                balances[account, currency] = balances.get((account, currency), 0) + incoming - outgoing
    tell(ADDED, last, last)
    cached = {(row[0], row[1]): row[2] for row in execute(BALANCES, [], prepared=False)}
    kept = {(row[0], row[1], row[2]): tuple(row[3:]) for row in execute(DAY_TOTALS, [], prepared=False)}
    closed = max((day for _, _, day in kept), default=date.min)
    over = {purse: sums for purse, sums in days.items() if purse[2] <= closed}
    wrong = [
        {"account": account, "currency": currency, "cached": cached.get((account, currency), 0), "summed": summed}
        for (account, currency), summed in sorted((dict.fromkeys(cached, 0) | balances).items())
        if cached.get((account, currency), 0) != summed
    ]
    wrong_days = [
        {"account": purse[0], "currency": purse[1], "day": purse[2], "kept": kept.get(purse), "summed": over.get(purse)}
        for purse in sorted(kept.keys() | over.keys())
        if kept.get(purse) != over.get(purse)
    ]
    return [
        Check("I2", says, len(balances), len(wrong), tuple(wrong[:ROWS_SHOWN])),
        Check("I2", days_say, len(kept), len(wrong_days), tuple(wrong_days[:ROWS_SHOWN])),
    ]


def _freezes() -> Check:
    says = gettext_noop("Money is frozen because of a freeze that lasts, and not more than it says.")
    return check("I2", says, all_of=FREEZES, wrong=FROZEN_WITHOUT_FREEZE)
