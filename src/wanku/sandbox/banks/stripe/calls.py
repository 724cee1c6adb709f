"""What the API can do."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final, TypeVar

from wanku.sandbox.banks.bank import fresh
from wanku.sandbox.banks.books import Payment, Refund
from wanku.sandbox.banks.http import Asked
from wanku.sandbox.banks.stripe import things
from wanku.sandbox.banks.stripe.forms import BadRequest, decoded, known, needed, whole

if TYPE_CHECKING:
    from wanku.sandbox.banks.stripe.bank import StripeBank

SESSION_LIFE: Final = timedelta(days=1)
SLOW_REFUND: Final = timedelta(minutes=1)
LOST_REFUND: Final = timedelta(minutes=2)
REASONS: Final = ("duplicate", "fraudulent", "requested_by_customer")
CREATE: Final = (
    "mode", "payment_method_types", "line_items", "client_reference_id", "metadata", "payment_intent_data",
    "success_url", "cancel_url", "locale", "expand", "expires_at", "submit_type", "customer_email",
)  # fmt: skip
Params = dict[str, Any]
T = TypeVar("T")
LIST: Final = ("created", "limit", "starting_after", "expand")


def answer(bank: StripeBank, asked: Asked) -> Any:
    """The object that a call gives.

    Raises:
        BadRequest: what Stripe would answer instead.
    """
    params = decoded(asked.body.decode() if asked.method == "POST" else asked.query)
    for method, form, call in ROUTES:
        found = form.fullmatch(asked.path)
        if found and method == asked.method:
            return call(bank, asked, params, *found.groups())
    raise BadRequest(f"Unrecognized request URL ({asked.method}: {asked.path}).", status=404)


def end_refund(bank: StripeBank, refund: Refund, now: datetime) -> None:
    """The card's bank has taken the money, or sends it back."""
    lost = refund.facts.get("refunds") == "lost"
    refund.state, refund.done_at = ("failed", None) if lost else ("done", None)
    refund.facts |= {"status": "", "failure": "lost_or_stolen_card" if lost else "", "ended": now.isoformat()}
    bank.books.put(refund)
    payment = bank.books.one(Payment, channel=bank.name, number=refund.payment_number)
    if payment is not None:
        kind = "refund.failed" if lost else "refund.updated"
        bank.happened(kind, things.refund(refund), refund.number, payment, now)


def _create(bank: StripeBank, asked: Asked, params: Params) -> things.Thing:
    known(params, CREATE)
    if needed(params, "mode") != "payment":
        raise BadRequest("This sandbox knows only the mode `payment`.", param="mode")
    items = needed(params, "line_items")
    amount, currencies = 0, set()
    for item in items:
        price = needed(item, "price_data")
        amount += whole(price.get("unit_amount"), "line_items[0][price_data][unit_amount]") * whole(
            item.get("quantity"), "line_items[0][quantity]"
        )
        currencies.add(str(needed(price, "currency")))
        needed(price, "product_data.name")
    if len(currencies) != 1 or not all(len(c) == 3 and c.islower() for c in currencies):
        raise BadRequest(f"Invalid currency: {', '.join(currencies)}", param="line_items[0][price_data][currency]")
    about = params.get("payment_intent_data", {})
    reference, ref, now = params.get("client_reference_id", ""), fresh("cs_test_", 60), bank.now()
    taken = bank.payment(reference) is not None
    payment = bank.books.add(
        Payment(
            channel=bank.name,
            # The books know payments by the shop's number; a second session of one number is Stripe's alone.
            number=reference if reference and not taken else ref,
            ref=ref,
            token=fresh("", 40),
            account="shop",
            amount=amount,
            currency=currencies.pop().upper(),
            opened_at=now,
            expires_at=now + SESSION_LIFE,
            facts={
                "payee": "Wanku",
                "subject": about.get("description") or items[0]["price_data"]["product_data"]["name"],
                "reference": reference,
                "metadata": params.get("metadata", {}),
                "intent_metadata": about.get("metadata", {}),
                "return_url": str(needed(params, "success_url")),
                "cancel_url": params.get("cancel_url", ""),
                "intent": fresh("pi_"),
                "charge": fresh("ch_"),
            },
        )
    )
    return _shown(bank, asked, payment, params)


def _sessions(bank: StripeBank, asked: Asked, params: Params) -> things.Thing:
    known(params, (*LIST, "payment_intent", "status"))
    rows = bank.books.all(Payment, channel=bank.name, **_span("opened_at", params))
    wanted = params.get("payment_intent")
    shown = [
        things.session(row, asked.base, bank.now(), expand=_expands(params, "data.payment_intent"))
        for row in reversed(rows)
        if wanted is None or row.facts["intent"] == wanted
    ]
    return things.page(shown, params, "/v1/checkout/sessions")


def _shown(bank: StripeBank, asked: Asked, payment: Payment, params: Params) -> things.Thing:
    return things.session(payment, asked.base, bank.now(), expand=_expands(params, "payment_intent"))


def _retrieve(bank: StripeBank, asked: Asked, params: Params, ref: str) -> things.Thing:
    return _shown(bank, asked, _session(bank, ref), params)


def _expire(bank: StripeBank, asked: Asked, params: Params, ref: str) -> things.Thing:
    payment = _session(bank, ref)
    if things.status_of(payment, bank.now()) != "open":
        raise BadRequest(
            'Only Checkout Sessions with a status in ["open"] can be expired. This Checkout Session has a status of '
            f"`{things.status_of(payment, bank.now())}`."
        )
    bank.expire(payment, bank.now())
    return _shown(bank, asked, payment, params)


def _intent(bank: StripeBank, asked: Asked, params: Params, ref: str) -> things.Thing:
    return things.intent(_by_intent(bank, ref), bank.now())


def _cancel(bank: StripeBank, asked: Asked, params: Params, ref: str) -> things.Thing:
    payment = _by_intent(bank, ref)
    if payment.state in ("paid", "paying"):
        status = things.intent(payment, bank.now())["status"]
        raise BadRequest(
            f"You cannot cancel this PaymentIntent because it has a status of {status}.",
            code="payment_intent_unexpected_state",
        )
    if payment.state == "waiting":
        bank.expire(payment, bank.now())
    return things.intent(payment, bank.now())


def _refund(bank: StripeBank, asked: Asked, params: Params) -> things.Thing:
    known(params, ("payment_intent", "amount", "reason", "metadata", "charge", "expand"))
    payment = _by_intent(bank, str(needed(params, "payment_intent")))
    if payment.state != "paid":
        raise BadRequest(f"This PaymentIntent ({payment.facts['intent']}) does not have a successful charge to refund.")
    if params.get("reason", REASONS[0]) not in REASONS:
        raise BadRequest(
            "Invalid reason: must be one of duplicate, fraudulent, or requested_by_customer", param="reason"
        )
    back = sum(r.amount for r in _of(bank, payment) if r.state != "failed")
    amount = whole(params["amount"], "amount") if "amount" in params else payment.amount - back
    if back >= payment.amount:
        raise BadRequest(f"Charge {payment.facts['charge']} has already been refunded.", code="charge_already_refunded")
    if back + amount > payment.amount:
        raise BadRequest(
            f"Refund amount ({amount}) is greater than unrefunded amount on charge ({payment.amount - back})",
            param="amount",
        )
    metadata, ref, now = params.get("metadata", {}), fresh("re_"), bank.now()
    number = str(metadata.get("number", ""))
    taken = bank.books.one(Refund, channel=bank.name, number=number) is not None
    way = payment.facts.get("refunds", "")
    refund = bank.books.add(
        Refund(
            channel=bank.name,
            number=number if number and not taken else ref,
            ref=ref,
            account="shop",
            payment_number=payment.number,
            amount=amount,
            at=now,
            state="processing" if way == "slow" else "done",
            done_at={"slow": now + SLOW_REFUND, "lost": now + LOST_REFUND}.get(way),
            facts={
                "intent": payment.facts["intent"],
                "charge": payment.facts["charge"],
                "currency": payment.currency,
                "metadata": metadata,
                "reason": params.get("reason", ""),
                "refunds": way,
            },
        )
    )
    bank.happened("refund.created", things.refund(refund), refund.number, payment, now)
    bank.happened("charge.refunded", things.charge(payment, back + amount), payment.number, payment, now)
    return things.refund(refund)


def _one_refund(bank: StripeBank, asked: Asked, params: Params, ref: str) -> things.Thing:
    return things.refund(_found(bank.books.one(Refund, channel=bank.name, ref=ref), "refund", ref))


def _refunds(bank: StripeBank, asked: Asked, params: Params) -> things.Thing:
    known(params, (*LIST, "payment_intent", "charge"))
    rows = bank.books.all(Refund, channel=bank.name, **_span("at", params))
    wanted = params.get("payment_intent")
    shown = [things.refund(row) for row in reversed(rows) if wanted is None or row.facts["intent"] == wanted]
    return things.page(shown, params, "/v1/refunds")


def _booked(bank: StripeBank, asked: Asked, params: Params) -> things.Thing:
    known(params, (*LIST, "type", "source", "currency"))
    expand = _expands(params, "data.source")
    rows = [
        things.booking("charge", things.charge(row), row.amount, row.fee, row.paid_at or row.opened_at, expand=expand)
        for row in bank.books.all(Payment, channel=bank.name, state="paid", **_span("paid_at", params))
    ]
    rows += [
        things.booking("refund", things.refund(refund), -refund.amount, 0, refund.at, expand=expand)
        for refund in bank.books.all(Refund, channel=bank.name, **_span("at", params))
    ]
    for refund in bank.books.all(Refund, channel=bank.name, state="failed"):
        at = datetime.fromisoformat(refund.facts["ended"])
        if _inside(at, params):
            thing = things.refund(refund)
            rows.append(things.booking("refund_failure", thing, refund.amount, 0, at, expand=expand))
    rows.sort(key=lambda row: row["created"], reverse=True)
    return things.page(rows, params, "/v1/balance_transactions")


def _listen(bank: StripeBank, asked: Asked, params: Params) -> things.Thing:
    known(params, ("url", "enabled_events", "description", "metadata", "api_version"))
    url, wanted = str(needed(params, "url")), list(needed(params, "enabled_events"))
    bank.listen(url, wanted)
    secret = bank.account(asked.base).secret["webhook_secret"]
    return {
        "id": fresh("we_"), "object": "webhook_endpoint", "url": url, "enabled_events": wanted,
        "livemode": False, "secret": secret, "status": "enabled", "created": things.stamp(bank.now()),
    }  # fmt: skip


def _session(bank: StripeBank, ref: str) -> Payment:
    return _found(bank.books.one(Payment, channel=bank.name, ref=ref), "checkout.session", ref)


def _by_intent(bank: StripeBank, ref: str) -> Payment:
    rows = bank.books.all(Payment, channel=bank.name)
    return _found(next((row for row in rows if row.facts["intent"] == ref), None), "payment_intent", ref)


def _found(thing: T | None, kind: str, ref: str) -> T:
    if thing is None:
        raise BadRequest(f"No such {kind}: '{ref}'", param="id", code="resource_missing", status=404)
    return thing


def _of(bank: StripeBank, payment: Payment) -> list[Refund]:
    rows = bank.books.all(Refund, channel=bank.name, payment_number=payment.number)
    return list(rows)


def _expands(params: Params, what: str) -> bool:
    return what in params.get("expand", [])


def _span(column: str, params: Params) -> dict[str, datetime]:
    created = params.get("created", {})
    if not isinstance(created, dict):
        raise BadRequest("Invalid object", param="created")
    return {f"{column}__{sign}": datetime.fromtimestamp(int(value), UTC) for sign, value in created.items()}


def _inside(at: datetime, params: Params) -> bool:
    span = {sign: int(value) for sign, value in params.get("created", {}).items()}
    return span.get("gte", 0) <= things.stamp(at) < span.get("lt", 2**40)


SESSIONS: Final = "/v1/checkout/sessions"
ROUTES: Final[tuple[tuple[str, re.Pattern[str], Callable[..., Any]], ...]] = tuple(
    (method, re.compile(path), call)
    for method, path, call in (
        ("POST", SESSIONS, _create),
        ("GET", SESSIONS, _sessions),
        ("GET", rf"{SESSIONS}/(\w+)", _retrieve),
        ("POST", rf"{SESSIONS}/(\w+)/expire", _expire),
        ("GET", r"/v1/payment_intents/(\w+)", _intent),
        ("POST", r"/v1/payment_intents/(\w+)/cancel", _cancel),
        ("POST", "/v1/refunds", _refund),
        ("GET", "/v1/refunds", _refunds),
        ("GET", r"/v1/refunds/(\w+)", _one_refund),
        ("GET", "/v1/balance_transactions", _booked),
        ("POST", "/v1/webhook_endpoints", _listen),
    )
)
