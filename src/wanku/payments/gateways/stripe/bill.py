"""What Stripe booked on a day, from its balance transactions."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from email.utils import parsedate_to_datetime
from typing import Any, Final

from wanku.kernel.money import portion
from wanku.payments.channel import BillRow, NoBill
from wanku.payments.gateways.stripe.client import asking, clients
from wanku.payments.gateways.stripe.said import Thing, number_of

KINDS: Final = {"charge": "payment", "payment": "payment", "refund": "refund", "payment_refund": "refund"}
PAGE: Final = 100


def rows_of(day: date) -> list[BillRow]:
    """Payments and refunds of a day in UTC, which is how Stripe closes its days, of every account that we use.

    A refund that failed is left out, as is the money that came back of it. Fees that Stripe takes in the currency of
    its balance are given in that of the payment, at the rate of that booking.

    Raises:
        NoBill: the day is not over by Stripe's clock.
        ChannelDown: no answer.
    """
    start = datetime.combine(day, time(), UTC)
    span = {"gte": int(start.timestamp()), "lt": int((start + timedelta(days=1)).timestamp())}
    params: Any = {"created": span, "limit": PAGE, "expand": ["data.source"]}
    found: list[BillRow] = []
    with asking():
        for at in clients():
            page = at.v1.balance_transactions.list(params)
            headers: Any = page.last_response.headers if page.last_response is not None else {}
            if parsedate_to_datetime(headers["date"]).astimezone(UTC).date() <= day:
                raise NoBill("the day is not over")
            found += _rows(booked.to_dict() for booked in page.auto_paging_iter())
    return found


def _rows(booked: Iterator[dict[str, Any]]) -> Iterator[BillRow]:
    for row in booked:
        kind, source = KINDS.get(row["type"]), row["source"]
        if kind is None or (kind == "refund" and source["status"] in ("failed", "canceled")):
            continue
        yield BillRow(
            kind=kind,
            number=number_of(source),
            channel_ref=str((source.get("payment_intent") or source["id"]) if kind == "payment" else source["id"]),
            amount=int(source["amount"]),
            fee=_fee(row, source),
            currency=str(source["currency"]).upper(),
            at=datetime.fromtimestamp(row["created"], UTC),
        )


def _fee(row: Thing, source: Thing) -> int:
    """In the currency of the payment; the amounts of both sides give the rate, whatever the digits of each."""
    fee, amount = int(row["fee"]), abs(int(row["amount"]))
    if row["currency"] == source["currency"] or not fee:
        return fee
    return portion(fee, int(source["amount"]), amount)
