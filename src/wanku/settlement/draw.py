"""Drawing a settlement: what moved the available balance since the last one, as a snapshot."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from django.db import connection

from wanku.audit.move import By, move
from wanku.audit.rules import due
from wanku.kernel.ids import new_number
from wanku.kernel.states import CLOCK
from wanku.ledger.models import Balance
from wanku.ledger.post import available, frozen
from wanku.settlement import rules
from wanku.settlement.models import LineKind, Plan, Settlement, SettlementLine
from wanku.settlement.states import PAYABLE

OVERLAP: Final = 1_000
"""How many movements before the last settled one are looked at again: ids are given before a commit, so a movement may
appear behind one that has a higher id. That the sums agree is checked; if they do not, all movements are looked at."""

UNSETTLED: Final = """
SELECT p.id, e.reason, p.order_id, p.amount, p.at
FROM ledger_posting p JOIN ledger_entry e ON e.id = p.entry_id
WHERE p.account = %(account)s AND p.currency = %(currency)s AND p.id > %(after)s
  AND NOT EXISTS (SELECT FROM settlement_settlementline l WHERE l.posting_id = p.id)
ORDER BY p.id
"""
KINDS: Final = {
    "release": LineKind.ORDER,
    "refund": LineKind.REFUND,
    "refund_due": LineKind.REFUND,
    "commission": LineKind.COMMISSION,
    "commission_back": LineKind.COMMISSION,
    "payout": LineKind.PAYOUT,
    "payout_failed": LineKind.RETURNED,
    "payout_came_back": LineKind.RETURNED,
    "freeze": LineKind.FROZEN,
    "thaw": LineKind.FROZEN,
}
"""By the reason of an entry."""


class BalanceDisagrees(Exception):
    """The movements of an account do not sum to its balance: the ledger is unsound, and nothing is settled on it."""


def draw(plan: Plan, *, until: datetime, now: datetime) -> Sequence[Settlement]:
    """Settle what a merchant has available, by currency, inside the caller's transaction, which holds the plan's lock.

    What an earlier settlement left unpaid is part of the new one, so the earlier one is carried. What is below the
    minimum, or a debt, is carried at once. Without any movement but payouts nothing is drawn.

    Raises:
        BalanceDisagrees: the books are unsound.
    """
    account = available(plan.merchant_id)
    # Locks come before the reading: a payout that is being made right now holds the settlement that it pays.
    waiting = Settlement.objects.select_for_update(no_key=True).filter(merchant=plan.merchant_id, state=PAYABLE)
    unpaid = {row.currency: row for row in waiting.order_by("pk")}
    currencies = Balance.objects.filter(account=account).order_by("currency").values_list("currency", flat=True)
    drawn = [_draw(plan, currency, unpaid.get(currency), until, now) for currency in currencies]
    return [settlement for settlement in drawn if settlement is not None]


def _draw(plan: Plan, currency: str, unpaid: Settlement | None, until: datetime, now: datetime) -> Settlement | None:
    account = available(plan.merchant_id)
    last = Settlement.objects.filter(merchant=plan.merchant_id, currency=currency).order_by("-drawn_at", "-pk").first()
    opening = last.closing if last else 0
    # A sum of its own and not the cached one, since both must be of one moment: that of one statement.
    lines, balance = _unsettled(account, currency, _low_water(account, last), opening)
    # What was paid out follows from the settlement before and needs no paper of its own; it is a line of the next one.
    if all(line.kind == LineKind.PAYOUT for line in lines):
        return None
    if unpaid is not None:
        move(unpaid, "carry", by=By(CLOCK), now=now, because="next_settlement")
    payable = rules.payable(balance, currency)
    settlement = Settlement.objects.create(
        number=new_number(now),
        merchant_id=plan.merchant_id,
        currency=currency,
        state=PAYABLE,
        due_at=due("pay_out", now),
        since=plan.since,
        until=until,
        opening=opening,
        closing=balance,
        frozen=_frozen_balance(plan.merchant_id, currency),
        payable=payable,
        last_posting=max(line.posting_id for line in lines),
        drawn_at=now,
        **_sums(lines),
    )
    for line in lines:
        line.settlement = settlement
    SettlementLine.objects.bulk_create(lines, batch_size=1000)
    if not payable:
        because = "debt" if balance < 0 else "below_minimum" if balance else "nothing_due"
        move(settlement, "carry", by=By(CLOCK), now=now, because=because, facts={"balance": balance})
    return settlement


def _low_water(account: str, last: Settlement | None) -> int:
    if last is None:
        return 0
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id FROM ledger_posting WHERE account = %s AND id <= %s ORDER BY id DESC OFFSET %s LIMIT 1",
            [account, last.last_posting, OVERLAP],
        )
        row = cursor.fetchone()
    return int(row[0]) if row else 0


def _unsettled(account: str, currency: str, after: int, opening: int) -> tuple[list[SettlementLine], int]:
    """The lines, and the balance that they lead to.

    Raises:
        BalanceDisagrees: it is not the balance of the account.
    """
    for first in dict.fromkeys((after, 0)):
        # The balance is locked, so that nobody changes it between the two readings.
        row = Balance.objects.select_for_update(no_key=True).get(account=account, currency=currency)
        lines = _read(account, currency, first)
        if opening + sum(line.amount for line in lines) == row.amount:
            return lines, row.amount
    raise BalanceDisagrees(f"{account} {currency}")


def _read(account: str, currency: str, after: int) -> list[SettlementLine]:
    with connection.cursor() as cursor:
        cursor.execute(UNSETTLED, {"account": account, "currency": currency, "after": after})
        rows = cursor.fetchall()
    return [
        SettlementLine(
            posting_id=posting_id, kind=KINDS.get(reason, LineKind.OTHER), order_id=order_id, amount=amount, at=at
        )
        for posting_id, reason, order_id, amount, at in rows
    ]


def _sums(lines: Sequence[SettlementLine]) -> dict[str, int]:
    """The figures of a settlement."""
    by_kind: dict[str, int] = dict.fromkeys(LineKind.values, 0)
    for line in lines:
        by_kind[line.kind] += line.amount
    return {
        "orders": by_kind[LineKind.ORDER],
        "refunds": by_kind[LineKind.REFUND],
        "commission": by_kind[LineKind.COMMISSION],
        "fees": by_kind[LineKind.FEE],
        "payouts": by_kind[LineKind.PAYOUT] + by_kind[LineKind.RETURNED],
        "other": by_kind[LineKind.FROZEN] + by_kind[LineKind.OTHER],
    }


def _frozen_balance(merchant_id: int, currency: str) -> int:
    row = Balance.objects.filter(account=frozen(merchant_id), currency=currency).first()
    return row.amount if row else 0
