"""What the bank does: charges, answers and refunds, in its own books."""

import json
import secrets
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from wanku.sandbox.models import BankNotice, Charge, ChargeRefund

LATE_SECONDS = 20 * 60
"""How long a late payment takes: longer than the shop waits."""
REFUSALS = ("insufficient_funds", "card_declined", "risk_rejected")


def open_charge(facts: Mapping[str, Any], now: datetime) -> Charge:
    """The charge of a signed pay link, made at the first visit."""
    charge, _ = Charge.objects.get_or_create(
        number=facts["number"],
        defaults={
            "ref": _ref("P"),
            "amount": facts["amount"],
            "currency": facts["currency"],
            "subject": facts["subject"],
            "notify_url": facts["notify_url"],
            "return_url": facts["return_url"],
            "expires_at": datetime.fromisoformat(facts["expires_at"]),
            "opened_at": now,
        },
    )
    return charge


def answer(number: str, choice: str, now: datetime, *, refusal: str = REFUSALS[0], late: int = LATE_SECONDS) -> Charge:
    """What the payer chose on the bank's page.

    Args:
        choice: ``paid``, ``refused``, ``late`` (paid only after ``late`` seconds), ``twice`` (told twice) or
            ``never`` (paid, and never told).
    """
    with transaction.atomic():
        charge = Charge.objects.select_for_update(no_key=True).get(number=number)
        if charge.state != "waiting":
            return charge
        if charge.expires_at <= now:
            charge.state = "closed"
        elif choice == "refused":
            charge.state, charge.refusal = "refused", refusal if refusal in REFUSALS else REFUSALS[0]
        elif choice == "late":
            charge.state, charge.paid_at = "processing", now + timedelta(seconds=late)
        else:
            charge.state, charge.paid_at = "paid", now
        charge.save()
        if charge.state in ("paid", "refused") and choice != "never":
            event_id = _ref("E")
            _tell(charge, event_id, now)
            if choice == "twice":
                _tell(charge, event_id, now)
                _tell(charge, _ref("E"), now)
    return charge


def settle_late(now: datetime) -> int:
    """Let late payments arrive; returns how many did."""
    with transaction.atomic():
        due = list(
            Charge.objects.select_for_update(no_key=True, skip_locked=True).filter(
                state="processing", paid_at__lte=now
            )[:100]
        )
        for charge in due:
            charge.state = "paid"
            charge.save(update_fields=["state"])
            _tell(charge, _ref("E"), now)
    return len(due)


def close(number: str, now: datetime) -> dict[str, Any]:
    """Close a charge that nobody pays; one under way or decided is reported as it is."""
    with transaction.atomic():
        # A page that was never opened has no charge yet: a closed one makes its link dead.
        never_opened = {"ref": _ref("P"), "amount": 0, "currency": "", "opened_at": now, "expires_at": now}
        charge, _ = Charge.objects.get_or_create(number=number, defaults={**never_opened, "state": "closed"})
        charge = Charge.objects.select_for_update(no_key=True).get(pk=charge.pk)
        if charge.state == "waiting":
            charge.state = "closed"
            charge.save(update_fields=["state"])
    return facts_of(charge)


def query(number: str) -> dict[str, Any]:
    """The state of a charge."""
    charge = Charge.objects.filter(number=number).first()
    return facts_of(charge) if charge else {"number": number, "state": "unknown"}


def refund(number: str, payment: str, amount: int, now: datetime) -> dict[str, Any]:
    """Pay back; the same number answers as the first time."""
    with transaction.atomic():
        charge = Charge.objects.select_for_update(no_key=True).filter(number=payment).first()
        known = ChargeRefund.objects.filter(number=number).first()
        if known is not None:
            return refund_facts(known)
        if charge is None or charge.state != "paid":
            return {"number": number, "state": "failed", "refusal": "no_such_payment"}
        before = sum(r.amount for r in charge.refunds.all())
        if amount <= 0 or before + amount > charge.amount:
            return {"number": number, "state": "failed", "refusal": "more_than_paid"}
        return refund_facts(
            ChargeRefund.objects.create(charge=charge, number=number, ref=_ref("R"), amount=amount, at=now)
        )


def query_refund(number: str) -> dict[str, Any]:
    """The state of a refund."""
    known = ChargeRefund.objects.filter(number=number).first()
    return refund_facts(known) if known else {"number": number, "state": "unknown"}


def facts_of(charge: Charge) -> dict[str, Any]:
    """A charge as the bank tells it."""
    return {
        "number": charge.number,
        "ref": charge.ref,
        "state": charge.state,
        "amount": charge.amount,
        "currency": charge.currency,
        "refusal": charge.refusal,
    }


def refund_facts(row: ChargeRefund) -> dict[str, Any]:
    """A refund as the bank tells it."""
    return {"number": row.number, "ref": row.ref, "state": row.state, "amount": row.amount}


def _tell(charge: Charge, event_id: str, now: datetime) -> None:
    body = json.dumps({"event_id": event_id, **facts_of(charge)})
    BankNotice.objects.create(event_id=event_id, url=charge.notify_url, body=body, next_at=now)


def _ref(prefix: str) -> str:
    return prefix + secrets.token_hex(12).upper()
