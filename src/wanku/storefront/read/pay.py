"""What the pay page and its result show."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from django.db.models import Prefetch
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from wanku.access.actor import Actor
from wanku.kernel.ids import clean_number
from wanku.orders.models import Line, Order, Trade
from wanku.orders.states import CANCELLED, PAID, PLACED
from wanku.payments.models import Attempt, Refund
from wanku.payments.states import CAPTURED, CREATED, FAILED, PENDING, SUCCEEDED

FAILURES: Mapping[str, str | Promise] = MappingProxyType(
    {
        "insufficient_funds": _("There is not enough money in the account that you chose."),
        "card_declined": _("The bank declined the card."),
        "risk_rejected": _("The bank's security check stopped the payment."),
        "expired": _("The time to pay at the bank ran out."),
        "cancelled": _("The payment was called off at the bank."),
    }
)
READY: Final = "ready"
WAITING: Final = "waiting"
REFUSED: Final = "refused"
DONE: Final = "done"
OVER: Final = "over"
LATE: Final = "late"


@dataclass(frozen=True, slots=True)
class PayView:
    """A trade and how its payment stands.

    Attributes:
        attempt: the latest one, if any.
        refund: money of a late or double payment on its way back.
    """

    trade: Trade
    orders: tuple[Order, ...]
    attempt: Attempt | None
    refund: Refund | None
    stage: str

    @property
    def failure(self) -> str:
        """Why the last attempt failed, in words."""
        code = self.attempt.failure if self.attempt is not None else ""
        return str(FAILURES.get(code) or gettext("The bank did not accept the payment."))

    @property
    def is_final(self) -> bool:
        """Whether waiting changes nothing any more."""
        return self.stage in (DONE, REFUSED, OVER) or (
            self.stage == LATE and self.refund is not None and self.refund.state == SUCCEEDED
        )


def trade_of(actor: Actor, number: str) -> Trade | None:
    """The buyer's own trade of a number."""
    digits = clean_number(number)
    return Trade.objects.bought_by(actor).filter(number=digits).first() if digits else None


def read_pay(trade: Trade) -> PayView:
    """Everything about paying a trade; four queries."""
    orders = tuple(
        Order.objects.filter(trade=trade)
        .select_related("merchant")
        .prefetch_related(Prefetch("lines", queryset=Line.objects.order_by("id")))
        .order_by("merchant_id")
    )
    attempts = list(Attempt.objects.filter(trade=trade).order_by("created_at"))
    refund = Refund.objects.filter(trade=trade, order=None).order_by("-created_at").first() if attempts else None
    attempt = attempts[-1] if attempts else None
    return PayView(trade, orders, attempt, refund, _stage(trade, attempts))


def _stage(trade: Trade, attempts: list[Attempt]) -> str:
    last = attempts[-1] if attempts else None
    if trade.state == PAID:
        return DONE
    if trade.state == CANCELLED:
        return LATE if any(attempt.state == CAPTURED for attempt in attempts) else OVER
    if trade.state == PLACED and last is not None and last.state in (CREATED, PENDING):
        return WAITING
    return REFUSED if last is not None and last.state == FAILED else READY
