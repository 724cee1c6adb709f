"""Entries, postings and cached balances. A trigger checks that an entry sums to zero; nothing is ever changed."""

from django.db import models

from wanku.kernel.ids import new_id


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
            models.Index(fields=["account", "id"], name="posting_account"),
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
