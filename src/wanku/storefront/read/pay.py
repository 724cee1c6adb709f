"""What the pay page and its result show."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Final
from urllib.parse import urlencode

from django.conf import settings
from django.db.models import Prefetch
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from wanku.access.actor import Actor
from wanku.fulfilment.models import Booking
from wanku.kernel.ids import clean_number
from wanku.kinds import course as states
from wanku.kinds.registry import KINDS, SHIP
from wanku.orders.models import Line, Order, Trade
from wanku.orders.states import CANCELLED, PAID, PLACED
from wanku.payments.channel import Place, ShownAs
from wanku.payments.gateways import GATEWAYS
from wanku.payments.models import Attempt, BankTransfer, Refund
from wanku.payments.states import CAPTURED, CREATED, FAILED, PENDING, REPORTED, SUCCEEDED
from wanku.storefront.read.orders import shown_state
from wanku.storefront.read.refunds import RefundView, read_refunds
from wanku.ui.booking_words import order_label, span_text
from wanku.ui.labels import Label
from wanku.ui.words import exact_text

_ANOTHER: Final = _("Choose another card, account or way to pay.")
_BANK: Final = _("Ask your bank, or choose another way to pay.")
FAILURES: Mapping[str, tuple[str | Promise, str | Promise]] = MappingProxyType(
    {
        "insufficient_funds": (_("There is not enough money in the account that you chose."), _ANOTHER),
        "card_declined": (_("The bank declined the card."), _BANK),
        "expired_card": (_("The card has expired."), _ANOTHER),
        "incorrect_cvc": (
            _("The security code of the card is wrong."),
            _("Look at the back of the card and try again."),
        ),
        "authentication_required": (
            _("The bank wants to be sure that it is you."),
            _("Try again and confirm it in the app of your bank."),
        ),
        "risk_rejected": (_("The bank's security check stopped the payment."), _BANK),
        "expired": (_("The time to pay at the bank ran out."), _("Start again; you get a fresh code.")),
        "cancelled": (
            _("The payment was called off at the bank."),
            _("Start again whenever you like, while there is time."),
        ),
    }
)
"""Why a payment failed and what to do, by the code of the channel."""
READY: Final = "ready"
WAITING: Final = "waiting"
UNPAID: Final = "unpaid"
"""Waiting as well, but the channel was asked for the buyer who is back from it, and knows of no payment."""
REFUSED: Final = "refused"
SEEN: Final = "seen"
"""One person of finance has seen the transfer; another has yet to confirm it."""
UNCONFIRMED: Final = "unconfirmed"
"""Cancelled, since nobody confirmed it in time."""
DONE: Final = "done"
OVER: Final = "over"
LATE: Final = "late"


@dataclass(frozen=True, slots=True)
class PayView:
    """A trade and how its payment stands.

    Attributes:
        attempt: the latest one, if any.
        refund: money of a late or double payment on its way back.
        seen: a bank transfer that waits for the second person of finance.
        after: once it is paid, how each order goes on.
    """

    trade: Trade
    orders: tuple[Order, ...]
    attempt: Attempt | None
    refund: RefundView | None
    stage: str
    seen: BankTransfer | None = None
    after: tuple["After", ...] = ()

    @property
    def failure(self) -> str:
        """Why the last attempt failed, in words."""
        known = FAILURES.get(self.attempt.failure if self.attempt is not None else "")
        return str(known[0]) if known else gettext("The bank did not accept the payment.")

    @property
    def what_to_do(self) -> str:
        """What helps against it."""
        known = FAILURES.get(self.attempt.failure if self.attempt is not None else "")
        return str(known[1] if known else _ANOTHER)

    @property
    def way(self) -> str:
        """How the latest attempt was made, as it is chosen; empty without one."""
        return f"{self.attempt.gateway}:{self.attempt.method}" if self.attempt is not None else ""

    @property
    def bank(self) -> str:
        """The way to pay of the latest attempt, as buyers know it."""
        attempt = self.attempt
        way = GATEWAYS[attempt.gateway].methods().get(attempt.method) if attempt is not None else None
        return gettext(way.label) if way is not None else gettext("The bank")

    @property
    def open_page(self) -> str:
        """Address of a payment that is made on another page; empty for one that is made on ours."""
        attempt = self.attempt
        return attempt.pay_url if attempt is not None and attempt.shown_as == ShownAs.REDIRECT else ""

    @property
    def is_final(self) -> bool:
        """Whether waiting changes nothing any more."""
        return self.stage in (DONE, REFUSED, OVER) or (
            self.stage == LATE and self.refund is not None and self.refund.refund.state == SUCCEEDED
        )


@dataclass(frozen=True, slots=True)
class After:
    """How an order goes on that is paid.

    Attributes:
        label: how it stands, in the words of its kind.
        when: the time that was booked; empty without one.
        what: what comes next, where the label does not say it.
    """

    order: Order
    label: Label
    when: str
    what: str


@dataclass(frozen=True, slots=True)
class Panel:
    """A payment that is made from our page: by a code to scan, inside WeChat, or by transfer.

    Attributes:
        kind: `ShownAs`.
        label: name of the way to pay.
        value: a text for a QR code, or JSON for the app that shows the page.
        lines: label, value and whether it is worth a copy button, of the account to transfer to.
    """

    attempt: Attempt
    kind: str
    label: str
    value: str
    lines: tuple[tuple[str, str, bool], ...] = ()

    @property
    def stand_in(self) -> str:
        """Where the sandbox plays the phone that scans, or WeChat around the page; empty without simulated banks."""
        if not settings.SANDBOX_URL:
            return ""
        if self.kind == ShownAs.QR:
            return f"{settings.SANDBOX_URL}/scan?{urlencode({'text': self.value})}"
        if self.kind == ShownAs.JSAPI:
            return f"{settings.SANDBOX_URL}/{self.attempt.gateway}/bridge?{urlencode(json.loads(self.value))}"
        return ""


LINES: Mapping[str, str | Promise] = MappingProxyType(
    {
        "holder": _("Account holder"),
        "bank": _("Bank"),
        "account": _("Account number"),
        "bank_code": _("Bank code"),
        "quote": _("Number to quote"),
    }
)
COPIED: Final = frozenset({"account", "bank_code", "quote"})
PLACES: Mapping[str, frozenset[Place]] = MappingProxyType(
    {
        ShownAs.QR: frozenset({Place.DESKTOP}),
        ShownAs.JSAPI: frozenset({Place.WECHAT}),
        ShownAs.TRANSFER: frozenset(Place),
    }
)


def read_panel(view: PayView, place: Place, now: datetime) -> Panel | None:
    """The open payment, if it is made from our page and where the buyer is."""
    attempt = view.attempt
    if view.stage != WAITING or attempt is None or attempt.state != PENDING or attempt.expires_at <= now:
        return None
    if place not in PLACES.get(attempt.shown_as, frozenset()):
        return None
    lines: tuple[tuple[str, str, bool], ...] = ()
    if attempt.shown_as == ShownAs.TRANSFER:
        found = json.loads(attempt.pay_url)
        lines = tuple((str(LINES.get(name, name)), str(text), name in COPIED) for name, text in found.items())
    return Panel(attempt, attempt.shown_as, view.bank, attempt.pay_url, lines)


def trade_of(actor: Actor, number: str) -> Trade | None:
    """The buyer's own trade of a number."""
    digits = clean_number(number)
    return Trade.objects.bought_by(actor).filter(number=digits).first() if digits else None


def read_pay(trade: Trade, *, asked: bool = False) -> PayView:
    """Everything about paying a trade; four queries, one more for money on its way back, one for bank
    transfers, and one for what was booked once it is paid.

    Args:
        asked: its channel was asked for the buyer, and knew of no payment.
    """
    orders = tuple(
        Order.objects.filter(trade=trade)
        .select_related("merchant")
        .prefetch_related(Prefetch("lines", queryset=Line.objects.order_by("id")))
        .order_by("merchant_id")
    )
    attempts = list(Attempt.objects.filter(trade=trade).order_by("created_at"))
    back = Refund.objects.filter(trade=trade, order=None).select_related("attempt").order_by("-created_at")
    refund = next(iter(read_refunds(back[:1], {})), None) if attempts else None
    attempt = attempts[-1] if attempts else None
    seen = _seen(trade, attempts)
    stage = _stage(trade, attempts, seen)
    after = _after(orders) if stage == DONE else ()
    return PayView(trade, orders, attempt, refund, UNPAID if asked and stage == WAITING else stage, seen, after)


def _after(orders: Sequence[Order]) -> tuple[After, ...]:
    booked = [order.pk for order in orders if order.kind in KINDS]
    bookings = {row.order_id: row for row in Booking.objects.filter(order__in=booked)} if booked else {}
    return tuple(_next(order, bookings.get(order.pk)) for order in orders)


def _next(order: Order, booking: Booking | None) -> After:
    label = order_label(order.kind, shown_state(order, None), booking.state if booking is not None else None)
    if booking is None:
        packed = order.kind == SHIP and order.state == PAID
        return After(order, label, "", gettext("The shop prepares the goods.") if packed else "")
    starts_at, course = booking.starts_at, KINDS[order.kind].course
    when = span_text(starts_at, booking.ends_at, booking.zone) if starts_at is not None else ""
    what = ""
    if booking.state == states.TO_ACCEPT and booking.due_at is not None:
        what = gettext("The shop answers by %(until)s; without an answer everything goes back by itself.")
        what %= {"until": exact_text(booking.due_at)}
    elif course.at_once and booking.state == states.DONE:
        what = gettext("It is ready: you find it in the order.")
    elif course.by_code and booking.state == states.ACCEPTED:
        what = gettext("It is settled. The order has the code to show.")
    return After(order, label, when, what)


def _seen(trade: Trade, attempts: list[Attempt]) -> BankTransfer | None:
    """Of the sum that was asked for; another one pays nothing."""
    if not any(attempt.shown_as == ShownAs.TRANSFER for attempt in attempts):
        return None
    waiting = BankTransfer.objects.filter(attempt__trade=trade, refund=None, state=REPORTED, amount=trade.amount)
    return waiting.order_by("made_at").first()


def _stage(trade: Trade, attempts: list[Attempt], seen: BankTransfer | None) -> str:
    last = attempts[-1] if attempts else None
    if trade.state == PAID:
        return DONE
    if seen is not None:
        return SEEN if trade.state == PLACED else UNCONFIRMED
    if trade.state == CANCELLED:
        return LATE if any(attempt.state == CAPTURED for attempt in attempts) else OVER
    if trade.state == PLACED and last is not None and last.state in (CREATED, PENDING):
        return WAITING
    return REFUSED if last is not None and last.state == FAILED else READY
