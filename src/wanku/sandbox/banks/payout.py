"""A bank that carries the platform's payouts to merchants, and pays nobody.

Signed JSON: ``POST /transfers`` pays once for each number, ``GET /transfers/<number>`` tells what became of it. To see
failures without setting faults: accounts that end in `CLOSED_TAIL` do not exist any more, and money for those that end
in `BOUNCING_TAIL` is reported as paid and comes back later.
"""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, ClassVar, Final

from wanku.kernel.signature import sign, verify
from wanku.sandbox.banks import keys
from wanku.sandbox.banks.bank import Bank, ShopAccount, fresh, wall_clock
from wanku.sandbox.banks.books import Notice, Payment
from wanku.sandbox.banks.http import Answer, Asked, in_json

CLIENT: Final = "wanku-sandbox"
HEADER: Final = "Bank-Signature"
CLOSED_TAIL: Final = "0002"
BOUNCING_TAIL: Final = "0005"
BOUNCE_AFTER: Final = timedelta(minutes=1)
CREATE, QUERY = "create", "query"


class PayoutBank(Bank):
    """Transfers are kept as payments of this channel; ``facts`` hold the receiver and, if it failed, why."""

    name: ClassVar[str] = "payout"
    title: ClassVar[str] = "Payouts"
    ladder: ClassVar[Sequence[int]] = ()

    def handle(self, asked: Asked) -> Answer:
        """Take an order to pay, or answer about one."""
        secret = keys.secret(self.books, "payout")
        proven = f"{asked.method} {asked.target}\n".encode() + asked.body
        if asked.headers.get("bank-client") != CLIENT or not verify(
            secret, asked.headers.get(HEADER.lower(), ""), proven, wall_clock()
        ):
            return self._signed({"code": "SIGN_ERROR"}, 401)
        if asked.method == "GET" and asked.path.startswith("/transfers/"):
            number = asked.path.rpartition("/")[2]
            found = self.payment(number)
            return self._signed(self._told(found) if found else {"number": number, "state": "unknown"})
        if asked.method == "POST" and asked.path == "/transfers":
            try:
                return self._take(json.loads(asked.body))
            except (ValueError, KeyError, TypeError):
                return self._signed({"code": "BAD_REQUEST"}, 400)
        return self._signed({"code": "NOT_FOUND"}, 404)

    def call_of(self, asked: Asked) -> str:
        """``create`` or ``query``."""
        return CREATE if asked.method == "POST" else QUERY

    def busy(self, asked: Asked) -> Answer:
        """Nothing was done."""
        return self._signed({"code": "SYSTEM_BUSY"}, 503)

    def sign_notice(self, notice: Notice, now: datetime, fault: str = "") -> tuple[Mapping[str, str], bytes]:
        """This bank sends none: it is asked."""
        raise NotImplementedError

    def heard(self, status: int, body: bytes) -> bool:
        """Nothing is told, so nothing is heard."""
        return True

    def account(self, base: str) -> ShopAccount:
        """One client with a shared secret."""
        return ShopAccount({"client": CLIENT, "base_url": base}, {"secret": keys.secret(self.books, "payout")})

    def tell_payment(self, payment: Payment, now: datetime) -> None:
        """Nobody is told."""

    def tick(self, now: datetime) -> None:
        """Money for bouncing accounts comes back."""
        for paid in self.books.all(Payment, channel=self.name, state="paid", paid_at__lte=now - BOUNCE_AFTER):
            if paid.facts["account"].endswith(BOUNCING_TAIL):
                self.bounce(paid.number)

    def bounce(self, number: str) -> None:
        """The receiving bank sends the money back after all."""
        paid = self.books.one(Payment, channel=self.name, number=number, state="paid")
        if paid is not None:
            self._fail(paid, "RETURNED")

    def paid_out(self) -> int:
        """Everything that left and did not come back, minor units."""
        return sum(paid.amount for paid in self.books.all(Payment, channel=self.name, state="paid"))

    def _take(self, facts: dict[str, Any]) -> Answer:
        now, number, amount = self.now(), str(facts["number"]), int(facts["amount"])
        with self.books.held():
            known = self.payment(number)
            if known is not None:
                same = (known.amount, known.facts["account"]) == (amount, facts["account"])
                return self._signed(self._told(known)) if same else self._signed({"code": "NUMBER_USED"}, 409)
            made = self.books.add(
                Payment(
                    channel=self.name, number=number, ref=fresh("PO"), token=fresh(""), account=CLIENT, amount=amount,
                    currency=str(facts["currency"]), opened_at=now,
                    facts={name: str(facts[name]) for name in ("holder", "bank", "account", "purpose")},
                )
            )  # fmt: skip
            if made.facts["account"].endswith(CLOSED_TAIL):
                self._fail(made, "ACCOUNT_CLOSED")
            else:
                made = self.pay(made)
            return self._signed(self._told(made))

    def _fail(self, payment: Payment, why: str) -> None:
        payment.state, payment.facts["failure"] = "failed", why
        self.books.put(payment)

    def _told(self, payment: Payment) -> dict[str, Any]:
        state = payment.state if payment.state in ("paid", "failed") else "processing"
        told = {"number": payment.number, "ref": payment.ref, "amount": payment.amount, "currency": payment.currency}
        return {**told, "state": state, "failure": payment.facts.get("failure", "")}

    def _signed(self, facts: Mapping[str, Any], status: int = 200) -> Answer:
        plain = in_json(facts, status)
        stamp = sign(keys.secret(self.books, "payout"), plain.body, wall_clock())
        return Answer(status, {**plain.headers, HEADER: stamp}, plain.body)
