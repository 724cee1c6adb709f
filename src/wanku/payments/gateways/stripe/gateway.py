"""The gateway; why it sends buyers to a hosted page: the docstring of its folder."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date, datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, Any, Final, TypeVar

from wanku.kernel.ids import NUMBER_ZONE, clean_number
from wanku.kernel.refusal import gettext_noop
from wanku.payments.channel import (
    BillRow,
    ChannelResult,
    ChannelState,
    Heard,
    Known,
    Method,
    Opened,
    Opening,
    RefundCall,
    RefundResult,
    RefundState,
    ShownAs,
)
from wanku.payments.gateways.stripe import CURRENCIES, FIELDS, NAME, notices
from wanku.payments.gateways.stripe.bill import rows_of
from wanku.payments.gateways.stripe.client import asking, client, clients, current, invalid_request
from wanku.payments.gateways.stripe.said import Thing, number_of, of_refund, of_session

if TYPE_CHECKING:
    from stripe import StripeClient

T = TypeVar("T")
INTENT: Final = ["payment_intent"]
SESSION_LIFE: Final = timedelta(days=1)
"""How long a session can be paid when nobody ends it; ours are ended by the clock of the attempt."""
ARRIVAL: Final = gettext_noop("On the card within 5 to 10 working days.")
CARD: Final = Method(
    gettext_noop("Bank card"),
    currencies=CURRENCIES,
    arrival=ARRIVAL,
    hint=gettext_noop("Enter your card at Stripe; you come back here afterwards."),
)


class StripeGateway:
    """Cards on Stripe's own page."""

    name = NAME
    heard = Heard(status=200)
    fields = FIELDS
    bill_zone = "UTC"

    def methods(self) -> Mapping[str, Method]:
        """One: any card."""
        return {"card": CARD} if current() else {}

    def open(self, opening: Opening) -> Opened:
        """A Checkout Session. The same number within a day is the same session, by Stripe's idempotency."""
        name = opening.subject or opening.number
        goods = {"currency": opening.currency.lower(), "unit_amount": opening.amount, "product_data": {"name": name}}
        params: Any = {
            "mode": "payment",
            "payment_method_types": ["card"],
            "line_items": [{"quantity": 1, "price_data": goods}],
            "client_reference_id": opening.number,
            "metadata": {"number": opening.number},
            "payment_intent_data": {"metadata": {"number": opening.number}, "description": name},
            "success_url": opening.return_url,
            "cancel_url": opening.return_url,
            "locale": "auto",
        }
        with asking():
            session = client().v1.checkout.sessions.create(params, {"idempotency_key": opening.number})
            return Opened(ShownAs.REDIRECT, str(session["url"]), str(session["id"]))

    def query(self, known: Known) -> ChannelResult:
        """Read the session and its intent; one whose id we never learnt is looked for among those of its day."""
        with asking():
            return _result(known, _session(known)[1])

    def close(self, known: Known) -> ChannelResult:
        """Expire the session, or cancel the intent that it left under way."""
        with asking():
            at, session = _session(known)
            if session is not None and _ended(at, session):
                session = _session_at(at, Known(known.number, session["id"]))
            return _result(known, session)

    def refund(self, call: RefundCall) -> RefundResult:
        """Refund the intent, once for each number.

        A refund that failed has given its money back to us, so sending it again is a new one at Stripe: with a key of
        its own, counted from the failed ones, so that two who try at once still make only one.
        """
        with asking():
            at, intent = _intent_of(call)
            if intent is None:
                return RefundResult(call.number, RefundState.FAILED, failure="no_such_payment", gateway=NAME)
            made = _refunds(at, intent, call.number)
            going = [refund for refund in made if of_refund(refund).state != RefundState.FAILED]
            if going:
                return of_refund(going[0])
            params: Any = {
                "payment_intent": intent,
                "amount": call.amount,
                "reason": "duplicate" if call.reason == "duplicate" else "requested_by_customer",
                "metadata": {"number": call.number, "payment": call.payment_number},
            }
            key = f"{call.number}-{len(made)}" if made else call.number
            try:
                return of_refund(at.v1.refunds.create(params, {"idempotency_key": key}).to_dict())
            except invalid_request() as no:
                failure = str(no.code or "refused")[:60]
                return RefundResult(call.number, RefundState.FAILED, failure=failure, gateway=NAME)

    def query_refund(self, call: RefundCall) -> RefundResult:
        """Look for it among the refunds of its payment: the one that goes on, else the latest that failed."""
        with asking():
            at, intent = _intent_of(call)
            said = [of_refund(refund) for refund in _refunds(at, intent, call.number)] if intent is not None else []
            going = [result for result in said if result.state != RefundState.FAILED]
            return next(iter(going or said), RefundResult(call.number, RefundState.UNKNOWN, gateway=NAME))

    def parse_notice(
        self, headers: Mapping[str, str], body: bytes, now: datetime
    ) -> ChannelResult | RefundResult | None:
        """Verify and read an event.

        Raises:
            NoticeRefused: forged, altered, too old, of another account or unreadable.
        """
        return notices.parse(headers, body, now)

    def bill(self, day: date) -> Iterable[BillRow]:
        """Balance transactions of a day in UTC, with their fees.

        Raises:
            NoBill: the day is not over.
        """
        return rows_of(day)


def _result(known: Known, session: Thing | None) -> ChannelResult:
    if session is None:
        return ChannelResult(NAME, known.number, ChannelState.UNKNOWN)
    if number_of(session) != known.number:
        raise ValueError("the session is for another payment")
    return of_session(session)


def _session(known: Known) -> "tuple[StripeClient, Thing | None]":
    """The session and the account that has it; none when no account has."""
    for at in clients():
        session = _session_at(at, known)
        if session is not None:
            return at, session
    return client(), None


def _session_at(at: "StripeClient", known: Known) -> Thing | None:
    """The session with its intent, by whatever we know of it; none when it is not at this account."""
    sessions = at.v1.checkout.sessions
    if known.channel_ref.startswith("pi_"):
        found: Any = {"payment_intent": known.channel_ref, "limit": 1, "expand": ["data.payment_intent"]}
        return _unless_missing(lambda: next((session.to_dict() for session in sessions.list(found).data), None))
    if not known.channel_ref:
        return next(_of_the_day(at, known.number), None)
    return _unless_missing(lambda: sessions.retrieve(known.channel_ref, {"expand": INTENT}).to_dict())


def _unless_missing(ask: Callable[[], T]) -> T | None:
    """What Stripe says; none where it says that there is no such thing."""
    try:
        return ask()
    except invalid_request() as no:
        if no.http_status == 404 or no.code == "resource_missing":
            return None
        raise


def _of_the_day(at: "StripeClient", number: str) -> Iterator[Thing]:
    """Sessions that carry the number, newest first.

    Stripe's search may lag behind by minutes and knows no sessions, so they are listed, of the days that the number
    may be of. That happens only when the answer to `open` was lost.
    """
    if clean_number(number) != number:
        return
    day = datetime.strptime(number[:6], "%y%m%d").replace(tzinfo=NUMBER_ZONE)
    span = {"gte": int((day - SESSION_LIFE).timestamp()), "lt": int((day + 2 * SESSION_LIFE).timestamp())}
    params: Any = {"created": span, "limit": 100, "expand": ["data.payment_intent"]}
    for session in at.v1.checkout.sessions.list(params).auto_paging_iter():
        if session["client_reference_id"] == number:
            yield session.to_dict()


def _ended(at: "StripeClient", session: Thing) -> bool:
    """Ask Stripe to end it; whether that was worth asking. A refusal means that it has moved on, and is read anew."""
    intent: Thing | None = session["payment_intent"]
    try:
        if session["status"] == "open":
            at.v1.checkout.sessions.expire(session["id"])
        elif (
            session["status"] == "complete" and intent is not None and intent["status"] not in ("succeeded", "canceled")
        ):
            at.v1.payment_intents.cancel(intent["id"])
        else:
            return False
    except invalid_request():
        return True
    return True


def _intent_of(call: RefundCall) -> "tuple[StripeClient, str | None]":
    """The payment's intent and the account that has it; with a single account it is not asked for."""
    intent, every = call.payment_ref, clients()
    if not intent.startswith("pi_"):
        at, session = _session(Known(call.payment_number, intent))
        found = session["payment_intent"] if session is not None else None
        return at, str(found["id"]) if found is not None else None
    if len(every) == 1:
        return every[0], intent
    for at in every:
        if _unless_missing(partial(at.v1.payment_intents.retrieve, intent)) is not None:
            return at, intent
    return every[0], None


def _refunds(at: "StripeClient", intent: str, number: str) -> list[Thing]:
    """Refunds of a payment that carry the number, newest first."""
    made = at.v1.refunds.list({"payment_intent": intent, "limit": 100}).auto_paging_iter()
    return [refund.to_dict() for refund in made if number_of(refund.to_dict()) == number]
