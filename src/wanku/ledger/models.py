"""Entries and postings, which never change (triggers), what is kept of their sums, freezes, and proofs."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from wanku.audit.models import Stateful
from wanku.kernel.ids import new_id
from wanku.kernel.money import Money
from wanku.kernel.states import Machine
from wanku.ledger.states import FREEZE_MACHINE, FROZEN
from wanku.merchants.models import Merchant


class Entry(models.Model):
    """One movement of money.

    Attributes:
        key: idempotency key, e.g. ``capture:<attempt id>``; the same key never books twice.
        input_hash: fingerprint of the postings, so that a key reused for other money is an error.
        reason: ``capture``, ``release``, ``refund`` …
        ref_type, ref_id: what caused it (attempt, order, refund).
    """

    id = models.UUIDField(primary_key=True, default=new_id)
    key = models.CharField(max_length=120, unique=True)
    input_hash = models.BinaryField()
    reason = models.CharField(max_length=24)
    ref_type = models.CharField(max_length=24)
    ref_id = models.CharField(max_length=40)
    facts = models.JSONField(default=dict)
    at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["ref_type", "ref_id"], name="entry_ref"),
            models.Index(fields=["-at"], name="entry_at"),
        ]


class Posting(models.Model):
    """One line of an entry: ``amount`` minor units go to (+) or from (−) an account.

    Accounts are paths: ``merchant:42:held``, ``merchant:42:available``, ``platform:commission``,
    ``gateway:sandbox:clearing``, ``buyer:refunds_due``; `wanku.ledger.post` names all of them. Each is minus what
    stands on its other side: a claim of ours (clearing, bank) is negative, what we owe (merchants, buyers) positive.
    """

    id = models.BigAutoField(primary_key=True)
    entry = models.ForeignKey(Entry, on_delete=models.PROTECT, related_name="postings")
    account = models.CharField(max_length=80)
    currency = models.CharField(max_length=3)
    amount = models.BigIntegerField()
    merchant_id = models.BigIntegerField(null=True)
    order_id = models.UUIDField(null=True)
    at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["account", "at", "id"], include=["currency", "amount"], name="posting_statement"),
            models.Index(fields=["order_id"], name="posting_order", condition=models.Q(order_id__isnull=False)),
        ]
        constraints = [models.CheckConstraint(condition=~models.Q(amount=0), name="posting_not_zero")]


class Balance(models.Model):
    """Cached sum of one merchant account (invariant I2). Platform and gateway accounts are summed instead, so that
    no single row is hot.
    """

    account = models.CharField(max_length=80)
    currency = models.CharField(max_length=3)
    amount = models.BigIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["account", "currency"], name="balance_account_once")]


class DayTotal(models.Model):
    """What came to and went from one account on one day of the books (`wanku.ledger.days`), once that day is closed.

    A balance at the beginning of any day is the sum over the days before, so no statement reads further back than
    to the last day that was closed (`wanku.ledger.close_day`).

    Attributes:
        incoming, outgoing: sums of its positive and of its negative postings, both as positive minor units.
        postings: how many.
    """

    account = models.CharField(max_length=80)
    currency = models.CharField(max_length=3)
    day = models.DateField()
    incoming = models.BigIntegerField()
    outgoing = models.BigIntegerField()
    postings = models.IntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["account", "currency", "day"], include=["incoming", "outgoing"], name="day_total_once"
            ),
            models.CheckConstraint(
                condition=models.Q(incoming__gte=0, outgoing__gte=0, postings__gt=0), name="day_total_adds_up"
            ),
        ]
        indexes = [models.Index(fields=["day"], name="day_total_day")]


class Freeze(Stateful):
    """Money of a merchant that finance holds back: of one order, or an amount of what is available.

    Attributes:
        order_id: the order whose money it is, or none. One order has one freeze at a time, so that what is left of it
            is what its postings say; refunds of the order are paid from it.
        amount: what was frozen, minor units.
        because: reason, which the merchant reads.
        by: person of the platform, and ``ended_by`` who thawed it; none for the system.
    """

    MACHINE: ClassVar[Machine] = FREEZE_MACHINE

    id = models.UUIDField(primary_key=True, default=new_id)
    merchant = models.ForeignKey(Merchant, on_delete=models.PROTECT, related_name="+")
    order_id = models.UUIDField(null=True)
    currency = models.CharField(max_length=3)
    amount = models.BigIntegerField()
    because = models.CharField(max_length=500)
    by = models.BigIntegerField(null=True)
    since = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    ended_because = models.CharField(max_length=500, blank=True)
    ended_by = models.BigIntegerField(null=True)

    class Meta:
        verbose_name = _("freeze")
        constraints = [
            models.CheckConstraint(condition=models.Q(amount__gt=0), name="freeze_amount_positive"),
            models.CheckConstraint(condition=models.Q(state__in=FREEZE_MACHINE.states()), name="freeze_state"),
            models.UniqueConstraint(
                fields=["order_id"],
                condition=models.Q(state=FROZEN, order_id__isnull=False),
                name="freeze_once_per_order",
            ),
        ]
        indexes = [
            models.Index(fields=["merchant", "-since"], name="freeze_merchant"),
            models.Index(fields=["due_at"], name="freeze_due", condition=models.Q(due_at__isnull=False)),
        ]

    def move_context(self) -> dict[str, object]:
        """A freeze is on its merchant's desk."""
        return {"merchant_id": self.merchant_id}

    @property
    def total(self) -> Money:
        """What was frozen."""
        return Money(self.amount, self.currency)


class Proof(models.Model):
    """One proof of the books: asked for, under way, or done with what it found.

    Attributes:
        asked_by: person, or none for the nightly one.
        done, total: entries that were looked at, and how many there were when it was asked for.
        checks: each as `wanku.ledger.proof.Check` in JSON.
        sound: whether all of them hold; none while under way or when it could not be finished.
    """

    asked_by = models.BigIntegerField(null=True)
    asked_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    done = models.BigIntegerField(default=0)
    total = models.BigIntegerField(default=0)
    checks = models.JSONField(default=list)
    sound = models.BooleanField(null=True)

    class Meta:
        verbose_name = _("proof of the books")
        indexes = [models.Index(fields=["-asked_at"], name="proof_latest")]
