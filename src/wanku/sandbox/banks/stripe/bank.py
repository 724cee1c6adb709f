"""The bank: calls with a bearer key and idempotency keys, events with signatures."""

import hmac
import json
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from email.utils import format_datetime
from hashlib import sha256
from typing import Any, ClassVar, Final
from urllib.parse import urlsplit

from django.utils.translation import gettext_noop

from wanku.sandbox.banks import keys
from wanku.sandbox.banks.bank import Bank, ShopAccount, fresh
from wanku.sandbox.banks.books import Kept, Notice, Payment, Refund
from wanku.sandbox.banks.http import Answer, Asked, in_json
from wanku.sandbox.banks.stripe import calls, cards, things
from wanku.sandbox.banks.stripe.forms import BadRequest

VERSION: Final = "2026-10-28.sandbox"
ENDPOINT: Final = "stripe:endpoint"
HOOK: Final = "/hooks/payments/stripe"
KEY_LIFE: Final = timedelta(days=1)
EVENTS: Final = (
    "checkout.session.completed",
    "checkout.session.expired",
    "refund.created",
    "refund.updated",
    "refund.failed",
)
"""What a shop is told that has registered no endpoint; one that has is told what it chose."""


class StripeBank(Bank):
    """Sessions are kept as payments: waiting = open, paid and paying = complete, closed = expired."""

    name: ClassVar[str] = "stripe"
    title: ClassVar[str] = gettext_noop("Card payment")
    colour: ClassVar[str] = "#4f46e5"
    # Three days of exponential waits, as in live mode; Stripe gives no exact steps.
    ladder: ClassVar[Sequence[int]] = (300, 1800, 7200, 18_000, 36_000, 43_200, 43_200, 43_200, 43_200)

    def handle(self, asked: Asked) -> Answer:
        """The hosted page without a key, everything else with it."""
        if asked.path.startswith("/c/pay/"):
            token = asked.path.removeprefix("/c/pay/")
            return cards.show(self, asked, self.books.one(Payment, channel=self.name, token=token))
        try:
            self._check_key(asked.headers.get("authorization", ""))
            status, facts, replayed = self._once(asked)
        except BadRequest as no:
            status, facts, replayed = no.status, {"error": no.error}, False
        headers = {"Request-Id": fresh("req_", 20), "Stripe-Version": VERSION, "Date": self._date()}
        if "idempotency-key" in asked.headers:
            headers["Idempotency-Key"] = asked.headers["idempotency-key"]
        if replayed:
            headers["Idempotent-Replayed"] = "true"
        return in_json(facts, status, headers)

    def call_of(self, asked: Asked) -> str:
        """``create``, ``query``, ``close``, ``refund``, ``query_refund`` or ``bill``."""
        known = {
            ("POST", "/v1/checkout/sessions"): "create",
            ("GET", "/v1/checkout/sessions"): "query",
            ("POST", "/v1/refunds"): "refund",
            ("GET", "/v1/refunds"): "query_refund",
            ("GET", "/v1/balance_transactions"): "bill",
        }
        if asked.path.endswith(("/expire", "/cancel")):
            return "close"
        alone = asked.method == "GET" and asked.path.startswith(("/v1/checkout/sessions/", "/v1/payment_intents/"))
        return "query" if alone else known.get((asked.method, asked.path), "")

    def busy(self, asked: Asked) -> Answer:
        """Something went wrong on Stripe's end."""
        message = "Sorry! There was an error while talking to one of our backends. Support has been notified."
        return in_json({"error": {"type": "api_error", "message": message}}, 500, {"Date": self._date()})

    def sign_notice(self, notice: Notice, now: datetime, fault: str = "") -> tuple[Mapping[str, str], bytes]:
        """An event signed anew for every try, by the scheme v1."""
        facts = dict(notice.facts)
        if fault == "wrong_amount":
            thing = dict(facts["data"]["object"])
            for name in ("amount", "amount_total", "amount_received"):
                if name in thing:
                    thing[name] += 1
            facts["data"] = {"object": thing}
        body = json.dumps(facts, ensure_ascii=False, indent=2).encode()
        secret = keys.secret(self.books, "stripe-stranger" if fault == "forged" else "stripe-hook", 32)
        at = things.stamp(now)
        mark = hmac.new(f"whsec_{secret}".encode(), f"{at}.".encode() + body, sha256).hexdigest()
        return {"Content-Type": "application/json; charset=utf-8", "Stripe-Signature": f"t={at},v1={mark}"}, body

    def heard(self, status: int, body: bytes) -> bool:
        """Any success."""
        return 200 <= status < 300

    def account(self, base: str) -> ShopAccount:
        """A test account with one key and one endpoint."""
        public = {"account_id": f"acct_{keys.secret(self.books, 'stripe-account', 16)}", "base_url": base}
        hook = f"whsec_{keys.secret(self.books, 'stripe-hook', 32)}"
        return ShopAccount(public, {"secret_key": self._key(), "webhook_secret": hook})

    def fee_of(self, amount: int) -> int:
        """Two point nine in a hundred and thirty more, as on Stripe's price list for cards."""
        return (amount * 29 + 500) // 1000 + 30

    def tell_payment(self, payment: Payment, now: datetime) -> None:
        """Of the intent, and of the session once that is complete."""
        if payment.state == "paid":
            self.happened("payment_intent.succeeded", things.intent(payment, now), payment.number, payment, now)
            self.happened("charge.succeeded", things.charge(payment), payment.number, payment, now)
            self.happened("checkout.session.completed", self._session(payment), payment.number, payment, now)
        else:
            self.happened("payment_intent.payment_failed", things.intent(payment, now), payment.number, payment, now)

    def refuse(self, payment: Payment) -> Payment:
        """A card is declined; the session stays open for another one."""
        with self.books.held():
            current = self._waiting(payment, self.now())
            if current is None:
                return self._again(payment)
            current.facts |= {"tried": True, "error": current.facts.get("error") or cards.GENERIC.error()}
            self.books.put(current)
            self.tell_payment(current, self.now())
            return current

    def tick(self, now: datetime) -> None:
        """Sessions expire, and refunds that take their time come to an end."""
        with self.books.held():
            for payment in self.books.all(Payment, channel=self.name, state="waiting", expires_at__lte=now):
                self.expire(payment, now)
            for refund in self.books.all(Refund, channel=self.name, done_at__lte=now):
                calls.end_refund(self, refund, now)

    def expire(self, payment: Payment, now: datetime) -> None:
        """It can no longer be paid."""
        payment.state, payment.expires_at = "closed", min(payment.expires_at or now, now)
        self.books.put(payment)
        self.happened("checkout.session.expired", self._session(payment), payment.number, payment, now)

    def happened(self, kind: str, thing: things.Thing, number: str, payment: Payment, now: datetime) -> None:
        """Tell the endpoint, if it wants to hear of that."""
        url, wanted = self._endpoint(payment)
        if kind in wanted or "*" in wanted:
            event_id = fresh("evt_")
            facts = things.event(event_id, kind, thing, now, VERSION)
            self.tell(kind, number, url, facts, now, event_id=event_id)

    def listen(self, url: str, wanted: Sequence[str]) -> None:
        """Register the endpoint."""
        found = self.books.one(Kept, name=ENDPOINT)
        value = json.dumps({"url": url, "wanted": list(wanted)})
        if found is None:
            self.books.add(Kept(name=ENDPOINT, value=value))
        else:
            found.value = value
            self.books.put(found)

    def _endpoint(self, payment: Payment) -> tuple[str, Sequence[str]]:
        """Where events go. Without a registered endpoint it is where the only shop listens that there is here."""
        found = self.books.one(Kept, name=ENDPOINT)
        if found is not None:
            facts = json.loads(found.value)
            return facts["url"], facts["wanted"]
        shop = urlsplit(payment.facts["return_url"])
        return f"{shop.scheme}://{shop.netloc}{HOOK}", EVENTS

    def _session(self, payment: Payment) -> things.Thing:
        return things.session(payment, "", self.now())

    def _key(self) -> str:
        return f"sk_test_{keys.secret(self.books, 'stripe-key', 24)}"

    def _check_key(self, header: str) -> None:
        scheme, _, given = header.partition(" ")
        if scheme.lower() != "bearer" or not given:
            raise BadRequest("You did not provide an API key.", status=401)
        if not hmac.compare_digest(given.encode(), self._key().encode()):
            raise BadRequest(f"Invalid API Key provided: {given[:8]}****", status=401, code="api_key_invalid")

    def _once(self, asked: Asked) -> tuple[int, Any, bool]:
        """The same key and parameters again give the first answer; with others they are an error."""
        key = asked.headers.get("idempotency-key", "")
        with self.books.held():
            if asked.method != "POST" or not key:
                return 200, calls.answer(self, asked), False
            name, now = f"stripe:idem:{key}", self.now()
            print_of = sha256(f"{asked.path}\n".encode() + asked.body).hexdigest()
            found = self.books.one(Kept, name=name)
            kept: dict[str, Any] | None = json.loads(found.value) if found else None
            if found and kept and datetime.fromisoformat(kept["at"]) + KEY_LIFE <= now:
                self.books.drop(found)
                kept = None
            if kept is not None and kept["print"] != print_of:
                raise BadRequest(
                    "Keys for idempotent requests can only be used with the same parameters they were first used "
                    f"with. Try using a key other than '{key}' if you meant to execute a different request.",
                    kind="idempotency_error",
                )
            if kept is not None:
                return kept["status"], kept["facts"], True
            # What is refused before anything began is not kept, and may be asked again with the same key.
            facts = calls.answer(self, asked)
            value = json.dumps({"at": now.isoformat(), "print": print_of, "status": 200, "facts": facts})
            self.books.add(Kept(name=name, value=value))
            return 200, facts, False

    def _date(self) -> str:
        return format_datetime(self.now(), usegmt=True)
