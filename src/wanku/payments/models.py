"""Attempts, refunds and the inbox of channel events."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from wanku.audit.models import Stateful
from wanku.kernel.ids import new_id
from wanku.kernel.money import Money
from wanku.kernel.states import Machine
from wanku.orders.models import Line, Order, Trade
from wanku.payments.channel import Known
from wanku.payments.states import (
    ATTEMPT_MACHINE,
    BANK_TRANSFER_MACHINE,
    CAPTURED,
    CONFIRMED,
    DECLINED,
    REFUND_MACHINE,
)


class Attempt(Stateful):
    """One try to pay a trade through one channel.

    Attributes:
        number: our number at the channel (``out_trade_no``).
        gateway, method: channel folder and way of paying, e.g. ``sandbox`` and ``page``.
        channel_ref: the channel's own number, once known.
        shown_as: how the buyer gets there (`wanku.payments.channel.ShownAs`), once opened.
        pay_url: where the buyer pays, once opened: an address, a text for a QR code, or a JSON object.
        failure: code of the channel's refusal, shown to the buyer in words; of a payment that is still open, why the
            last card or account did not pay.
        asked: how often the channel was queried by the clock.
        asked_at: when it was last queried for the buyer, who is back or looks at the code.
        duplicate: captured although the trade was paid otherwise, or too late: the money goes back by itself.
    """

    MACHINE: ClassVar[Machine] = ATTEMPT_MACHINE

    id = models.UUIDField(primary_key=True, default=new_id)
    trade = models.ForeignKey(Trade, on_delete=models.PROTECT, related_name="attempts")
    number = models.CharField(max_length=32, unique=True)
    gateway = models.CharField(max_length=20)
    method = models.CharField(max_length=20)
    currency = models.CharField(max_length=3)
    amount = models.BigIntegerField()
    channel_ref = models.CharField(max_length=128, blank=True)
    shown_as = models.CharField(max_length=12, default="redirect")
    pay_url = models.CharField(max_length=4000, blank=True)
    failure = models.CharField(max_length=60, blank=True)
    asked = models.PositiveSmallIntegerField(default=0)
    asked_at = models.DateTimeField(null=True)
    duplicate = models.BooleanField(default=False)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    captured_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("payment attempt")
        constraints = [
            models.CheckConstraint(condition=models.Q(amount__gt=0), name="attempt_amount_positive"),
            models.CheckConstraint(condition=models.Q(state__in=ATTEMPT_MACHINE.states()), name="attempt_state"),
            # Invariant I3: at most one attempt pays a trade; a second capture is a duplicate and goes back.
            models.UniqueConstraint(
                fields=["trade"], condition=models.Q(state=CAPTURED, duplicate=False), name="attempt_pays_once"
            ),
        ]
        indexes = [models.Index(fields=["due_at"], name="attempt_due", condition=models.Q(due_at__isnull=False))]

    def move_context(self) -> dict[str, object]:
        """An attempt's moves are in its trade's timeline."""
        return {"trade_id": self.trade_id}

    @property
    def known(self) -> Known:
        """What a channel must hear to be asked about it."""
        return Known(self.number, self.channel_ref)

    @property
    def total(self) -> Money:
        """What the channel is asked to collect."""
        return Money(self.amount, self.currency)


class Refund(Stateful):
    """Money that goes back to where it came from.

    Attributes:
        number: our number at the channel; the same on every retry, so that the channel pays once.
        order: whose money it is, or none for duplicate and late money that was never an order's.
        freight: the part of ``amount`` that is freight; the rest is for lines (`RefundLine`).
        reason: ``withdrawn``, ``duplicate``, ``late``, ``refunded`` …
        note: what the buyer is told of why, in people's words.
        tries: how often it was sent.
        route: empty for the way the payment came; else how finance paid it, with the buyer's consent.
        reference: the proof of a payment by such a route.
        channel_ref: the channel's own number, once known.
        failure: code of the last failure.
    """

    MACHINE: ClassVar[Machine] = REFUND_MACHINE

    id = models.UUIDField(primary_key=True, default=new_id)
    attempt = models.ForeignKey(Attempt, on_delete=models.PROTECT, related_name="refunds")
    trade = models.ForeignKey(Trade, on_delete=models.PROTECT, related_name="refunds")
    order = models.ForeignKey(Order, null=True, on_delete=models.PROTECT, related_name="refunds")
    number = models.CharField(max_length=32, unique=True)
    currency = models.CharField(max_length=3)
    amount = models.BigIntegerField()
    freight = models.BigIntegerField(default=0, db_default=0)
    reason = models.CharField(max_length=40)
    note = models.CharField(max_length=200, blank=True, db_default="")
    tries = models.PositiveSmallIntegerField(default=0)
    channel_ref = models.CharField(max_length=128, blank=True)
    failure = models.CharField(max_length=60, blank=True)
    route = models.CharField(max_length=20, blank=True, db_default="")
    reference = models.CharField(max_length=60, blank=True, db_default="")
    created_at = models.DateTimeField()
    succeeded_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("refund")
        constraints = [
            models.CheckConstraint(condition=models.Q(amount__gt=0), name="refund_amount_positive"),
            models.CheckConstraint(
                condition=models.Q(freight__gte=0, freight__lte=models.F("amount")), name="refund_freight"
            ),
            models.CheckConstraint(condition=models.Q(state__in=REFUND_MACHINE.states()), name="refund_state"),
        ]
        indexes = [
            models.Index(fields=["due_at"], name="refund_due", condition=models.Q(due_at__isnull=False)),
            models.Index(
                fields=["succeeded_at"], name="refund_arrived", condition=models.Q(succeeded_at__isnull=False)
            ),
        ]

    def move_context(self) -> dict[str, object]:
        """A refund's moves are in its trade's timeline."""
        return {"trade_id": self.trade_id, "merchant_id": self.order.merchant_id if self.order else None}

    @property
    def total(self) -> Money:
        """What goes back."""
        return Money(self.amount, self.currency)


class RefundLine(models.Model):
    """What a refund is for: a part of what was paid for a line.

    Attributes:
        quantity: pieces that are paid back with it; none when only a sum is.
        called_off: how many of them had not left and never will.
        amount: minor units.
    """

    refund = models.ForeignKey(Refund, on_delete=models.PROTECT, related_name="lines")
    line = models.ForeignKey(Line, on_delete=models.PROTECT, related_name="+")
    quantity = models.PositiveIntegerField()
    called_off = models.PositiveIntegerField(default=0)
    amount = models.BigIntegerField()

    class Meta:
        verbose_name = _("part of a refund")
        constraints = [
            models.UniqueConstraint(fields=["refund", "line"], name="refund_line_once"),
            models.CheckConstraint(
                condition=models.Q(amount__gte=0, called_off__lte=models.F("quantity")), name="refund_line_parts"
            ),
        ]


class BankTransfer(Stateful):
    """One line of our bank statement, as one person of finance read it and another confirmed it.

    Attributes:
        attempt: the payment that it is for, or whose refund it is.
        refund: what was paid back with it; none for money that came in.
        amount: minor units, as the statement has it, whatever was asked.
        booked_on: the bank's day of booking.
        party, party_account: whom it came from or went to, as the statement has it.
        reference: the bank's own number of the line; no line is reported twice.
        note: how and when the buyer agreed, of a refund that does not go back the way its payment came.
        maker, checker: who reported and who decided; two people where it was confirmed.
        outcome: what came of money that came in: ``paid``, or why it goes back (the refund's reason).
    """

    MACHINE: ClassVar[Machine] = BANK_TRANSFER_MACHINE

    id = models.UUIDField(primary_key=True, default=new_id)
    attempt = models.ForeignKey(Attempt, on_delete=models.PROTECT, related_name="transfers")
    refund = models.ForeignKey(Refund, null=True, on_delete=models.PROTECT, related_name="transfers")
    currency = models.CharField(max_length=3)
    amount = models.BigIntegerField()
    booked_on = models.DateField()
    party = models.CharField(max_length=120)
    party_account = models.CharField(max_length=60, blank=True)
    reference = models.CharField(max_length=80)
    note = models.CharField(max_length=500, blank=True, db_default="")
    maker = models.BigIntegerField()
    made_at = models.DateTimeField()
    checker = models.BigIntegerField(null=True)
    decided_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=40, blank=True)

    class Meta:
        verbose_name = _("bank transfer")
        constraints = [
            models.CheckConstraint(condition=models.Q(amount__gt=0), name="bank_transfer_amount_positive"),
            models.CheckConstraint(
                condition=models.Q(state__in=BANK_TRANSFER_MACHINE.states()), name="bank_transfer_state"
            ),
            models.CheckConstraint(
                condition=~models.Q(state=CONFIRMED)
                | (models.Q(checker__isnull=False) & ~models.Q(checker=models.F("maker"))),
                name="bank_transfer_two_people",
            ),
            models.UniqueConstraint(
                fields=["reference"], condition=~models.Q(state=DECLINED), name="bank_transfer_line_once"
            ),
            models.UniqueConstraint(
                fields=["refund"],
                condition=models.Q(refund__isnull=False) & ~models.Q(state=DECLINED),
                name="bank_transfer_refund_once",
            ),
        ]
        indexes = [
            models.Index(fields=["due_at"], name="bank_transfer_due", condition=models.Q(due_at__isnull=False)),
            models.Index(fields=["-decided_at"], name="bank_transfer_decided"),
        ]

    def move_context(self) -> dict[str, object]:
        """Its moves are in its trade's timeline."""
        return {"trade_id": self.attempt.trade_id}

    @property
    def total(self) -> Money:
        """What came or went."""
        return Money(self.amount, self.currency)


class ChannelEvent(models.Model):
    """A notice from a channel, kept before it has its effect; the unique id makes repeats harmless (invariant I7).

    Attributes:
        outcome: what came of it: ``applied``, ``repeated``, or the code of the refusal; empty until handled.
    """

    gateway = models.CharField(max_length=20)
    event_id = models.CharField(max_length=80)
    kind = models.CharField(max_length=40)
    body_hash = models.BinaryField()
    outcome = models.CharField(max_length=40, blank=True)
    received_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["gateway", "event_id"], name="channel_event_once")]


class ChannelAccount(models.Model):
    """What a channel knows us by. The newest row of a channel is used; older ones still prove what it signs for them.

    Attributes:
        public: identifiers, addresses and public keys, by name.
        sealed: private keys and shared secrets as a JSON object, sealed (`wanku.kernel.secrets`, purpose ``channel``).
        until: from when on it no longer proves anything; empty while in use.
        off_at: since when buyers are not offered the channel, of the newest row; it still settles what is open.
    """

    gateway = models.CharField(max_length=20)
    public = models.JSONField(default=dict)
    sealed = models.TextField()
    until = models.DateTimeField(null=True)
    off_at = models.DateTimeField(null=True)
    set_by = models.BigIntegerField(null=True)
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("payment channel")
        indexes = [models.Index(fields=["gateway", "-at"], name="channel_account_latest")]
