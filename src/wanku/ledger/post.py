"""The only way to book."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection

from wanku.kernel.once import digest
from wanku.ledger.models import Entry, Posting

ADD_BALANCES = """
INSERT INTO ledger_balance (account, currency, amount)
SELECT account, currency, amount FROM unnest(%s::text[], %s::text[], %s::bigint[]) AS v(account, currency, amount)
ORDER BY account, currency
ON CONFLICT (account, currency) DO UPDATE SET amount = ledger_balance.amount + excluded.amount
"""


class BookedOtherwise(Exception):
    """The key was booked before with other postings: a fault in the caller, never an expected no."""


@dataclass(frozen=True, slots=True)
class Line:
    """``amount`` minor units to (+) or from (−) an account."""

    account: str
    amount: int
    merchant_id: int | None = None
    order_id: UUID | None = None


def held(merchant_id: int) -> str:
    """Money of paid orders whose promise is not kept yet."""
    return f"merchant:{merchant_id}:held"


def available(merchant_id: int) -> str:
    """Money that the merchant has earned."""
    return f"merchant:{merchant_id}:available"


def clearing(gateway: str) -> str:
    """What a channel owes us; negative means that it holds our money."""
    return f"gateway:{gateway}:clearing"


COMMISSION = "platform:commission"
REFUNDS_DUE = "buyer:refunds_due"


def post(
    *,
    key: str,
    reason: str,
    ref_type: str,
    ref_id: object,
    currency: str,
    lines: Sequence[Line],
    now: datetime,
    facts: Mapping[str, Any] | None = None,
) -> bool:
    """Book one entry inside the caller's transaction.

    Returns:
        whether it was booked now; False when the same key was booked before with the same postings.

    Raises:
        ValueError: the postings do not sum to zero (the database refuses it as well).
        BookedOtherwise: the key belongs to other postings.
    """
    lines = [line for line in lines if line.amount]
    if sum(line.amount for line in lines) != 0 or len(lines) < 2:
        raise ValueError(f"entry {key} does not sum to zero: {lines}")
    fingerprint = digest([reason, currency, [[x.account, x.amount] for x in lines]])
    entry = Entry(
        key=key,
        input_hash=fingerprint,
        reason=reason,
        ref_type=ref_type,
        ref_id=str(ref_id),
        facts=dict(facts or {}),
        at=now,
    )
    if not _insert(entry):
        if bytes(Entry.objects.get(key=key).input_hash) != fingerprint:
            raise BookedOtherwise(key)
        return False
    Posting.objects.bulk_create(
        Posting(
            entry=entry,
            account=line.account,
            currency=currency,
            amount=line.amount,
            merchant_id=line.merchant_id,
            order_id=line.order_id,
            at=now,
        )
        for line in lines
    )
    _add_balances(lines, currency)
    return True


def _insert(entry: Entry) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO ledger_entry (id, key, input_hash, reason, ref_type, ref_id, facts, at) "
            "VALUES (%s, %s, %s, %s, %s, %s, %s::jsonb, %s) ON CONFLICT (key) DO NOTHING",
            [
                entry.id,
                entry.key,
                bytes(entry.input_hash),
                entry.reason,
                entry.ref_type,
                entry.ref_id,
                json.dumps(entry.facts),
                entry.at,
            ],
        )
        return bool(cursor.rowcount)


def _add_balances(lines: Sequence[Line], currency: str) -> None:
    """Merchant accounts keep a cached sum; one row per account in one statement, in account order."""
    sums: dict[str, int] = {}
    for line in lines:
        if line.account.startswith("merchant:"):
            sums[line.account] = sums.get(line.account, 0) + line.amount
    if sums:
        with connection.cursor() as cursor:
            cursor.execute(ADD_BALANCES, [list(sums), [currency] * len(sums), list(sums.values())])
