"""Windows, settlements with their lines, payouts, and the bank accounts they go to."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from wanku.audit.models import Stateful
from wanku.kernel.ids import new_id, spaced
from wanku.kernel.money import Money
from wanku.kernel.states import Machine
from wanku.merchants.models import Merchant
from wanku.orders.models import Order
from wanku.settlement.states import (
    CREATED,
    FAILED,
    LIVE_PAYOUT,
    PAYABLE,
    PAYOUT_MACHINE,
    SETTLEMENT_MACHINE,
    WINDOW_MACHINE,
)


class Window(Stateful):
    """The time after receipt in which a buyer may still send an order back; its money stays held meanwhile.

    Attributes:
        due_at: when it closes.
        closed_at: when its money was released, or found to be gone.
    """

    MACHINE: ClassVar[Machine] = WINDOW_MACHINE

    id = models.UUIDField(primary_key=True, default=new_id)
    order = models.OneToOneField(Order, on_delete=models.PROTECT, related_name="+")
    trade_id = models.UUIDField()
    merchant_id = models.BigIntegerField()
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("after-sales window")
        constraints = [
            models.CheckConstraint(condition=models.Q(state__in=WINDOW_MACHINE.states()), name="window_state")
        ]
        indexes = [
            models.Index(fields=["due_at"], name="window_due", condition=models.Q(due_at__isnull=False)),
            models.Index(fields=["merchant_id", "due_at"], name="window_merchant", condition=models.Q(state="open")),
        ]

    def move_context(self) -> dict[str, object]:
        """A window's moves are in its trade's timeline and on its merchant's desk."""
        return {"merchant_id": self.merchant_id, "trade_id": self.trade_id}


class Period(models.TextChoices):
    """How often a merchant is settled."""

    DAILY = "daily", pgettext_lazy("settlement", "Every day")
    WEEKLY = "weekly", pgettext_lazy("settlement", "Every week, on Monday")


class Plan(models.Model):
    """How often a merchant is settled, and when next.

    Attributes:
        since: end of the period that was settled last, or when the first one began.
        due_at: end of the running period, a midnight where the merchant is.
    """

    merchant = models.OneToOneField(Merchant, on_delete=models.PROTECT, related_name="+")
    period = models.CharField(max_length=8, choices=Period, default=Period.DAILY)
    since = models.DateTimeField()
    due_at = models.DateTimeField()

    class Meta:
        verbose_name = _("settlement plan")
        indexes = [models.Index(fields=["due_at"], name="plan_due")]


class BankAccount(models.Model):
    """Where a merchant is paid. The newest row counts; older ones stay for the payouts that went there.

    Attributes:
        sealed: holder, bank and number as a JSON object, sealed (`wanku.kernel.secrets`, purpose ``bank_account``).
        tail: the last four digits, which is all that lists show.
        usable_from: end of the cooling time; until then nothing is paid out to it.
    """

    merchant = models.ForeignKey(Merchant, on_delete=models.PROTECT, related_name="+")
    sealed = models.TextField()
    tail = models.CharField(max_length=4)
    set_by = models.BigIntegerField(null=True)
    at = models.DateTimeField()
    usable_from = models.DateTimeField()

    class Meta:
        verbose_name = _("bank account")
        indexes = [models.Index(fields=["merchant", "-at"], name="bank_account_latest")]


class Settlement(Stateful):
    """What one period came to, in one currency. Its figures are a snapshot and never change.

    ``opening + orders + refunds + commission + fees + payouts + other = closing``, minor units; what leaves the balance
    is negative.

    Attributes:
        number: readable, with a check digit.
        opening, closing: the available balance before the first and after the last line.
        orders: what was released of orders, before the platform's commission and fees.
        frozen: what stood frozen at the end; it is no part of the balance.
        payable: what may be paid out: the closing balance, or nothing below the minimum.
        last_posting: id of the last posting in it.
    """

    MACHINE: ClassVar[Machine] = SETTLEMENT_MACHINE

    id = models.UUIDField(primary_key=True, default=new_id)
    number = models.CharField(max_length=17, unique=True)
    merchant = models.ForeignKey(Merchant, on_delete=models.PROTECT, related_name="+")
    currency = models.CharField(max_length=3)
    since = models.DateTimeField()
    until = models.DateTimeField()
    opening = models.BigIntegerField()
    orders = models.BigIntegerField()
    refunds = models.BigIntegerField()
    commission = models.BigIntegerField()
    fees = models.BigIntegerField()
    payouts = models.BigIntegerField()
    other = models.BigIntegerField()
    closing = models.BigIntegerField()
    frozen = models.BigIntegerField()
    payable = models.BigIntegerField()
    last_posting = models.BigIntegerField()
    drawn_at = models.DateTimeField()

    class Meta:
        verbose_name = _("settlement")
        constraints = [
            models.CheckConstraint(condition=models.Q(state__in=SETTLEMENT_MACHINE.states()), name="settlement_state"),
            models.CheckConstraint(
                condition=models.Q(
                    closing=models.F("opening")
                    + models.F("orders")
                    + models.F("refunds")
                    + models.F("commission")
                    + models.F("fees")
                    + models.F("payouts")
                    + models.F("other")
                ),
                name="settlement_adds_up",
            ),
            # The balance can be paid out once: by the latest settlement alone.
            models.UniqueConstraint(
                fields=["merchant", "currency"], condition=models.Q(state=PAYABLE), name="settlement_payable_once"
            ),
        ]
        indexes = [
            models.Index(fields=["due_at"], name="settlement_due", condition=models.Q(due_at__isnull=False)),
            models.Index(fields=["merchant", "-drawn_at"], name="settlement_merchant"),
            models.Index(fields=["state", "-drawn_at"], name="settlement_by_state"),
        ]

    def __str__(self) -> str:
        return spaced(self.number)

    def move_context(self) -> dict[str, object]:
        """A settlement's moves are on its merchant's desk."""
        return {"merchant_id": self.merchant_id}

    @property
    def total(self) -> Money:
        """What may be paid out."""
        return Money(self.payable, self.currency)


class LineKind(models.TextChoices):
    """What a line of a settlement is about."""

    ORDER = "order", pgettext_lazy("settlement", "Order")
    REFUND = "refund", pgettext_lazy("settlement", "Refund")
    COMMISSION = "commission", pgettext_lazy("settlement", "Commission")
    FEE = "fee", pgettext_lazy("settlement", "Fee")
    PAYOUT = "payout", pgettext_lazy("settlement", "Payout")
    RETURNED = "returned", pgettext_lazy("settlement", "Payout that came back")
    FROZEN = "frozen", pgettext_lazy("settlement", "Frozen or thawed")
    OTHER = "other", pgettext_lazy("settlement", "Other")


class SettlementLine(models.Model):
    """One movement of the available balance; each is in one settlement.

    Attributes:
        posting_id: the movement in the ledger.
        amount: what came (+) or left (−), minor units.
    """

    settlement = models.ForeignKey(Settlement, on_delete=models.PROTECT, related_name="lines")
    posting_id = models.BigIntegerField(unique=True)
    kind = models.CharField(max_length=10, choices=LineKind)
    order_id = models.UUIDField(null=True)
    amount = models.BigIntegerField()
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("settlement line")


class Payout(Stateful):
    """Money on its way to a merchant's bank account.

    Attributes:
        number: our number at the bank; the same on every retry, so that the bank pays once.
        bank: the channel that carries it (`wanku.settlement.banks`).
        maker, checker: two different people of platform finance.
        tries: how often the bank was called.
        bank_ref: the bank's own number, once known.
        failure: why it failed, as a code.
        watch_at: when a paid one is asked about again, since a bank may send money back later; empty when it is over.
    """

    MACHINE: ClassVar[Machine] = PAYOUT_MACHINE

    id = models.UUIDField(primary_key=True, default=new_id)
    number = models.CharField(max_length=17, unique=True)
    merchant = models.ForeignKey(Merchant, on_delete=models.PROTECT, related_name="+")
    settlement = models.ForeignKey(Settlement, on_delete=models.PROTECT, related_name="paid_by")
    account = models.ForeignKey(BankAccount, on_delete=models.PROTECT, related_name="+")
    bank = models.CharField(max_length=20)
    currency = models.CharField(max_length=3)
    amount = models.BigIntegerField()
    maker = models.BigIntegerField()
    checker = models.BigIntegerField(null=True)
    tries = models.PositiveIntegerField(default=0)
    bank_ref = models.CharField(max_length=64, blank=True)
    failure = models.CharField(max_length=60, blank=True)
    created_at = models.DateTimeField()
    paid_at = models.DateTimeField(null=True)
    watch_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("payout")
        constraints = [
            models.CheckConstraint(condition=models.Q(amount__gt=0), name="payout_amount_positive"),
            models.CheckConstraint(condition=models.Q(state__in=PAYOUT_MACHINE.states()), name="payout_state"),
            models.CheckConstraint(
                condition=models.Q(checker=None) | ~models.Q(checker=models.F("maker")), name="payout_two_people"
            ),
            models.CheckConstraint(
                condition=models.Q(checker__isnull=False) | models.Q(state=CREATED) | models.Q(state=FAILED),
                name="payout_checked",
            ),
            models.UniqueConstraint(
                fields=["settlement"], condition=models.Q(state__in=LIVE_PAYOUT), name="payout_once"
            ),
        ]
        indexes = [
            models.Index(fields=["due_at"], name="payout_due", condition=models.Q(due_at__isnull=False)),
            models.Index(fields=["watch_at"], name="payout_watch", condition=models.Q(watch_at__isnull=False)),
            models.Index(fields=["merchant", "-created_at"], name="payout_merchant"),
            models.Index(fields=["state", "-created_at"], name="payout_by_state"),
        ]

    def __str__(self) -> str:
        return spaced(self.number)

    def move_context(self) -> dict[str, object]:
        """A payout's moves are on its merchant's desk."""
        return {"merchant_id": self.merchant_id}

    @property
    def total(self) -> Money:
        """What is paid."""
        return Money(self.amount, self.currency)
