"""The bank's own books: what was charged and refunded, independent of ours, so that the two can be compared."""

from django.db import models


class Charge(models.Model):
    """A payment at the sandbox bank.

    Attributes:
        number: the shop's number.
        state: ``waiting``, ``paid``, ``refused``, ``closed``.
        ref: the bank's own number.
        refusal: code of the refusal, e.g. ``insufficient_funds``.
    """

    number = models.CharField(max_length=32, unique=True)
    ref = models.CharField(max_length=32, unique=True)
    amount = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    subject = models.CharField(max_length=127)
    notify_url = models.CharField(max_length=500)
    return_url = models.CharField(max_length=500)
    expires_at = models.DateTimeField()
    state = models.CharField(max_length=12, default="waiting")
    refusal = models.CharField(max_length=40, blank=True)
    opened_at = models.DateTimeField()
    paid_at = models.DateTimeField(null=True)


class ChargeRefund(models.Model):
    """A refund at the sandbox bank; the same number never pays twice."""

    charge = models.ForeignKey(Charge, on_delete=models.PROTECT, related_name="refunds")
    number = models.CharField(max_length=32, unique=True)
    ref = models.CharField(max_length=32, unique=True)
    amount = models.BigIntegerField()
    state = models.CharField(max_length=10, default="done")
    at = models.DateTimeField()


class BankNotice(models.Model):
    """A notice that the bank still has to deliver, with a ladder of retries.

    Attributes:
        body: exactly the bytes that are signed and sent.
        next_at: when to try again; empty once acknowledged or given up.
    """

    event_id = models.CharField(max_length=40)
    url = models.CharField(max_length=500)
    body = models.TextField()
    tries = models.PositiveSmallIntegerField(default=0)
    next_at = models.DateTimeField(null=True)
    acknowledged_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["next_at"], name="bank_notice_due", condition=models.Q(next_at__isnull=False))]
