"""Finance holds back money of a merchant: of one order, or of what is available."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from wanku.access.actor import Actor
from wanku.access.can import Permission, require
from wanku.audit.move import note
from wanku.audit.reason import reason
from wanku.audit.record import record
from wanku.audit.rules import due
from wanku.kernel.ids import clean_number
from wanku.kernel.money import Money
from wanku.kernel.refusal import BAD_VALUE, NOT_FOUND, Code, Refusal, gettext_noop
from wanku.ledger.freezes import freeze_booking
from wanku.ledger.models import Balance, Freeze
from wanku.ledger.order_money import money_of
from wanku.ledger.post import available, post_all
from wanku.ledger.states import FROZEN
from wanku.merchants.models import Merchant
from wanku.orders.models import Order

NOT_THAT_MUCH = Code("not_that_much", gettext_noop("At most %(most)s can be frozen here."))
FROZEN_ALREADY = Code("frozen_already", gettext_noop("Money of this order is frozen already; thaw that first."))


@dataclass(frozen=True, slots=True)
class Freezing:
    """What is to be frozen.

    Attributes:
        amount: minor units; none for all that there is.
        order_number: as a person typed it; empty for an amount of what is available, whatever it was earned with.
    """

    merchant_id: int
    amount: int | None
    order_number: str = ""
    currency: str = "CNY"


def freeze_money(asked: Freezing, *, because: str, actor: Actor, now: datetime) -> Freeze:
    """Freeze an amount, at once; the merchant is told with the reason. It waits for finance to look again.

    Of an order its held money is frozen first, then what of it is available.

    Raises:
        Refusal: ``not_allowed``, ``not_found``, ``bad_value`` without a reason or for an amount that is none,
            ``not_that_much`` with the most that is possible, ``frozen_already``.
    """
    require(actor, Permission.MONEY_FREEZE)
    because = reason(because)
    if asked.amount is not None and asked.amount <= 0:
        raise Refusal(BAD_VALUE, field="amount", problem=gettext_noop("Please enter an amount above zero."))
    if not Merchant.objects.filter(pk=asked.merchant_id).exists():
        raise Refusal(NOT_FOUND)
    with transaction.atomic():
        order = _lock_order(asked)
        currency = order.currency if order else asked.currency
        from_held, from_available = _parts(asked, order, currency)
        freeze = Freeze.objects.create(
            merchant_id=asked.merchant_id,
            order_id=order.pk if order else None,
            currency=currency,
            amount=from_held + from_available,
            because=because,
            by=actor.person_id,
            since=now,
            state=FROZEN,
            due_at=due("review_freeze", now),
        )
        facts = {"amount": freeze.amount, "currency": currency, "order": order.number if order else ""}
        note(freeze, "freeze", by=actor.as_platform(), now=now, facts={**facts, "because": because})
        record(
            "freeze_money",
            actor_id=actor.person_id,
            subject_type="freeze",
            subject_id=freeze.pk,
            merchant_id=asked.merchant_id,
            because=because,
            facts=facts,
            now=now,
        )
        post_all([freeze_booking(freeze, from_held=from_held, from_available=from_available)], now=now)
    return freeze


def _lock_order(asked: Freezing) -> Order | None:
    if not asked.order_number.strip():
        return None
    rows = Order.objects.select_for_update(no_key=True, of=("self",))
    order = rows.filter(number=clean_number(asked.order_number) or "", merchant_id=asked.merchant_id).first()
    if order is None:
        problem = gettext_noop("This merchant has no such order.")
        raise Refusal(BAD_VALUE, field="order", problem=problem)
    if Freeze.objects.filter(order_id=order.pk, state=FROZEN).exists():
        raise Refusal(FROZEN_ALREADY, field="order")
    return order


def _parts(asked: Freezing, order: Order | None, currency: str) -> tuple[int, int]:
    """How much of it comes from held and from available. The balance is locked, so that it is frozen only once."""
    rows = Balance.objects.select_for_update(no_key=True)
    balance = rows.filter(account=available(asked.merchant_id), currency=currency).first()
    spare = max(0, balance.amount) if balance else 0
    held = 0
    if order is not None:
        money = money_of([order.pk])[order.pk]
        held, spare = max(0, money.held), min(spare, max(0, money.available))
    amount = held + spare if asked.amount is None else asked.amount
    if amount > held + spare or amount == 0:
        raise Refusal(NOT_THAT_MUCH, field="amount", most=Money(held + spare, currency))
    return min(held, amount), max(0, amount - held)
