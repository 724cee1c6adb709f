"""Where one can stay, and what a night costs there."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models.expressions import Func
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from wanku.catalog.models import Product, Variant
from wanku.kinds.stay.words import Meal
from wanku.merchants.models import Merchant


class Place(models.Model):
    """A destination: a town or region that people search for.

    Attributes:
        name: as the first shop there typed it, unique.
        names: by language code, where they differ from ``name``.
        is_hidden: not offered to who searches; its houses are still found by their names and categories.
    """

    name = models.CharField(max_length=60, unique=True)
    names = models.JSONField(default=dict, blank=True)
    is_hidden = models.BooleanField(default=False, db_default=False)

    class Meta:
        verbose_name = _("destination")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        """Name in the reader's language, else as it was typed."""
        names: dict[str, str] = self.names
        return names.get(get_language() or "", "") or self.name


class Property(models.Model):
    """A house with rooms; its texts and pictures are those of its product.

    Attributes:
        zone: IANA name; nights, check-in and check-out are local there.
        check_in, check_out: from when guests may come, and by when they leave; wall times.
        stars: official class, 1 to 5, or none.
        facilities: codes of `wanku.kinds.stay.words.FACILITIES`.
        rules: of the house, as typed.
        ahead_days: how many days ahead nights are on sale; the calendar is opened that far every day.
        opened_at: when that was done last.
    """

    product = models.OneToOneField(Product, primary_key=True, on_delete=models.CASCADE, related_name="+")
    merchant = models.ForeignKey(Merchant, on_delete=models.PROTECT, related_name="+")
    place = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="+")
    address = models.CharField(_("address"), max_length=200)
    phone = models.CharField(_("telephone"), max_length=30, blank=True)
    zone = models.CharField(max_length=40, default="Asia/Shanghai")
    check_in = models.TimeField()
    check_out = models.TimeField()
    stars = models.PositiveSmallIntegerField(null=True, blank=True)
    facilities = models.JSONField(default=list, blank=True)
    rules = models.TextField(max_length=2000, blank=True)
    ahead_days = models.PositiveSmallIntegerField(default=365)
    opened_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("property")
        constraints = [
            models.CheckConstraint(condition=models.Q(ahead_days__range=(1, 500)), name="stay_ahead_days"),
        ]
        indexes = [models.Index(fields=["place"], name="stay_property_place")]


class RoomType(models.Model):
    """Rooms of one kind in a property; ``night:<id>:<date>`` counts how many are free on a night.

    Attributes:
        pictures: keys of public pictures, in order.
        facilities: codes, besides those of the property.
        rooms: how many there are; new nights open with this many.
        included: guests in the price of a night.
        most: most guests in one room.
        adult_fee, child_fee: per night for each guest beyond those included; minor units.
        price: of a night where no other rule says otherwise; minor units.
        weekdays: seven prices from Monday, or none each, for nights that begin on that day.
    """

    property = models.ForeignKey(Property, on_delete=models.CASCADE, related_name="room_types")
    merchant = models.ForeignKey(Merchant, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(_("name"), max_length=40)
    about = models.CharField(_("description"), max_length=500, blank=True)
    area = models.PositiveSmallIntegerField(null=True, blank=True)
    beds = models.CharField(_("beds"), max_length=60, blank=True)
    pictures = models.JSONField(default=list, blank=True)
    facilities = models.JSONField(default=list, blank=True)
    rooms = models.PositiveSmallIntegerField()
    included = models.PositiveSmallIntegerField(default=2)
    most = models.PositiveSmallIntegerField(default=2)
    adult_fee = models.BigIntegerField(default=0)
    child_fee = models.BigIntegerField(default=0)
    price = models.BigIntegerField()
    weekdays = models.JSONField(default=list, blank=True)
    position = models.PositiveSmallIntegerField(default=0)
    is_active = models.BooleanField(default=True)

    class Meta:
        verbose_name = _("room type")
        ordering = ["position", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["property", "name"], name="stay_room_name_once", condition=models.Q(is_active=True)
            ),
            models.CheckConstraint(condition=models.Q(price__gt=0), name="stay_room_price"),
            models.CheckConstraint(
                condition=models.Q(included__gte=1, most__gte=models.F("included")), name="stay_room_guests"
            ),
            models.CheckConstraint(condition=models.Q(adult_fee__gte=0, child_fee__gte=0), name="stay_room_fees"),
        ]


class Rate(models.Model):
    """A way to book a room type: its meals, its price beside the room's, its terms. One variant each.

    Attributes:
        meal: what is served within the price.
        percent_bp: change of the room's price in basis points, negative when cheaper.
        plus: added per night, minor units; negative when cheaper.
        notice: cancellation table as `wanku.kinds.notice` reads it.
        min_nights, max_nights: of one stay.
        long_stays: ``[{"nights": 7, "bp": 1000}]``: off the nights from that length on; the longest that fits counts.
    """

    variant = models.OneToOneField(Variant, primary_key=True, on_delete=models.CASCADE, related_name="+")
    room = models.ForeignKey(RoomType, on_delete=models.CASCADE, related_name="rates")
    merchant = models.ForeignKey(Merchant, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(_("name"), max_length=40)
    meal = models.CharField(max_length=9, choices=Meal.choices, default=Meal.NONE)
    percent_bp = models.SmallIntegerField(default=0)
    plus = models.BigIntegerField(default=0)
    notice = models.JSONField()
    min_nights = models.PositiveSmallIntegerField(default=1)
    max_nights = models.PositiveSmallIntegerField(default=30)
    long_stays = models.JSONField(default=list, blank=True)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        verbose_name = _("rate")
        ordering = ["position", "variant_id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(min_nights__gte=1, max_nights__gte=models.F("min_nights")), name="stay_rate_nights"
            ),
        ]


class Season(models.Model):
    """Prices of a room type over some nights; those of one room type never overlap.

    Attributes:
        first, last: nights, both included.
        weekdays: as in `RoomType`.
        min_nights: for stays that begin in it, or none.
    """

    room = models.ForeignKey(RoomType, on_delete=models.CASCADE, related_name="seasons")
    merchant = models.ForeignKey(Merchant, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(_("name"), max_length=40)
    first = models.DateField()
    last = models.DateField()
    price = models.BigIntegerField()
    weekdays = models.JSONField(default=list, blank=True)
    min_nights = models.PositiveSmallIntegerField(null=True, blank=True)

    class Meta:
        verbose_name = _("season")
        ordering = ["first"]
        constraints = [
            models.CheckConstraint(condition=models.Q(first__lte=models.F("last")), name="stay_season_order"),
            models.CheckConstraint(condition=models.Q(price__gt=0), name="stay_season_price"),
            ExclusionConstraint(
                name="stay_seasons_apart",
                expressions=[
                    ("room", RangeOperators.EQUAL),
                    (Func("first", "last", models.Value("[]"), function="daterange"), RangeOperators.OVERLAPS),
                ],
            ),
        ]


class Night(models.Model):
    """What is special about one night of a room type.

    Attributes:
        price: minor units, before all other rules; or none.
        closed: not on sale.
        min_nights: for stays that begin here, or none.
    """

    room = models.ForeignKey(RoomType, on_delete=models.CASCADE, related_name="nights")
    merchant = models.ForeignKey(Merchant, on_delete=models.PROTECT, related_name="+")
    date = models.DateField()
    price = models.BigIntegerField(null=True)
    closed = models.BooleanField(default=False)
    min_nights = models.PositiveSmallIntegerField(null=True)

    class Meta:
        verbose_name = _("night")
        ordering = ["date"]
        constraints = [
            models.UniqueConstraint(fields=["room", "date"], name="stay_night_once"),
            models.CheckConstraint(
                condition=models.Q(price__isnull=True) | models.Q(price__gt=0), name="stay_night_price"
            ),
        ]
