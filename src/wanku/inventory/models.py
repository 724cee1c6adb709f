"""Supplies: everything sold is a set of counters."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from wanku.merchants.models import Merchant


class Supply(models.Model):
    """One counter: a SKU's stock, and later a room-night, a seat, a quarter of an hour, a pool of codes.

    Invariant I5: ``put_in = free + held + sold``; the database refuses a negative number, so an oversell is an
    error and never a fact.

    Attributes:
        key: what is counted, e.g. ``sku:81``.
        free: can be ordered now.
        held: in unpaid orders.
        sold: in paid orders.
        put_in: sum of the stock log.
        low_at: notify the desk when ``free`` falls to this, pieces.
        low_since: when it did; empty above the threshold, so that one fall makes one notice.
    """

    merchant = models.ForeignKey(Merchant, on_delete=models.PROTECT, related_name="+")
    key = models.CharField(max_length=60, unique=True)
    free = models.BigIntegerField(default=0)
    held = models.BigIntegerField(default=0)
    sold = models.BigIntegerField(default=0)
    put_in = models.BigIntegerField(default=0)
    low_at = models.PositiveIntegerField(default=5)
    low_since = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("supply")
        constraints = [
            models.CheckConstraint(condition=models.Q(free__gte=0), name="supply_free_not_negative"),
            models.CheckConstraint(condition=models.Q(held__gte=0), name="supply_held_not_negative"),
            models.CheckConstraint(condition=models.Q(sold__gte=0), name="supply_sold_not_negative"),
            models.CheckConstraint(
                condition=models.Q(put_in=models.F("free") + models.F("held") + models.F("sold")),
                name="supply_adds_up",
            ),
        ]


class StockLog(models.Model):
    """Why ``put_in`` changed: restock, correction, import. Append-only."""

    supply = models.ForeignKey(Supply, on_delete=models.CASCADE, related_name="log")
    change = models.BigIntegerField()
    because = models.CharField(max_length=200)
    by_id = models.BigIntegerField(null=True)
    at = models.DateTimeField()

    class Meta:
        ordering = ["-id"]
