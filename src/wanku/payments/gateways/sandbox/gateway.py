"""The shop's side of the sandbox bank."""

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime
from hashlib import sha256
from typing import Any

import httpx
from django.conf import settings
from django.core import signing

from wanku.kernel.refusal import gettext_noop
from wanku.payments.channel import (
    BillRow,
    ChannelDown,
    ChannelResult,
    ChannelState,
    Heard,
    Known,
    Method,
    NoBill,
    NoticeRefused,
    Opened,
    Opening,
    RefundCall,
    RefundResult,
    RefundState,
    ShownAs,
)
from wanku.payments.fields import AccountField
from wanku.payments.gateways.sandbox.signing import HEADER, sign, verify

SALT = "wanku.sandbox.pay"
TIMEOUT_SECONDS = 5.0
LABEL = gettext_noop("Sandbox bank (for trying out)")
HINT = gettext_noop("No real money: you choose what the bank answers.")
ARRIVAL = gettext_noop("At once, since it is the bank for trying out.")
STATES = {
    "waiting": ChannelState.PENDING,
    "processing": ChannelState.PENDING,
    "paid": ChannelState.CAPTURED,
    "refused": ChannelState.FAILED,
    "closed": ChannelState.CLOSED,
    "unknown": ChannelState.UNKNOWN,
}
REFUND_STATES = {
    "done": RefundState.SUCCEEDED,
    "failed": RefundState.FAILED,
    "processing": RefundState.PROCESSING,
    "unknown": RefundState.UNKNOWN,
}


class SandboxGateway:
    """Opens a page at the bank by a signed address, asks and refunds by signed calls."""

    name = "sandbox"
    heard = Heard()
    fields: Sequence[AccountField] = ()
    bills = False
    transport: httpx.BaseTransport | None = None
    """Carries the calls; tests put their own here, so that the protocol stays the same without a server."""

    def methods(self) -> Mapping[str, Method]:
        """One: the bank's page."""
        return {"page": Method(LABEL, arrival=ARRIVAL, hint=HINT)} if settings.SANDBOX else {}

    def open(self, opening: Opening) -> Opened:
        """A signed address of the bank's pay page; no call is needed."""
        token = signing.dumps(
            {
                "number": opening.number,
                "amount": opening.amount,
                "currency": opening.currency,
                "subject": opening.subject,
                "expires_at": opening.expires_at.isoformat(),
                "notify_url": opening.notify_url,
                "return_url": opening.return_url,
            },
            salt=SALT,
            compress=True,
        )
        return Opened(ShownAs.REDIRECT, f"{settings.PUBLIC_URL}/sandbox/pay/{token}/")

    def query(self, known: Known) -> ChannelResult:
        """Ask the bank."""
        return self._payment(self._call("query", {"number": known.number}))

    def close(self, known: Known) -> ChannelResult:
        """Close at the bank; a payment under way is reported as it is."""
        return self._payment(self._call("close", {"number": known.number}))

    def refund(self, call: RefundCall) -> RefundResult:
        """Ask the bank to pay back."""
        return self._refund(
            self._call(
                "refund",
                {"number": call.number, "payment": call.payment_number, "amount": call.amount, "reason": call.reason},
            )
        )

    def query_refund(self, call: RefundCall) -> RefundResult:
        """Ask the bank about a refund."""
        return self._refund(self._call("query-refund", {"number": call.number}))

    def parse_notice(self, headers: Mapping[str, str], body: bytes, now: datetime) -> ChannelResult:
        """Read a notice of the bank.

        Raises:
            NoticeRefused: forged, altered, too old or unreadable.
        """
        if not verify(headers.get(HEADER, ""), body, now):
            raise NoticeRefused("signature")
        try:
            facts = json.loads(body)
            result = self._payment(facts)
            return ChannelResult(
                gateway=self.name,
                number=result.number,
                state=result.state,
                amount=result.amount,
                currency=result.currency,
                channel_ref=result.channel_ref,
                failure=result.failure,
                event_id=str(facts["event_id"]),
                event_hash=sha256(body).digest(),
            )
        except (ValueError, KeyError, TypeError) as error:
            raise NoticeRefused("unreadable") from error

    def bill(self, day: date) -> Iterable[BillRow]:
        """The sandbox bank has none."""
        raise NoBill(self.name)

    def _payment(self, facts: Mapping[str, Any]) -> ChannelResult:
        return ChannelResult(
            gateway=self.name,
            number=str(facts["number"]),
            state=STATES[facts["state"]],
            amount=int(facts["amount"]) if facts.get("amount") is not None else None,
            currency=str(facts.get("currency", "")),
            channel_ref=str(facts.get("ref", "")),
            failure=str(facts.get("refusal", "")),
            under_way=facts["state"] == "processing",
        )

    def _refund(self, facts: Mapping[str, Any]) -> RefundResult:
        return RefundResult(
            number=str(facts["number"]),
            state=REFUND_STATES[facts["state"]],
            channel_ref=str(facts.get("ref", "")),
            failure=str(facts.get("refusal", "")),
        )

    def _call(self, what: str, facts: Mapping[str, Any]) -> Mapping[str, Any]:
        body = json.dumps(facts).encode()
        url = f"{settings.PUBLIC_URL}/sandbox/api/{what}"
        try:
            with httpx.Client(transport=self.transport, timeout=TIMEOUT_SECONDS) as client:
                headers = {HEADER: sign(body, datetime.now(UTC)), "Content-Type": "application/json"}
                answer = client.post(url, content=body, headers=headers)
            answer.raise_for_status()
            if not verify(answer.headers.get(HEADER, ""), answer.content, datetime.now(UTC)):
                raise ChannelDown("the answer is not signed by the bank")
            facts = answer.json()
        except (httpx.HTTPError, ValueError) as error:
            raise ChannelDown(str(error)) from error
        if not isinstance(facts, dict) or "number" not in facts or "state" not in facts:
            raise ChannelDown("the answer is not understood")
        return facts
