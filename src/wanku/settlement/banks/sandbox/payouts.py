"""The shop's side of the sandbox's payout bank: signed JSON both ways."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final

import httpx

from wanku.kernel.signature import sign, verify
from wanku.payments.accounts import Account, accounts_of
from wanku.settlement.bank import BankDown, PayoutCall, PayoutResult, PayoutState

ACCOUNT: Final = "payout"
"""Name under which our account at the bank is sealed (`wanku.payments.accounts`)."""
HEADER: Final = "Bank-Signature"
TIMEOUT_SECONDS: Final = 5.0
STATES: Final[Mapping[str, PayoutState]] = {
    "processing": PayoutState.PROCESSING,
    "paid": PayoutState.PAID,
    "failed": PayoutState.FAILED,
    "unknown": PayoutState.UNKNOWN,
}


class SandboxBank:
    """Sends payouts to a bank that pays nobody."""

    name = "sandbox"

    def is_ready(self) -> bool:
        """Whether an account there is known."""
        return bool(accounts_of(ACCOUNT))

    def pay(self, call: PayoutCall) -> PayoutResult:
        """Ask the bank to pay; the number makes a repeat harmless."""
        facts = {
            "number": call.number,
            "amount": call.amount,
            "currency": call.currency,
            "holder": call.holder,
            "bank": call.bank,
            "account": call.account,
            "purpose": call.purpose,
        }
        return self._ask("POST", "/transfers", call.number, json.dumps(facts, ensure_ascii=False).encode())

    def query(self, number: str) -> PayoutResult:
        """Ask the bank what became of a number."""
        return self._ask("GET", f"/transfers/{number}", number, b"")

    def _ask(self, method: str, path: str, number: str, body: bytes) -> PayoutResult:
        account = self._account()
        secret, now = account.secret["secret"], datetime.now(UTC)
        # The path is signed too, so that an answer cannot be had with a question about something else.
        headers = {HEADER: sign(secret, f"{method} {path}\n".encode() + body, now), "Content-Type": "application/json"}
        headers["Bank-Client"] = account.public["client"]
        try:
            answer = httpx.request(
                method,
                account.public["base_url"] + path,
                content=body,
                headers=headers,
                timeout=TIMEOUT_SECONDS,
                trust_env=False,
            )
        except httpx.HTTPError as error:
            raise BankDown(type(error).__name__) from error
        if not verify(secret, answer.headers.get(HEADER, ""), answer.content, datetime.now(UTC)):
            raise BankDown("the answer is not signed by the bank")
        if answer.status_code >= 500:
            raise BankDown(f"status {answer.status_code}")
        return _result(number, answer.content)

    def _account(self) -> Account:
        accounts = accounts_of(ACCOUNT)
        if not accounts:
            raise BankDown("no account at the bank is set up")
        return accounts[0]


def _result(number: str, body: bytes) -> PayoutResult:
    try:
        facts: Mapping[str, Any] = json.loads(body)
        if facts["number"] != number:
            raise BankDown("the answer is about another payout")
        return PayoutResult(
            number=number,
            state=STATES[facts["state"]],
            bank_ref=str(facts.get("ref", "")),
            failure=str(facts.get("failure", "")),
            amount=int(facts["amount"]) if facts.get("amount") is not None else None,
        )
    except (ValueError, KeyError, TypeError) as error:
        raise BankDown("the answer is not understood") from error
