"""What a kitchen offers: its hours and quarters, its menu, where it delivers, and its tables."""

import secrets

from django.db import models
from django.utils.translation import gettext_lazy as _

from wanku.catalog.models import Product
from wanku.merchants.models import Merchant


def new_token() -> str:
    """What stands in the address of a table: 128 bits that nobody guesses."""
    return secrets.token_urlsafe(16)


class Kitchen(models.Model):
    """A shop that prepares food.

    Attributes:
        capacity: dishes that are ready in a quarter of an hour.
        prepare_minutes: the least time between an order and a ready dish.
        ahead_days: how many days ahead one may order, today not counted.
        paused_until: no food before; empty when it goes on as the hours say.
        opened_on: the day (UTC) on which the counters of the days ahead were last made.
    """

    merchant = models.OneToOneField(Merchant, primary_key=True, on_delete=models.CASCADE, related_name="+")
    capacity = models.PositiveSmallIntegerField(_("dishes per quarter of an hour"), default=10)
    prepare_minutes = models.PositiveSmallIntegerField(_("minutes to prepare"), default=20)
    ahead_days = models.PositiveSmallIntegerField(_("days to order ahead"), default=3)
    delivers = models.BooleanField(_("delivery"), default=True)
    hands_out = models.BooleanField(_("pickup"), default=True)
    serves = models.BooleanField(_("at the table"), default=False)
    paused_until = models.DateTimeField(null=True)
    opened_on = models.DateField(null=True)

    class Meta:
        verbose_name = _("kitchen")
        indexes = [models.Index(fields=["opened_on"], name="kitchen_opened_on")]
        constraints = [models.CheckConstraint(condition=models.Q(capacity__range=(1, 999)), name="kitchen_capacity")]


class Opening(models.Model):
    """Hours of one weekday, on the clock of the shop's zone. Closing at or before the opening is on the next day."""

    merchant = models.ForeignKey(Merchant, on_delete=models.CASCADE, related_name="+")
    weekday = models.PositiveSmallIntegerField()
    opens = models.TimeField()
    closes = models.TimeField()

    class Meta:
        ordering = ["weekday", "opens"]
        constraints = [models.CheckConstraint(condition=models.Q(weekday__range=(0, 6)), name="opening_weekday")]
        indexes = [models.Index(fields=["merchant"], name="opening_merchant")]


class SpecialDay(models.Model):
    """Days that differ from the week: closed, or open at other hours."""

    merchant = models.ForeignKey(Merchant, on_delete=models.CASCADE, related_name="+")
    first = models.DateField()
    last = models.DateField()
    opens = models.TimeField(null=True)
    closes = models.TimeField(null=True)
    note = models.CharField(max_length=60, blank=True)

    class Meta:
        ordering = ["first", "id"]
        constraints = [
            models.CheckConstraint(condition=models.Q(last__gte=models.F("first")), name="special_day_order"),
            models.CheckConstraint(
                condition=models.Q(opens__isnull=True, closes__isnull=True)
                | models.Q(opens__isnull=False, closes__isnull=False),
                name="special_day_hours",
            ),
        ]


class Zone(models.Model):
    """Where the shop delivers to, and on what terms.

    Attributes:
        districts: of the city; empty means all of it.
        fee, minimum: minor units; the minimum is of the food, without the fee.
        minutes: from the kitchen to the door.
    """

    merchant = models.ForeignKey(Merchant, on_delete=models.CASCADE, related_name="+")
    name = models.CharField(max_length=40)
    province = models.CharField(max_length=40)
    city = models.CharField(max_length=40)
    districts = models.JSONField(default=list)
    fee = models.BigIntegerField(default=0)
    minimum = models.BigIntegerField(default=0)
    minutes = models.PositiveSmallIntegerField(default=30)
    position = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["position", "id"]
        constraints = [
            models.CheckConstraint(condition=models.Q(fee__gte=0, minimum__gte=0), name="zone_not_negative"),
        ]


class Table(models.Model):
    """A table with a code to scan. Its token is all that one needs to order there, so it can be renewed."""

    merchant = models.ForeignKey(Merchant, on_delete=models.CASCADE, related_name="+")
    name = models.CharField(max_length=20)
    token = models.CharField(max_length=32, unique=True, default=new_token)
    position = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["position", "id"]
        constraints = [models.UniqueConstraint(fields=["merchant", "name"], name="table_name_once")]


class Section(models.Model):
    """A part of the menu."""

    merchant = models.ForeignKey(Merchant, on_delete=models.CASCADE, related_name="+")
    name = models.CharField(max_length=40)
    position = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["position", "id"]
        constraints = [models.UniqueConstraint(fields=["merchant", "name"], name="section_name_once")]


class Dish(models.Model):
    """A product on the menu; its variants are its sizes.

    Attributes:
        portions: that can be had on one day; empty for as many as the kitchen makes.
        off_on: the day of service on which it is sold out by hand; from the next day on it is back by itself.
        tags: ``["hot", "vegetarian", "new"]``, of `wanku.kinds.meal.words.TAGS`.
    """

    product = models.OneToOneField(Product, primary_key=True, on_delete=models.CASCADE, related_name="+")
    merchant = models.ForeignKey(Merchant, on_delete=models.CASCADE, related_name="+")
    section = models.ForeignKey(Section, null=True, on_delete=models.SET_NULL, related_name="dishes")
    position = models.PositiveIntegerField(default=0)
    portions = models.PositiveIntegerField(null=True)
    off_on = models.DateField(null=True)
    tags = models.JSONField(default=list)

    class Meta:
        verbose_name = _("dish")
        ordering = ["position", "product_id"]


class Group(models.Model):
    """Something to choose with a dish: how hot, what besides, or a course of a combo."""

    merchant = models.ForeignKey(Merchant, on_delete=models.CASCADE, related_name="+")
    dish = models.ForeignKey(Dish, on_delete=models.CASCADE, related_name="groups")
    name = models.CharField(max_length=40)
    least = models.PositiveSmallIntegerField(default=0)
    most = models.PositiveSmallIntegerField(default=1)
    position = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["position", "id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(most__gte=1) & models.Q(most__gte=models.F("least")), name="group_least_most"
            )
        ]


class Option(models.Model):
    """One thing of a group.

    Attributes:
        price: what it adds to a portion, minor units.
        of: the dish that it is, in a combo; its portions and its sold-out switch count.
    """

    merchant = models.ForeignKey(Merchant, on_delete=models.CASCADE, related_name="+")
    group = models.ForeignKey(Group, on_delete=models.CASCADE, related_name="options")
    name = models.CharField(max_length=40)
    price = models.BigIntegerField(default=0)
    of = models.ForeignKey(Dish, null=True, on_delete=models.SET_NULL, related_name="+")
    position = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["position", "id"]
        constraints = [models.CheckConstraint(condition=models.Q(price__gte=0), name="option_price_not_negative")]
