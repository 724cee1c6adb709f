"""Stripe's objects, drawn from the books."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from wanku.sandbox.banks.books import Payment, Refund

Thing = dict[str, Any]
REFUND_STATUS: Final = {"processing": "pending", "done": "succeeded", "failed": "failed"}


def stamp(moment: datetime) -> int:
    """Seconds since 1970."""
    return int(moment.timestamp())


def status_of(payment: Payment, now: datetime) -> str:
    """Of the session."""
    if payment.state in ("paid", "paying"):
        return "complete"
    over = payment.expires_at is not None and payment.expires_at <= now
    return "expired" if payment.state == "closed" or over else "open"


def session(payment: Payment, base: str, now: datetime, *, expand: bool = False) -> Thing:
    """A Checkout Session; ``expand``: with its PaymentIntent whole."""
    facts, status = payment.facts, status_of(payment, now)
    about: Any = None
    if facts.get("tried") or payment.state in ("paid", "paying"):
        about = intent(payment, now) if expand else facts["intent"]
    return {
        "id": payment.ref,
        "object": "checkout.session",
        "amount_subtotal": payment.amount,
        "amount_total": payment.amount,
        "cancel_url": facts["cancel_url"],
        "client_reference_id": facts["reference"] or None,
        "created": stamp(payment.opened_at),
        "currency": payment.currency.lower(),
        "customer": None,
        "expires_at": stamp(payment.expires_at or payment.opened_at),
        "livemode": False,
        "locale": "auto",
        "metadata": facts["metadata"],
        "mode": "payment",
        "payment_intent": about,
        "payment_method_types": ["card"],
        "payment_status": "paid" if payment.state == "paid" else "unpaid",
        "status": status,
        "success_url": facts["return_url"],
        "url": f"{base}/c/pay/{payment.token}" if status == "open" else None,
    }


def intent(payment: Payment, now: datetime) -> Thing:
    """A PaymentIntent."""
    facts, paid = payment.facts, payment.state == "paid"
    status = "requires_payment_method"
    if payment.state in ("paid", "paying"):
        status = "succeeded" if paid else "processing"
    elif status_of(payment, now) == "expired":
        status = "canceled"
    elif facts.get("asks"):
        status = "requires_action"
    return {
        "id": facts["intent"],
        "object": "payment_intent",
        "amount": payment.amount,
        "amount_received": payment.amount if paid else 0,
        "canceled_at": None,
        "capture_method": "automatic_async",
        "created": stamp(payment.opened_at),
        "currency": payment.currency.lower(),
        "description": facts["subject"],
        "last_payment_error": facts.get("error"),
        "latest_charge": facts["charge"] if paid else None,
        "livemode": False,
        "metadata": facts["intent_metadata"],
        "payment_method_types": ["card"],
        "status": status,
    }


def charge(payment: Payment, refunded: int = 0) -> Thing:
    """A Charge; it carries the metadata of its intent."""
    facts = payment.facts
    return {
        "id": facts["charge"],
        "object": "charge",
        "amount": payment.amount,
        "amount_captured": payment.amount,
        "amount_refunded": refunded,
        "balance_transaction": _booking_id(facts["charge"]),
        "created": stamp(payment.paid_at or payment.opened_at),
        "currency": payment.currency.lower(),
        "livemode": False,
        "metadata": facts["intent_metadata"],
        "paid": True,
        "payment_intent": facts["intent"],
        "refunded": refunded >= payment.amount,
        "status": "succeeded",
    }


def refund(row: Refund) -> Thing:
    """A Refund."""
    facts = row.facts
    thing = {
        "id": row.ref,
        "object": "refund",
        "amount": row.amount,
        "balance_transaction": _booking_id(row.ref),
        "charge": facts["charge"],
        "created": stamp(row.at),
        "currency": facts["currency"].lower(),
        "metadata": facts["metadata"],
        "payment_intent": facts["intent"],
        "reason": facts["reason"] or None,
        "status": facts.get("status") or REFUND_STATUS[row.state],
    }
    return {**thing, "failure_reason": facts["failure"]} if facts.get("failure") else thing


def booking(kind: str, source: Mapping[str, Any], amount: int, fee: int, at: datetime, *, expand: bool) -> Thing:
    """A balance transaction; ``amount`` and ``fee`` in minor units, with their signs."""
    return {
        "id": _booking_id(source["id"]) + ("f" if kind == "refund_failure" else ""),
        "object": "balance_transaction",
        "amount": amount,
        "available_on": stamp(at + timedelta(days=2)),
        "created": stamp(at),
        "currency": source["currency"],
        "exchange_rate": None,
        "fee": fee,
        "net": amount - fee,
        "reporting_category": kind,
        "source": dict(source) if expand else source["id"],
        "status": "pending",
        "type": kind,
    }


def event(event_id: str, kind: str, thing: Thing, at: datetime, account_version: str) -> Thing:
    """An Event around a thing as it was."""
    return {
        "id": event_id,
        "object": "event",
        "api_version": account_version,
        "created": stamp(at),
        "data": {"object": thing},
        "livemode": False,
        "pending_webhooks": 1,
        "request": {"id": None, "idempotency_key": None},
        "type": kind,
    }


def page(rows: list[Thing], params: Mapping[str, Any], url: str) -> Thing:
    """A page of a list, newest first, by ``limit`` and ``starting_after``."""
    after, limit = params.get("starting_after"), min(int(params.get("limit", 10)), 100)
    if after:
        places = [place for place, row in enumerate(rows) if row["id"] == after]
        rows = rows[places[0] + 1 :] if places else []
    return {"object": "list", "url": url, "has_more": len(rows) > limit, "data": rows[:limit]}


def _booking_id(source: str) -> str:
    return f"txn_{source.partition('_')[2]}"
