"""Departures with their cabins or groups, what a product says of all of them, and who has seats."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from wanku.audit.models import Stateful
from wanku.catalog.models import Product, Variant
from wanku.kernel.states import Machine
from wanku.kinds.seat.states import CONFIRMED, DEPARTURE_MACHINE, OPEN
from wanku.merchants.models import Merchant

KEY = "seat:{departure}:{variant}"
"""Key of the counter of one cabin on one departure (`wanku.inventory.models.Supply`)."""


class SeatTerms(models.Model):
    """What holds for every departure of a product; without it nothing of the product can be booked.

    Attributes:
        real_name: the checkout asks for a document and the date of birth of each traveller, not only for names.
        cancellation: table of notice as `wanku.kinds.notice` reads it; frozen with each order.
    """

    product = models.OneToOneField(Product, primary_key=True, on_delete=models.CASCADE, related_name="+")
    merchant = models.ForeignKey(Merchant, on_delete=models.PROTECT, related_name="+")
    real_name = models.BooleanField(default=True)
    cancellation = models.JSONField(default=list)

    class Meta:
        verbose_name = _("terms of departures")


class Departure(Stateful):
    """One flight, train or tour that leaves once.

    Attributes:
        starts_at, ends_at: moments; people read them in the zones of ``zone_from`` and ``zone_to`` (IANA names).
        origin, destination: places as people say them; a round tour has the same twice.
        meeting_point: where to be, if that is not plain.
        sale_until: until when seats are sold.
        minimum: seats that must be paid by ``decide_at``, else it is cancelled and everything paid back; 1 means
            that it goes in any case.
        decide_at: when that is decided; empty where nothing is to be decided.
        cancelled_because: as the buyers read it; empty when the group was too small.
    """

    MACHINE: ClassVar[Machine] = DEPARTURE_MACHINE

    product = models.ForeignKey(Product, on_delete=models.PROTECT, related_name="+")
    merchant = models.ForeignKey(Merchant, on_delete=models.PROTECT, related_name="+")
    starts_at = models.DateTimeField(pgettext_lazy("journey", "leaves"))
    ends_at = models.DateTimeField(pgettext_lazy("journey", "arrives"))
    zone_from = models.CharField(max_length=40)
    zone_to = models.CharField(max_length=40)
    origin = models.CharField(pgettext_lazy("journey", "from"), max_length=40)
    destination = models.CharField(pgettext_lazy("journey", "to"), max_length=40)
    meeting_point = models.CharField(_("meeting point"), max_length=120, blank=True)
    sale_until = models.DateTimeField()
    minimum = models.PositiveIntegerField(default=1)
    decide_at = models.DateTimeField(null=True)
    cancelled_because = models.CharField(max_length=500, blank=True)
    created_at = models.DateTimeField()

    class Meta:
        verbose_name = _("departure")
        ordering = ["starts_at", "id"]
        constraints = [
            models.CheckConstraint(condition=models.Q(state__in=DEPARTURE_MACHINE.states()), name="departure_state"),
            models.CheckConstraint(condition=models.Q(ends_at__gt=models.F("starts_at")), name="departure_ends_later"),
            models.CheckConstraint(
                condition=models.Q(sale_until__lte=models.F("starts_at")), name="departure_sold_before_it_starts"
            ),
            models.CheckConstraint(
                condition=models.Q(minimum=1, decide_at__isnull=True)
                | models.Q(minimum__gt=1, decide_at__isnull=False, decide_at__lte=models.F("starts_at")),
                name="departure_decided_in_time",
            ),
            models.UniqueConstraint(
                fields=["product", "starts_at", "origin", "destination"],
                name="departure_once",
                condition=models.Q(state__in=[OPEN, CONFIRMED]),
            ),
        ]
        indexes = [
            models.Index(fields=["product", "starts_at"], name="departure_product"),
            models.Index(fields=["merchant", "starts_at"], name="departure_merchant"),
            models.Index(
                fields=["origin", "destination", "starts_at"],
                name="departure_search",
                condition=models.Q(state__in=[OPEN, CONFIRMED]),
            ),
            models.Index(fields=["due_at"], name="departure_due", condition=models.Q(due_at__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"{self.origin} → {self.destination}"

    def move_context(self) -> dict[str, object]:
        """A departure's moves show on its merchant's desk."""
        return {"merchant_id": self.merchant_id}

    def key(self, variant_id: int) -> str:
        """Key of the counter of one of its cabins."""
        return KEY.format(departure=self.pk, variant=variant_id)


class Cabin(models.Model):
    """A variant that is sold on a departure: a cabin or fare of a flight, a kind of place in a tour.

    Its capacity is what was put into the counter ``seat:<departure>:<variant>``.

    Attributes:
        price: per seat on this departure, minor units; empty means the variant's.
    """

    departure = models.ForeignKey(Departure, on_delete=models.CASCADE, related_name="cabins")
    variant = models.ForeignKey(Variant, on_delete=models.PROTECT, related_name="+")
    price = models.BigIntegerField(null=True)

    class Meta:
        verbose_name = _("cabin")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["departure", "variant"], name="cabin_once"),
            models.CheckConstraint(
                condition=models.Q(price__isnull=True) | models.Q(price__gt=0), name="cabin_price_positive"
            ),
        ]
        indexes = [models.Index(fields=["variant"], name="cabin_variant")]


class Passage(models.Model):
    """Seats that a line of an order has on a departure; the travellers are sealed in the line itself.

    Attributes:
        line_id, order_id: in `wanku.orders`, which lies above and is therefore not referred to by the database.
        standing: ``held`` while unpaid, ``paid``, ``freed`` when nothing is owed any more.
    """

    HELD: ClassVar[str] = "held"
    PAID: ClassVar[str] = "paid"
    FREED: ClassVar[str] = "freed"

    line_id = models.UUIDField(primary_key=True)
    order_id = models.UUIDField()
    departure = models.ForeignKey(Departure, on_delete=models.PROTECT, related_name="passages")
    variant_id = models.BigIntegerField()
    seats = models.PositiveIntegerField()
    standing = models.CharField(max_length=5, default="held")
    changed_at = models.DateTimeField()

    class Meta:
        verbose_name = _("passage")
        constraints = [
            models.CheckConstraint(condition=models.Q(standing__in=["held", "paid", "freed"]), name="passage_standing"),
            models.CheckConstraint(condition=models.Q(seats__gt=0), name="passage_seats"),
        ]
        indexes = [
            models.Index(fields=["departure", "standing"], name="passage_departure"),
            models.Index(fields=["order_id"], name="passage_order"),
        ]
