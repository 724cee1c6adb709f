"""Freight templates of merchants."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from wanku.merchants.models import Merchant


class FreightTemplate(models.Model):
    """How a merchant charges for shipping.

    Attributes:
        by: ``weight`` (grams) or ``count`` (pieces).
        free_from: goods total in minor units from which shipping is free, or none.
    """

    class By(models.TextChoices):
        """What is measured."""

        WEIGHT = "weight", _("By weight")
        COUNT = "count", _("By pieces")

    merchant = models.ForeignKey(Merchant, on_delete=models.CASCADE, related_name="+")
    name = models.CharField(_("name"), max_length=60)
    by = models.CharField(max_length=6, choices=By, default=By.COUNT)
    free_from = models.BigIntegerField(_("free from"), null=True, blank=True)
    is_default = models.BooleanField(default=False)

    class Meta:
        verbose_name = _("freight template")
        constraints = [
            models.UniqueConstraint(
                fields=["merchant"], condition=models.Q(is_default=True), name="freight_one_default"
            )
        ]


class FreightRate(models.Model):
    """Price for some provinces, or for all others when ``provinces`` is empty.

    Attributes:
        first, first_fee: units (pieces or grams) covered by the first fee, minor units.
        step, step_fee: every started further ``step`` units cost ``step_fee``.
        refused: the merchant does not ship there.
    """

    template = models.ForeignKey(FreightTemplate, on_delete=models.CASCADE, related_name="rates")
    provinces = models.JSONField(default=list, blank=True)
    first = models.PositiveIntegerField(default=1)
    first_fee = models.PositiveBigIntegerField(default=0)
    step = models.PositiveIntegerField(default=1)
    step_fee = models.PositiveBigIntegerField(default=0)
    refused = models.BooleanField(default=False)

    class Meta:
        ordering = ["id"]
