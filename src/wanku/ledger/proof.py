"""Proving the ledger from its postings alone, trusting no cached number."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import connection

from wanku.kernel.refusal import gettext_noop

ROWS_SHOWN = 20

UNBALANCED = """
SELECT e.id, e.key, e.reason, p.currency, coalesce(sum(p.amount), 0) AS difference, count(p.id) AS postings
FROM ledger_entry e LEFT JOIN ledger_posting p ON p.entry_id = e.id
GROUP BY e.id, p.currency
HAVING coalesce(sum(p.amount), 0) <> 0 OR count(p.id) < 2
"""
WRONG_BALANCES = """
SELECT account, currency, coalesce(b.amount, 0) AS cached, coalesce(s.amount, 0) AS summed
FROM (SELECT account, currency, amount FROM ledger_balance) b
FULL JOIN (
    SELECT account, currency, sum(amount)::bigint AS amount FROM ledger_posting
    WHERE account LIKE 'merchant:%' GROUP BY account, currency
) s USING (account, currency)
WHERE coalesce(b.amount, 0) <> coalesce(s.amount, 0)
"""


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


def prove_ledger() -> list[Check]:
    """I1 and I2: what the ledger can prove by itself."""
    return [
        check(
            "I1",
            gettext_noop("Every entry sums to zero in each currency."),
            all_of="SELECT count(*) FROM ledger_entry",
            wrong=UNBALANCED,
        ),
        check(
            "I2",
            gettext_noop("Every cached balance is the sum of its postings."),
            all_of="SELECT count(DISTINCT (account, currency)) FROM ledger_posting WHERE account LIKE 'merchant:%'",
            wrong=WRONG_BALANCES,
        ),
    ]
