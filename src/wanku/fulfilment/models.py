"""Parcels, what is in them, and what the carrier said."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from wanku.audit.models import Stateful
from wanku.fulfilment.states import PARCEL_MACHINE
from wanku.kernel.ids import new_id
from wanku.kernel.states import Machine
from wanku.orders.models import Line, Order


class Parcel(Stateful):
    """One shipment of an order, whole or a part.

    Attributes:
        carrier: code from `wanku.fulfilment.carriers`.
        tracking: number at the carrier; unique per carrier while on the way.
        expected_from, expected_to: arrival that was promised, from the product's days.
    """

    MACHINE: ClassVar[Machine] = PARCEL_MACHINE

    id = models.UUIDField(primary_key=True, default=new_id)
    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="parcels")
    merchant_id = models.BigIntegerField()
    carrier = models.CharField(max_length=20)
    tracking = models.CharField(max_length=40)
    shipped_at = models.DateTimeField()
    expected_from = models.DateField(null=True)
    expected_to = models.DateField(null=True)
    delivered_at = models.DateTimeField(null=True)
    received_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("parcel")
        ordering = ["shipped_at"]
        constraints = [
            models.UniqueConstraint(fields=["carrier", "tracking"], name="parcel_tracking_once"),
            models.CheckConstraint(condition=models.Q(state__in=PARCEL_MACHINE.states()), name="parcel_state"),
        ]

    def move_context(self) -> dict[str, object]:
        """A parcel's moves are in its trade's timeline."""
        return {"merchant_id": self.merchant_id, "trade_id": self.order.trade_id}


class ParcelLine(models.Model):
    """How many pieces of a line are in a parcel."""

    parcel = models.ForeignKey(Parcel, on_delete=models.CASCADE, related_name="lines")
    line = models.ForeignKey(Line, on_delete=models.PROTECT, related_name="+")
    quantity = models.PositiveIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["parcel", "line"], name="parcel_line_once")]


class TrackingEvent(models.Model):
    """One step that the carrier (or the merchant) reported.

    Attributes:
        code: ``picked_up``, ``in_transit``, ``out_for_delivery``, ``delivered``, ``problem``.
        event_id: the carrier's id of the event, so that a repeat is harmless.
    """

    parcel = models.ForeignKey(Parcel, on_delete=models.CASCADE, related_name="events")
    event_id = models.CharField(max_length=80)
    code = models.CharField(max_length=20)
    place = models.CharField(max_length=80, blank=True)
    text = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField()

    class Meta:
        ordering = ["-at", "-id"]
        constraints = [models.UniqueConstraint(fields=["parcel", "event_id"], name="tracking_event_once")]
