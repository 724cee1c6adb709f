"""Services, the people who do them, when they work, where they go, and what is booked with whom."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeOperators
from django.db import models
from django.utils.translation import gettext_lazy as _

from wanku.catalog.models import AddOn, Product, Variant
from wanku.merchants.models import Merchant, Staff


class Place(models.TextChoices):
    """Where a service is done."""

    HOME = "home", _("At the customer’s")
    SHOP = "shop", _("In the shop")
    EITHER = "either", _("Either, as the customer chooses")


class Service(models.Model):
    """How a product of this kind is booked.

    Attributes:
        shop_address: where to come, for services in the shop.
        step: quarters between two times on offer, counted from midnight on the shop's clock.
        lead_minutes: shortest notice.
        days_ahead: how far ahead it can be booked, days.
        cancellation: what cancelling costs, as `wanku.kinds.notice` reads it.
    """

    product = models.OneToOneField(Product, primary_key=True, on_delete=models.CASCADE, related_name="+")
    merchant = models.ForeignKey(Merchant, on_delete=models.PROTECT, related_name="+")
    place = models.CharField(max_length=6, choices=Place, default=Place.HOME)
    shop_address = models.CharField(max_length=200, blank=True)
    step = models.PositiveSmallIntegerField(default=2)
    lead_minutes = models.PositiveIntegerField(default=180)
    days_ahead = models.PositiveSmallIntegerField(default=28)
    cancellation = models.JSONField(default=list)

    class Meta:
        verbose_name = _("service")


class Item(models.Model):
    """How long a variant takes, in quarters of an hour."""

    variant = models.OneToOneField(Variant, primary_key=True, on_delete=models.CASCADE, related_name="+")
    merchant = models.ForeignKey(Merchant, on_delete=models.PROTECT, related_name="+")
    quarters = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(quarters__range=(1, 48)), name="visit_item_quarters")]


class Longer(models.Model):
    """How many quarters of an hour an add-on takes besides."""

    add_on = models.OneToOneField(AddOn, primary_key=True, on_delete=models.CASCADE, related_name="+")
    merchant = models.ForeignKey(Merchant, on_delete=models.PROTECT, related_name="+")
    quarters = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(quarters__range=(0, 16)), name="visit_longer_quarters")
        ]


class Worker(models.Model):
    """Somebody who does services, as buyers see them.

    Attributes:
        seat: the account of this person at the desk, whose day is shown first; none for people without one.
        title: such as "senior stylist".
        travel_before, travel_after: quarters of an hour on the road around a visit at a customer's.
        is_active: offered. One who has left stays, for what was booked.
    """

    merchant = models.ForeignKey(Merchant, on_delete=models.PROTECT, related_name="+")
    seat = models.ForeignKey(Staff, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    name = models.CharField(max_length=40)
    title = models.CharField(max_length=40, blank=True)
    about = models.CharField(max_length=300, blank=True)
    picture_id = models.UUIDField(null=True, blank=True)
    travel_before = models.PositiveSmallIntegerField(default=2)
    travel_after = models.PositiveSmallIntegerField(default=0)
    position = models.PositiveIntegerField(default=0)
    is_active = models.BooleanField(default=True)

    class Meta:
        verbose_name = _("person who comes")
        ordering = ["position", "id"]
        indexes = [models.Index(fields=["merchant", "position"], name="visit_worker_merchant")]

    def __str__(self) -> str:
        return self.name


class Skill(models.Model):
    """A variant that somebody does."""

    worker = models.ForeignKey(Worker, on_delete=models.CASCADE, related_name="skills")
    variant = models.ForeignKey(Variant, on_delete=models.CASCADE, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["variant", "worker"], name="visit_skill_once")]


class WeekHours(models.Model):
    """When somebody works on a day of the week, or has a break; wall times of the shop.

    Attributes:
        weekday: 0 is Monday.
        opens, closes: minutes from midnight; a night that ends at two in the morning closes at 26 × 60.
    """

    worker = models.ForeignKey(Worker, on_delete=models.CASCADE, related_name="week")
    weekday = models.PositiveSmallIntegerField()
    opens = models.PositiveSmallIntegerField()
    closes = models.PositiveSmallIntegerField()
    is_break = models.BooleanField(default=False)

    class Meta:
        ordering = ["weekday", "opens"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(weekday__lte=6, opens__lt=1440, closes__gt=models.F("opens"), closes__lte=2160),
                name="visit_week_hours",
            )
        ]


class SpecialDay(models.Model):
    """Other hours on one day, in place of those of the week.

    Attributes:
        windows: ``[[540, 1080]]``, minutes as in `WeekHours`; empty is a day off.
    """

    worker = models.ForeignKey(Worker, on_delete=models.CASCADE, related_name="special_days")
    day = models.DateField()
    windows = models.JSONField(default=list)

    class Meta:
        ordering = ["day"]
        constraints = [models.UniqueConstraint(fields=["worker", "day"], name="visit_special_day_once")]


class Absence(models.Model):
    """Days off, from the first to the last: of one person, or of the whole shop when nobody is named."""

    merchant = models.ForeignKey(Merchant, on_delete=models.PROTECT, related_name="+")
    worker = models.ForeignKey(Worker, null=True, on_delete=models.CASCADE, related_name="absences")
    first = models.DateField()
    last = models.DateField()
    because = models.CharField(max_length=100, blank=True)

    class Meta:
        ordering = ["first", "id"]
        constraints = [
            models.CheckConstraint(condition=models.Q(last__gte=models.F("first")), name="visit_absence_days")
        ]
        indexes = [models.Index(fields=["merchant", "last"], name="visit_absence_merchant")]


class Area(models.Model):
    """Where a shop comes to, and what the way costs; minor units. Without a district the whole city."""

    merchant = models.ForeignKey(Merchant, on_delete=models.PROTECT, related_name="+")
    city = models.CharField(max_length=40)
    district = models.CharField(max_length=40, blank=True)
    fee = models.BigIntegerField(default=0)

    class Meta:
        ordering = ["city", "district"]
        constraints = [
            models.UniqueConstraint(fields=["merchant", "city", "district"], name="visit_area_once"),
            models.CheckConstraint(condition=models.Q(fee__gte=0), name="visit_area_fee_not_negative"),
        ]


class Appointment(models.Model):
    """What is booked with somebody: the second lock behind the counters.

    The database refuses two live appointments of one person that overlap, whatever the counters say.

    Attributes:
        line_id: of the order; rows of orders lie above this package.
        during: the time that is taken, with the way.
        starts_at, ends_at: the visit itself.
        is_live: whether it still stands.
    """

    line_id = models.UUIDField(primary_key=True)
    order_id = models.UUIDField()
    merchant = models.ForeignKey(Merchant, on_delete=models.PROTECT, related_name="+")
    worker = models.ForeignKey(Worker, on_delete=models.PROTECT, related_name="+")
    during = DateTimeRangeField()
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    is_live = models.BooleanField(default=True)

    class Meta:
        verbose_name = _("appointment")
        constraints = [
            ExclusionConstraint(
                name="visit_appointment_alone",
                expressions=[("worker", RangeOperators.EQUAL), ("during", RangeOperators.OVERLAPS)],
                condition=models.Q(is_live=True),
            )
        ]
        indexes = [
            models.Index(fields=["merchant", "starts_at"], name="visit_appointment_day"),
            models.Index(fields=["order_id"], name="visit_appointment_order"),
        ]


class Opening(models.Model):
    """When somebody's quarters were last opened ahead; beside `Worker`, since it is no part of what is offered."""

    worker = models.OneToOneField(Worker, primary_key=True, on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["at"], name="visit_opening_at")]
