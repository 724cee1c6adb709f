"""What Stripe's objects say, in our words. Works on plain objects, of answers and of notices alike."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

from wanku.payments.channel import ChannelResult, ChannelState, RefundResult, RefundState
from wanku.payments.gateways.stripe import NAME

Thing = Mapping[str, Any]
DECLINED: Final[Mapping[str, str]] = MappingProxyType(
    {
        "insufficient_funds": "insufficient_funds",
        "withdrawal_count_limit_exceeded": "insufficient_funds",
        "fraudulent": "risk_rejected",
        "lost_card": "risk_rejected",
        "stolen_card": "risk_rejected",
        "payment_intent_authentication_failure": "risk_rejected",
        "authentication_required": "risk_rejected",
    }
)
"""Our codes of failures by Stripe's decline codes; whatever is not listed is ``card_declined``."""
REFUND_STATES: Final[Mapping[str, RefundState]] = MappingProxyType(
    {
        "pending": RefundState.PROCESSING,
        # The buyer must tell Stripe where the money shall go; it mails them by itself.
        "requires_action": RefundState.PROCESSING,
        "succeeded": RefundState.SUCCEEDED,
        "failed": RefundState.FAILED,
        "canceled": RefundState.FAILED,
    }
)


def number_of(thing: Thing) -> str:
    """Our number, as we left it; empty for what is not ours."""
    return str((thing.get("metadata") or {}).get("number") or "")


def failure_of(intent: Thing) -> str:
    """Why the last card did not pay, as a code of ours; empty when none failed."""
    error = intent.get("last_payment_error")
    if not error:
        return ""
    return DECLINED.get(error.get("decline_code") or error.get("code") or "", "card_declined")


def of_session(session: Thing) -> ChannelResult:
    """A Checkout Session whose PaymentIntent is expanded.

    A declined card fails nothing while the session is open: the buyer tries another one on the same page.
    """
    intent: Thing | None = session.get("payment_intent")
    if intent is not None and intent["status"] == "succeeded":
        return of_intent(intent)
    status = session["status"]
    failure = failure_of(intent) if intent is not None else ""
    if status == "expired":
        state = ChannelState.CLOSED
    elif status == "complete" and intent is not None and intent["status"] == "requires_payment_method":
        state = ChannelState.FAILED
    elif status == "complete" and intent is not None and intent["status"] == "canceled":
        state = ChannelState.CLOSED
    else:
        state = ChannelState.PENDING
    return ChannelResult(
        NAME,
        number_of(session),
        state,
        channel_ref=str(session["id"]),
        failure=failure,
        under_way=state == ChannelState.PENDING and status == "complete",
    )


def of_intent(intent: Thing) -> ChannelResult:
    """A PaymentIntent by itself."""
    number, ref = number_of(intent), str(intent["id"])
    if intent["status"] == "succeeded":
        amount, currency = int(intent["amount_received"]), str(intent["currency"]).upper()
        return ChannelResult(NAME, number, ChannelState.CAPTURED, amount, currency, ref)
    return ChannelResult(NAME, number, ChannelState.PENDING, channel_ref=ref, failure=failure_of(intent))


def of_refund(refund: Thing) -> RefundResult:
    """A Refund; a state that is new to us is asked about again."""
    return RefundResult(
        number=number_of(refund),
        state=REFUND_STATES.get(refund.get("status") or "", RefundState.PROCESSING),
        channel_ref=str(refund["id"]),
        failure=str(refund.get("failure_reason") or ("canceled" if refund.get("status") == "canceled" else "")),
        gateway=NAME,
        amount=int(refund["amount"]),
    )
