"""Bills of the channels, their lines, and finance's cases."""

from typing import Any, ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from wanku.audit.models import Stateful
from wanku.kernel.ids import new_id
from wanku.kernel.money import Money
from wanku.kernel.states import Machine
from wanku.payments.models import Attempt, Refund
from wanku.reconciliation.policy import Kind, Resolution, choices, effect, stake
from wanku.reconciliation.states import BILL_MACHINE, CASE_MACHINE


class Bill(Stateful):
    """What one channel booked on one day of its own time zone.

    Attributes:
        zone: the time zone that the day is counted in (IANA name).
        source: ``channel`` or ``file``, once it is there.
        digest: fingerprint of its lines, so that the same bill fetched again changes nothing.
        version: how often it came with other lines than before.
        rows, matched, carried: live lines, those that our books agree with, and those that wait for a later day.
        theirs, ours: sums by currency, ``{"CNY": {"in": …, "back": …, "fee": …}}``, in minor units.
        told_at: when finance was last told that it is late.
    """

    MACHINE: ClassVar[Machine] = BILL_MACHINE

    id = models.UUIDField(primary_key=True, default=new_id)
    gateway = models.CharField(max_length=20)
    day = models.DateField()
    zone = models.CharField(max_length=40)
    source = models.CharField(max_length=8, blank=True)
    digest = models.BinaryField(default=b"")
    version = models.PositiveIntegerField(default=0)
    rows = models.PositiveIntegerField(default=0)
    matched = models.PositiveIntegerField(default=0)
    carried = models.PositiveIntegerField(default=0)
    theirs = models.JSONField(default=dict)
    ours = models.JSONField(default=dict)
    fetched_at = models.DateTimeField(null=True)
    matched_at = models.DateTimeField(null=True)
    told_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("channel bill")
        constraints = [
            models.UniqueConstraint(fields=["gateway", "day"], name="bill_day_once"),
            models.CheckConstraint(condition=models.Q(state__in=BILL_MACHINE.states()), name="bill_state"),
        ]
        indexes = [models.Index(fields=["due_at"], name="bill_due", condition=models.Q(due_at__isnull=False))]

    def __str__(self) -> str:
        return f"{self.gateway} {self.day:%Y-%m-%d}"


class Found(models.TextChoices):
    """What became of a line when it was compared."""

    NEW = "new", _("Not compared yet")
    MATCHED = "matched", _("Agrees")
    CARRIED = "carried", _("Carried to the next day")
    MISSING_HERE = Kind.MISSING_HERE.value, _("Missing in our books")
    AMOUNT = Kind.AMOUNT.value, _("Amount differs")
    CURRENCY = Kind.CURRENCY.value, _("Currency differs")
    FEE = Kind.FEE.value, _("Fee differs")
    TWICE = Kind.TWICE.value, _("Billed more than once")


class BillLine(models.Model):
    """One line of a bill, as the channel wrote it, and what became of it here.

    Attributes:
        key: fingerprint of what it says; the same line twice in one bill has two.
        kind, number, channel_ref, amount, fee, currency, at: as in `wanku.payments.channel.BillRow`.
        entry_id: the ledger entry that it stands beside.
        seen: the version of the bill that had it last.
        gone_at: when a later version replaced it; it no longer counts.
    """

    bill = models.ForeignKey(Bill, on_delete=models.PROTECT, related_name="lines")
    key = models.UUIDField()
    gateway = models.CharField(max_length=20)
    kind = models.CharField(max_length=8)
    number = models.CharField(max_length=64, blank=True)
    channel_ref = models.CharField(max_length=128, blank=True)
    amount = models.BigIntegerField()
    fee = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    at = models.DateTimeField()
    found = models.CharField(max_length=16, choices=Found, default=Found.NEW)
    attempt = models.ForeignKey(Attempt, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    refund = models.ForeignKey(Refund, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    entry_id = models.UUIDField(null=True)
    seen = models.PositiveIntegerField()
    gone_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("line of a bill")
        constraints = [
            models.UniqueConstraint(fields=["bill", "key"], name="bill_line_once"),
            models.CheckConstraint(condition=models.Q(amount__gt=0), name="bill_line_amount_positive"),
            models.CheckConstraint(condition=models.Q(kind__in=["payment", "refund"]), name="bill_line_kind"),
        ]
        indexes = [
            models.Index(
                fields=["gateway", "kind", "number"],
                name="bill_line_number",
                condition=models.Q(gone_at__isnull=True),
            ),
            models.Index(
                fields=["bill", "found", "id"],
                name="bill_line_unsettled",
                condition=models.Q(gone_at__isnull=True) & ~models.Q(found="matched"),
            ),
        ]

    @property
    def total(self) -> Money:
        """What the channel says was paid or went back."""
        return Money(self.amount, self.currency)

    @property
    def charge(self) -> Money:
        """What the channel took for it; negative where it was given back."""
        return Money(self.fee, self.currency)


class FinanceCase(Stateful):
    """A difference that finance answers for, from the day it was found to what was done about it.

    Attributes:
        key: what differs how, so that looking again makes no second case.
        subject: ``payment`` or ``refund``; empty where the whole bill is meant.
        day: of the bill, or of the booking that no bill has.
        ours, theirs: minor units (fees where the fee differs); none where one side has nothing.
        entry_id: the ledger entry that it is about.
        because: what finance said, as evidence; ``proposed_by`` waits for a second person.
        owner_id: who took it.
    """

    MACHINE: ClassVar[Machine] = CASE_MACHINE

    id = models.UUIDField(primary_key=True, default=new_id)
    key = models.CharField(max_length=120, unique=True)
    kind = models.CharField(max_length=16)
    gateway = models.CharField(max_length=20)
    day = models.DateField()
    subject = models.CharField(max_length=8, blank=True)
    number = models.CharField(max_length=64, blank=True)
    currency = models.CharField(max_length=3)
    ours = models.BigIntegerField(null=True)
    theirs = models.BigIntegerField(null=True)
    bill = models.ForeignKey(Bill, on_delete=models.PROTECT, null=True, related_name="cases")
    line = models.ForeignKey(BillLine, on_delete=models.PROTECT, null=True, related_name="cases")
    attempt = models.ForeignKey(Attempt, on_delete=models.PROTECT, null=True, related_name="+")
    refund = models.ForeignKey(Refund, on_delete=models.PROTECT, null=True, related_name="+")
    entry_id = models.UUIDField(null=True)
    owner_id = models.BigIntegerField(null=True)
    resolution = models.CharField(max_length=40, blank=True)
    because = models.CharField(max_length=500, blank=True)
    proposed_by = models.BigIntegerField(null=True)
    resolved_by = models.BigIntegerField(null=True)
    opened_at = models.DateTimeField()
    resolved_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("finance case")
        constraints = [
            models.CheckConstraint(condition=models.Q(state__in=CASE_MACHINE.states()), name="finance_case_state"),
            models.CheckConstraint(condition=models.Q(kind__in=[k.value for k in Kind]), name="finance_case_kind"),
            # Never just closed: what was done stands there.
            models.CheckConstraint(
                condition=~models.Q(state="resolved") | models.Q(resolution__in=[r.value for r in Resolution]),
                name="finance_case_resolved_how",
            ),
        ]
        indexes = [
            models.Index(fields=["due_at"], name="finance_case_due", condition=models.Q(due_at__isnull=False)),
            models.Index(fields=["gateway", "day"], name="finance_case_day"),
            models.Index(
                fields=["resolved_by", "resolved_at"],
                name="finance_case_closed_alone",
                condition=models.Q(resolved_by__isnull=False, proposed_by__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return self.number or f"{self.gateway} {self.day:%Y-%m-%d}"

    def move_context(self) -> dict[str, Any]:
        """Its moves belong to the trade whose money it is about, if there is one."""
        known = self.attempt or self.refund
        return {"trade_id": known.trade_id if known else None}

    @property
    def difference(self) -> int:
        """Theirs less ours, in minor units; nothing counts as nought."""
        return (self.theirs or 0) - (self.ours or 0)

    @property
    def stake(self) -> int:
        """What closing it decides about, in minor units."""
        return stake(self.kind, self.ours, self.theirs)

    @property
    def offered(self) -> tuple[Resolution, ...]:
        """What may be done about it."""
        known = self.attempt_id is not None or self.refund_id is not None
        return choices(self.kind, self.subject, known=known, booked=self.entry_id is not None)

    @property
    def told(self) -> dict[str, Any]:
        """What a move says of it, so that a notice can be worded from the move alone."""
        return {
            "number": self.number,
            "gateway": self.gateway,
            "day": self.day.isoformat(),
            "difference": [self.difference, self.currency],
        }

    @property
    def correction(self) -> int:
        """What the clearing account lacks to agree with the channel, in minor units."""
        return effect(self.subject, self.difference)
