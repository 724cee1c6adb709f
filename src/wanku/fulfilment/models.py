"""Parcels, what is in them, and what the carrier said; bookings of what is not sent."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from wanku.audit.models import Stateful
from wanku.fulfilment.booking_states import BOOKING_MACHINE, OPEN
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


class Booking(Stateful):
    """How the promise of an order that is not sent in parcels is kept; one per paid order, whatever its kind.

    Attributes:
        kind: as of the order (`wanku.kinds.registry`); it gives words, acts and clocks.
        starts_at, ends_at: when the promise is to be kept, now; the order's own columns follow. Empty without a time.
        zone: IANA name; the one in which people read the times.
        code: the buyer shows it to be let in (`wanku.fulfilment.codes`); means nothing and leads nowhere by itself.
        begun_at: when it was paid.
        accepted_at, started_at, done_at: when it truly happened, which may be earlier than it was entered; the
            moments of entering are in the moves. ``done_at`` is of any end.
        proof: ``[{"event", "at", "entered_at", "by", "note", "pictures": [id of a file]}]``, as the merchant gave it.
        rescheduled: how often it was moved to another time.
        reminded_at: when the one whose turn it is was reminded in this state.
    """

    MACHINE: ClassVar[Machine] = BOOKING_MACHINE

    id = models.UUIDField(primary_key=True, default=new_id)
    order = models.OneToOneField(Order, on_delete=models.PROTECT, related_name="booking")
    merchant_id = models.BigIntegerField()
    kind = models.CharField(max_length=8)
    starts_at = models.DateTimeField(null=True)
    ends_at = models.DateTimeField(null=True)
    zone = models.CharField(max_length=40)
    code = models.CharField(max_length=12)
    begun_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True)
    started_at = models.DateTimeField(null=True)
    done_at = models.DateTimeField(null=True)
    proof = models.JSONField(default=list, db_default=[])
    rescheduled = models.PositiveSmallIntegerField(default=0, db_default=0)
    reminded_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("booking")
        constraints = [
            models.UniqueConstraint(fields=["merchant_id", "code"], name="booking_code_once"),
            models.CheckConstraint(condition=models.Q(state__in=BOOKING_MACHINE.states()), name="booking_state"),
        ]
        indexes = [
            models.Index(fields=["due_at"], name="booking_due", condition=models.Q(due_at__isnull=False)),
            models.Index(fields=["merchant_id", "starts_at"], name="booking_desk"),
            models.Index(
                fields=["merchant_id", "state"], name="booking_open", condition=models.Q(state__in=list(OPEN))
            ),
            models.Index(
                fields=["starts_at"],
                name="booking_to_remind",
                condition=models.Q(state__in=["to_accept", "accepted"], reminded_at=None),
            ),
        ]

    def __str__(self) -> str:
        return str(self.order)

    def move_context(self) -> dict[str, object]:
        """A booking's moves are in its trade's timeline."""
        return {"merchant_id": self.merchant_id, "trade_id": self.order.trade_id}
