"""The only way to book."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from wanku.kernel.arrays import execute, literal
from wanku.kernel.ids import new_id
from wanku.kernel.once import digest
from wanku.ledger.days import day_of

INSERT_ENTRIES = """
INSERT INTO ledger_entry (id, key, input_hash, reason, ref_type, ref_id, facts, at)
SELECT id, key, input_hash, reason, ref_type, ref_id, facts, $8::timestamptz
FROM unnest($1::uuid[], $2::text[], $3::bytea[], $4::text[], $5::text[], $6::text[], $7::jsonb[])
  AS v(id, key, input_hash, reason, ref_type, ref_id, facts)
ORDER BY key
ON CONFLICT (key) DO NOTHING RETURNING key, id
"""
BOOKED_BEFORE = "SELECT key, input_hash FROM ledger_entry WHERE key = ANY($1::text[])"
INSERT_POSTINGS = """
WITH booked AS (
    INSERT INTO ledger_posting (entry_id, account, currency, amount, merchant_id, order_id, at)
    SELECT entry_id, account, currency, amount, merchant_id, order_id, $7::timestamptz
    FROM unnest($1::uuid[], $2::text[], $3::text[], $4::bigint[], $5::bigint[], $6::uuid[])
      AS v(entry_id, account, currency, amount, merchant_id, order_id)
    RETURNING account, currency, amount
)
INSERT INTO ledger_daytotal (account, currency, day, incoming, outgoing, postings)
SELECT account, currency, $8::date, coalesce(sum(amount) FILTER (WHERE amount > 0), 0),
    coalesce(-sum(amount) FILTER (WHERE amount < 0), 0), count(*)
FROM booked WHERE $8::date <= (SELECT max(day) FROM ledger_daytotal)
GROUP BY account, currency ORDER BY account, currency
ON CONFLICT (account, currency, day) DO UPDATE
    SET incoming = ledger_daytotal.incoming + excluded.incoming,
        outgoing = ledger_daytotal.outgoing + excluded.outgoing,
        postings = ledger_daytotal.postings + excluded.postings
"""
"""What is booked into a day that was closed already, since some clock was wrong, is added to that day's totals."""
ADD_BALANCES = """
INSERT INTO ledger_balance (account, currency, amount)
SELECT account, currency, amount FROM unnest($1::text[], $2::text[], $3::bigint[]) AS v(account, currency, amount)
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


@dataclass(frozen=True, slots=True)
class Booking:
    """One entry to be; the fields are those of `post`."""

    key: str
    reason: str
    ref_type: str
    ref_id: object
    currency: str
    lines: Sequence[Line]
    facts: Mapping[str, Any] = field(default_factory=dict)

    def fingerprint(self) -> bytes:
        """The same for the same postings.

        Raises:
            ValueError: they do not sum to zero.
        """
        if sum(line.amount for line in self.lines) != 0 or sum(1 for line in self.lines if line.amount) < 2:
            raise ValueError(f"entry {self.key} does not sum to zero: {self.lines}")
        return digest([self.reason, self.currency, [[x.account, x.amount] for x in self.lines if x.amount]])


def held(merchant_id: int) -> str:
    """Money of paid orders whose promise is not kept yet."""
    return f"merchant:{merchant_id}:held"


def available(merchant_id: int) -> str:
    """Money that the merchant has earned; below zero the merchant owes it, and the next settlement nets it."""
    return f"merchant:{merchant_id}:available"


def frozen(merchant_id: int) -> str:
    """Money that neither moves on nor is paid out until finance thaws it."""
    return f"merchant:{merchant_id}:frozen"


def clearing(gateway: str) -> str:
    """What a channel owes us; negative means that it holds our money."""
    return f"gateway:{gateway}:clearing"


def bank(name: str = "main") -> str:
    """A bank account of the platform; negative means that the bank holds our money."""
    return f"bank:{name}"


COMMISSION = "platform:commission"
FEES = "platform:fees"
"""What channels and banks charge the platform; negative is what it has paid."""
PROMOTIONS = "platform:promotions"
"""Discounts that the platform bears; negative is what it has given."""
REFUNDS_DUE = "buyer:refunds_due"
PAYOUT_CLEARING = "payout:clearing"
"""Payouts that left a merchant's account and of which the bank has not spoken yet."""


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
    """Book one entry inside the caller's transaction: `post_all` with a batch of one.

    Returns:
        whether it was booked now; False when the same key was booked before with the same postings.

    Raises:
        ValueError, BookedOtherwise: as `post_all`.
    """
    return post_all([Booking(key, reason, ref_type, ref_id, currency, lines, facts or {})], now=now)[0]


def post_all(bookings: Sequence[Booking], *, now: datetime) -> list[bool]:
    """Book entries inside the caller's transaction, in three statements whatever their number.

    Entries are written in order of their keys and balances in order of their accounts, so two batches never wait for
    each other in a circle. A transaction that books for several merchants calls this once.

    Returns:
        for each whether it was booked now; False when the same key was booked before with the same postings.

    Raises:
        ValueError: the postings of one do not sum to zero (the database refuses it as well); nothing was booked.
        BookedOtherwise: a key belongs to other postings; the caller must roll back.
    """
    if not bookings:
        return []
    fingerprints = [booking.fingerprint() for booking in bookings]
    ids = [new_id() for _ in bookings]
    booked = _insert_entries(bookings, fingerprints, ids, now)
    fresh = [booked.get(booking.key) == entry_id for booking, entry_id in zip(bookings, ids, strict=True)]
    _insert_postings([(b, i) for b, i, new in zip(bookings, ids, fresh, strict=True) if new], now)
    if not all(fresh):
        _check_known(bookings, fingerprints, fresh)
    return fresh


def _insert_entries(
    bookings: Sequence[Booking], fingerprints: Sequence[bytes], ids: Sequence[UUID], now: datetime
) -> dict[str, UUID]:
    """The ids of those that were not booked before, by key."""
    columns = [
        literal(ids, "uuid"),
        literal([b.key for b in bookings], "text"),
        literal(fingerprints, "bytea"),
        literal([b.reason for b in bookings], "text"),
        literal([b.ref_type for b in bookings], "text"),
        literal([str(b.ref_id) for b in bookings], "text"),
        literal([b.facts for b in bookings], "jsonb"),
    ]
    return dict(execute(INSERT_ENTRIES, [*columns, now]))


def _insert_postings(entries: Sequence[tuple[Booking, UUID]], now: datetime) -> None:
    """All postings in one statement, as the trigger of the table expects it, and what they add to the balances."""
    rows = [
        (entry_id, x.account, b.currency, x.amount, x.merchant_id, x.order_id)
        for b, entry_id in entries
        for x in b.lines
        if x.amount
    ]
    if not rows:
        return
    # Merchant accounts keep a cached sum.
    sums: dict[tuple[str, str], int] = {}
    for _, account, currency, amount, _, _ in rows:
        if account.startswith("merchant:"):
            sums[account, currency] = sums.get((account, currency), 0) + amount
    kinds = ("uuid", "text", "text", "bigint", "bigint", "uuid")
    columns = [literal(column, kind) for column, kind in zip(zip(*rows, strict=True), kinds, strict=True)]
    execute(INSERT_POSTINGS, [*columns, now, day_of(now)])
    if sums:
        accounts, currencies = zip(*sums, strict=True)
        amounts = literal(sums.values(), "bigint")
        execute(ADD_BALANCES, [literal(accounts, "text"), literal(currencies, "text"), amounts])


def _check_known(bookings: Sequence[Booking], fingerprints: Sequence[bytes], fresh: Sequence[bool]) -> None:
    """A key that was used before must have been used for the same."""
    keys = literal([b.key for b, new in zip(bookings, fresh, strict=True) if not new], "text")
    known = {key: bytes(fingerprint) for key, fingerprint in execute(BOOKED_BEFORE, [keys], prepared=False)}
    for booking, fingerprint, new in zip(bookings, fingerprints, fresh, strict=True):
        if not new and known[booking.key] != fingerprint:
            raise BookedOtherwise(booking.key)
