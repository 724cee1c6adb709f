"""Categories, products and what one can choose on them."""

from typing import Any, Self

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from wanku.access.actor import Actor
from wanku.kernel.ids import new_id
from wanku.merchants.models import SHOWN_STATES, Merchant


class ReturnRule(models.TextChoices):
    """What the law lets a buyer do without a reason (Interim Measures on 7-day returns, articles 6 and 7)."""

    NO_REASON = "no_reason", _("Return without reason")
    EXCLUDABLE = "excludable", _("No return once opened, if the buyer agreed when ordering")
    NEVER = "never", _("No return without reason (made to order, perishable, digital)")


class Category(models.Model):
    """A node of the category tree.

    Attributes:
        names: ``{"zh-hans": …, "zh-hant": …, "en": …}``.
        path: slugs from the root, e.g. ``home/kitchen``, so that a subtree is one prefix.
        icon: name of a Lucide icon.
        return_days: length of the no-reason window in days.
        commission_bp: commission in basis points where the category has its own, else the merchant's.
    """

    parent = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="children")
    slug = models.SlugField(max_length=40, unique=True)
    path = models.CharField(max_length=200, unique=True)
    names = models.JSONField()
    icon = models.CharField(max_length=40, blank=True)
    position = models.PositiveIntegerField(default=0)
    return_rule = models.CharField(max_length=12, choices=ReturnRule, default=ReturnRule.NO_REASON)
    return_days = models.PositiveSmallIntegerField(default=7)
    commission_bp = models.PositiveSmallIntegerField(null=True)
    is_open = models.BooleanField(default=True)

    class Meta:
        verbose_name = _("category")
        ordering = ["position", "id"]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """Name in the reader's language, falling back to simplified Chinese."""
        names: dict[str, str] = self.names
        return names.get(get_language() or "", "") or names.get("zh-hans", self.slug)


class ProductState(models.TextChoices):
    """Whether a product is offered. No clock: nobody must act on a draft."""

    DRAFT = "draft", _("Draft")
    ON_SALE = "on_sale", _("On sale")
    OFF = "off", _("Taken off")
    REMOVED = "removed", _("Removed")


class ProductQuerySet(models.QuerySet["Product"]):
    """Sets of products."""

    def on_sale(self) -> Self:
        """What the public may buy or look at."""
        return self.filter(state=ProductState.ON_SALE, merchant__state__in=SHOWN_STATES)

    def visible_to(self, actor: Actor) -> Self:
        """Offered ones for everybody; one's own in any state; all for platform staff."""
        if actor.platform:
            return self
        return self.filter(
            models.Q(state=ProductState.ON_SALE, merchant__state__in=SHOWN_STATES)
            | models.Q(merchant_id__in=list(actor.seats))
        ).exclude(state=ProductState.REMOVED)


class Product(models.Model):
    """Something offered by one merchant.

    Attributes:
        kind: what kind of line it makes (``ship``); other kinds register their own.
        slug: in addresses, unique per merchant.
        parameters: ``[{"name": …, "value": …}]`` as shown in the table.
        options: ``[{"name": "Colour", "values": ["red", "blue"]}]``, at most three, each variant has one value of each.
        ship_within_hours: the promise until the parcel is handed over; at most 48, pre-sale at most 360.
        arrives_days_min, arrives_days_max: expected arrival after shipping, in days.
        return_rule, return_days: the category's unless the merchant is kinder.
        limit_per_order: most pieces in one order.
        limit_per_person: most pieces that one person may have, counted while it is set (`wanku.orders.personal`).
        waiting_room: buyers queue when it sells in a rush; an order needs a pass (`wanku.waiting_room`).
        rating_sum, rating_count: cached from reviews, one to five each.
        sold_count: pieces in paid orders, for sorting.
        price_min, price_max: cached over active variants, minor units.
        words: search tokens, written by `wanku.catalog.index.index`.
    """

    merchant = models.ForeignKey(Merchant, on_delete=models.PROTECT, related_name="+")
    category = models.ForeignKey(Category, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=8, default="ship")
    slug = models.SlugField(max_length=80, allow_unicode=True)
    title = models.CharField(_("title"), max_length=120)
    subtitle = models.CharField(_("subtitle"), max_length=200, blank=True)
    description = models.TextField(_("description"), max_length=20_000, blank=True)
    brand = models.CharField(_("brand"), max_length=60, blank=True)
    state = models.CharField(max_length=8, choices=ProductState, default=ProductState.DRAFT)
    parameters = models.JSONField(default=list, blank=True)
    options = models.JSONField(default=list, blank=True)
    currency = models.CharField(max_length=3, default="CNY")
    ship_within_hours = models.PositiveSmallIntegerField(_("ships within (hours)"), default=48)
    arrives_days_min = models.PositiveSmallIntegerField(default=2)
    arrives_days_max = models.PositiveSmallIntegerField(default=5)
    return_rule = models.CharField(max_length=12, choices=ReturnRule, blank=True)
    return_days = models.PositiveSmallIntegerField(null=True, blank=True)
    limit_per_order = models.PositiveIntegerField(null=True, blank=True)
    limit_per_person = models.PositiveIntegerField(null=True, blank=True)
    waiting_room = models.BooleanField(default=False, db_default=False)
    rating_sum = models.PositiveBigIntegerField(default=0)
    rating_count = models.PositiveIntegerField(default=0)
    sold_count = models.PositiveBigIntegerField(default=0)
    price_min = models.BigIntegerField(default=0)
    price_max = models.BigIntegerField(default=0)
    words = SearchVectorField(null=True)
    search_text = models.TextField(blank=True)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()
    listed_at = models.DateTimeField(null=True)

    objects = ProductQuerySet.as_manager()

    class Meta:
        verbose_name = _("product")
        constraints = [
            models.UniqueConstraint(fields=["merchant", "slug"], name="product_slug_once"),
            models.CheckConstraint(condition=models.Q(ship_within_hours__range=(1, 8000)), name="product_promise"),
        ]
        indexes = [
            GinIndex(fields=["words"], name="product_words"),
            GinIndex(fields=["search_text"], opclasses=["gin_trgm_ops"], name="product_trigrams"),
            models.Index(
                fields=["category", "-sold_count"], name="product_category", condition=models.Q(state="on_sale")
            ),
            models.Index(fields=["merchant", "-updated_at"], name="product_merchant"),
            models.Index(fields=["-listed_at"], name="product_new", condition=models.Q(state="on_sale")),
            models.Index(fields=["-sold_count"], name="product_sold", condition=models.Q(state="on_sale")),
            models.Index(fields=["price_min"], name="product_price", condition=models.Q(state="on_sale")),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def rating(self) -> float | None:
        """Mean score from one to five, or none without reviews."""
        return self.rating_sum / self.rating_count if self.rating_count else None

    def return_terms(self) -> dict[str, Any]:
        """The return rule and days in force, product before category."""
        return {
            "rule": self.return_rule or self.category.return_rule,
            "days": self.return_days if self.return_days is not None else self.category.return_days,
        }


class ShopVersion(models.Model):
    """How often what a shop offers has changed; written by triggers only (see `wanku.catalog.versions`)."""

    merchant = models.OneToOneField(
        Merchant, primary_key=True, on_delete=models.CASCADE, related_name="+", db_constraint=False
    )
    version = models.BigIntegerField(default=0)

    class Meta:
        verbose_name = _("version of a shop's catalogue")


class Variant(models.Model):
    """One buyable configuration of a product (a SKU).

    Attributes:
        values: one value per option of the product, in order.
        price, list_price: minor units; the list price is shown struck out when higher.
        weight_g: for freight by weight, grams.
    """

    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="variants")
    merchant = models.ForeignKey(Merchant, on_delete=models.PROTECT, related_name="+")
    sku = models.CharField(_("SKU"), max_length=60)
    values = models.JSONField(default=list, blank=True)
    price = models.BigIntegerField(_("price"))
    list_price = models.BigIntegerField(_("list price"), null=True, blank=True)
    weight_g = models.PositiveIntegerField(_("weight (g)"), default=0)
    barcode = models.CharField(_("barcode"), max_length=40, blank=True)
    position = models.PositiveIntegerField(default=0)
    is_active = models.BooleanField(default=True)

    class Meta:
        verbose_name = _("variant")
        ordering = ["position", "id"]
        constraints = [
            models.UniqueConstraint(fields=["merchant", "sku"], name="variant_sku_once"),
            models.CheckConstraint(condition=models.Q(price__gt=0), name="variant_price_positive"),
        ]

    @property
    def label(self) -> str:
        """Option values as people read them, e.g. ``red / L``."""
        return " / ".join(self.values)

    @property
    def supply_key(self) -> str:
        """Key of its stock counter in `wanku.inventory`."""
        return f"sku:{self.pk}"


class AddOn(models.Model):
    """An extra that a buyer may tick, with its price effect per piece (minor units, may be zero)."""

    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="add_ons")
    name = models.CharField(_("name"), max_length=60)
    price = models.BigIntegerField(_("price"))
    position = models.PositiveIntegerField(default=0)
    is_active = models.BooleanField(default=True)

    class Meta:
        verbose_name = _("add-on")
        ordering = ["position", "id"]
        constraints = [models.CheckConstraint(condition=models.Q(price__gte=0), name="add_on_price_not_negative")]


class ProductPicture(models.Model):
    """A picture of a product, in order.

    Attributes:
        picture_id: stored picture, or none while only an address is known.
        source: address it was imported from, kept as text when it could not be fetched.
    """

    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="pictures")
    picture_id = models.UUIDField(null=True)
    variant = models.ForeignKey(Variant, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    source = models.CharField(max_length=1000, blank=True)
    alt = models.CharField(max_length=200, blank=True)
    position = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["position", "id"]


class Question(models.Model):
    """A question on a product, and the merchant's answer.

    Attributes:
        due_at: until when the merchant should answer; after that the question is listed as unanswered and the desk
            is reminded. Empty once answered.
    """

    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="questions")
    merchant = models.ForeignKey(Merchant, on_delete=models.PROTECT, related_name="+")
    asker = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    text = models.CharField(_("question"), max_length=300)
    answer = models.CharField(_("answer"), max_length=1000, blank=True)
    answered_by = models.BigIntegerField(null=True)
    asked_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)
    due_at = models.DateTimeField(null=True)
    is_hidden = models.BooleanField(default=False)

    class Meta:
        ordering = ["-asked_at"]
        indexes = [
            models.Index(fields=["merchant", "due_at"], name="question_open", condition=models.Q(due_at__isnull=False)),
        ]


class ImportFile(models.Model):
    """A table of products that a desk sent and has not yet taken over, or what came of it.

    Nothing of the catalogue changes while it waits: people look at the preview first. Kept in the database, so that
    any web process can show and carry out what another one received.

    Attributes:
        content: the file as it was sent; emptied once it was taken over.
        fallback: category for products whose own is not known here.
        outcome: counts of what was written: ``{"created", "updated", "same", "skipped"}``.
    """

    id = models.UUIDField(primary_key=True, default=new_id)
    merchant = models.ForeignKey(Merchant, on_delete=models.CASCADE, related_name="+")
    by_id = models.BigIntegerField()
    name = models.CharField(max_length=200)
    content = models.BinaryField()
    fallback = models.ForeignKey(Category, null=True, on_delete=models.SET_NULL, related_name="+")
    received_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)
    outcome = models.JSONField(default=dict)

    class Meta:
        verbose_name = _("product import")
        indexes = [models.Index(fields=["merchant", "-received_at"], name="import_merchant")]
