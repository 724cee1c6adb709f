"""Trade: one checkout, one payment. Order: one merchant's part of it. Line: one thing in it."""

from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from wanku.access.actor import Actor
from wanku.access.can import Permission, can
from wanku.audit.models import Stateful
from wanku.kernel.ids import new_id, spaced
from wanku.kernel.money import Money
from wanku.kernel.states import Machine
from wanku.merchants.models import Merchant
from wanku.orders.states import ORDER_MACHINE, TRADE_MACHINE


def _bought_by(actor: Actor, prefix: str = "") -> models.Q:
    """The buyer's own: by account, by the browser's guest key, or by number and contact shown before."""
    mine = models.Q(pk__in=[])
    if actor.person_id is not None:
        mine |= models.Q(**{f"{prefix}buyer_id": actor.person_id})
    elif actor.guest_key is not None:
        mine |= models.Q(**{f"{prefix}guest_key": actor.guest_key, f"{prefix}buyer_id": None})
    if actor.granted:
        mine |= models.Q(**{f"{prefix}pk__in": list(actor.granted)})
    return mine


class TradeQuerySet(models.QuerySet["Trade"]):
    """Sets of trades."""

    def bought_by(self, actor: Actor) -> Self:
        """Those that the actor bought."""
        return self.filter(_bought_by(actor))

    def visible_to(self, actor: Actor) -> Self:
        """Buyers see their own, platform staff all. A merchant sees orders, never a whole trade."""
        if can(actor, Permission.ALL_ORDERS_SEE):
            return self
        return self.bought_by(actor)


class Trade(Stateful):
    """One checkout across merchants.

    Attributes:
        number: readable, with a check digit.
        buyer: the member, or none for a guest.
        guest_key: the guest's browser.
        contact_*: how to reach the buyer about this trade; a guest tracks with number and one of them.
        amount: what is to be paid, minor units.
        request_scope, request_key, request_hash: what makes a repeated submission the same trade.
    """

    MACHINE: ClassVar[Machine] = TRADE_MACHINE

    id = models.UUIDField(primary_key=True, default=new_id)
    number = models.CharField(max_length=17, unique=True)
    buyer = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    guest_key = models.UUIDField(null=True)
    contact_name = models.CharField(max_length=60)
    contact_phone = models.CharField(max_length=20, blank=True)
    contact_email = models.EmailField(blank=True)
    language = models.CharField(max_length=8, default="zh-hans")
    currency = models.CharField(max_length=3)
    amount = models.BigIntegerField()
    request_scope = models.CharField(max_length=60)
    request_key = models.CharField(max_length=80)
    request_hash = models.BinaryField()
    placed_at = models.DateTimeField()
    paid_at = models.DateTimeField(null=True)

    objects = TradeQuerySet.as_manager()

    class Meta:
        verbose_name = _("trade")
        constraints = [
            models.UniqueConstraint(fields=["request_scope", "request_key"], name="trade_request_once"),
            models.CheckConstraint(condition=models.Q(amount__gt=0), name="trade_amount_positive"),
            models.CheckConstraint(condition=models.Q(state__in=TRADE_MACHINE.states()), name="trade_state"),
        ]
        indexes = [
            models.Index(fields=["buyer", "-placed_at"], name="trade_buyer", condition=models.Q(buyer__isnull=False)),
            models.Index(
                fields=["guest_key", "-placed_at"], name="trade_guest", condition=models.Q(guest_key__isnull=False)
            ),
            models.Index(fields=["due_at"], name="trade_due", condition=models.Q(due_at__isnull=False)),
        ]

    def __str__(self) -> str:
        return spaced(self.number)

    def move_context(self) -> dict[str, object]:
        """A trade's moves are in its own timeline."""
        return {"trade_id": self.pk}

    @property
    def total(self) -> Money:
        """What is to be paid."""
        return Money(self.amount, self.currency)


class OrderQuerySet(models.QuerySet["Order"]):
    """Sets of orders."""

    def bought_by(self, actor: Actor) -> Self:
        """Those that the actor bought."""
        return self.filter(trade__in=Trade.objects.bought_by(actor))

    def at_desk(self, actor: Actor) -> Self:
        """Those of the merchant at whose desk the actor works."""
        if actor.merchant_id is None or not can(actor, Permission.ORDERS_SEE, actor.merchant_id):
            return self.none()
        return self.filter(merchant_id=actor.merchant_id).exclude(state="placed")

    def visible_to(self, actor: Actor) -> Self:
        """Buyers see their own, merchants what was sold at the desk they work at, platform staff all."""
        if can(actor, Permission.ALL_ORDERS_SEE):
            return self
        if actor.merchant_id is not None:
            return self.at_desk(actor)
        return self.bought_by(actor)


class Order(Stateful):
    """One merchant's part of a trade.

    Attributes:
        kind: what kind its lines are (`wanku.kinds.registry`); one order has one kind, so that it has one clock.
        goods, freight, amount: minor units; ``amount = goods + freight``.
        commission: platform's share of the goods price, minor units, frozen when placed.
        platform_discount: what the platform adds to ``amount`` for the merchant, because it bears a discount; minor
            units. Booked from `platform:promotions` when paid, and in proportion back when refunded.
        address: frozen copy of the delivery address.
        terms: frozen price composition, promise and return terms (requirement O9), readable forever.
        starts_at, ends_at: when the promise is to be kept; empty for goods and for what has no time.
        ship_by: when the goods must have left, or the promise be kept; set when paid, kept when the order is late.
        late_since: when the promise was first missed, so that lateness stays visible.
        extended_at: the one extension of the receipt clock.
    """

    MACHINE: ClassVar[Machine] = ORDER_MACHINE

    id = models.UUIDField(primary_key=True, default=new_id)
    number = models.CharField(max_length=17, unique=True)
    trade = models.ForeignKey(Trade, on_delete=models.PROTECT, related_name="orders")
    merchant = models.ForeignKey(Merchant, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=8, default="ship", db_default="ship")
    currency = models.CharField(max_length=3)
    goods = models.BigIntegerField()
    freight = models.BigIntegerField()
    amount = models.BigIntegerField()
    commission = models.BigIntegerField()
    platform_discount = models.BigIntegerField(default=0, db_default=0)
    address = models.JSONField(default=dict)
    note = models.CharField(max_length=200, blank=True)
    terms = models.JSONField(default=dict)
    placed_at = models.DateTimeField()
    paid_at = models.DateTimeField(null=True)
    starts_at = models.DateTimeField(null=True)
    ends_at = models.DateTimeField(null=True)
    ship_by = models.DateTimeField(null=True)
    late_since = models.DateTimeField(null=True)
    fulfilled_at = models.DateTimeField(null=True)
    completed_at = models.DateTimeField(null=True)
    extended_at = models.DateTimeField(null=True)

    objects = OrderQuerySet.as_manager()

    class Meta:
        verbose_name = _("order")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(amount=models.F("goods") + models.F("freight")), name="order_adds_up"
            ),
            models.CheckConstraint(condition=models.Q(state__in=ORDER_MACHINE.states()), name="order_state"),
        ]
        indexes = [
            models.Index(fields=["merchant", "state", "-placed_at"], name="order_desk"),
            models.Index(fields=["due_at"], name="order_due", condition=models.Q(due_at__isnull=False)),
            models.Index(fields=["late_since"], name="order_late", condition=models.Q(late_since__isnull=False)),
        ]

    def __str__(self) -> str:
        return spaced(self.number)

    def move_context(self) -> dict[str, object]:
        """An order's moves are in its trade's timeline and on its merchant's desk."""
        return {"merchant_id": self.merchant_id, "trade_id": self.trade_id}

    @property
    def total(self) -> Money:
        """Goods and freight."""
        return Money(self.amount, self.currency)


class Line(models.Model):
    """One thing in an order, with everything frozen that a reader may need later.

    Attributes:
        choice: what was configured besides variant and add-ons, as its kind wrote it (`wanku.kinds.kind.Choice`).
        parts: price composition of the unit price without add-ons: ``[{"code": …, "amount": …, "facts": {…}}]``.
        sealed: what only some may read (documents of travellers), encrypted (`wanku.kernel.secrets`).
        demand: ``{supply id: quantity}`` that was taken for it.
        limit_per_person: the product's limit when it was ordered; its pieces are in `PersonalCount` where it is set.
        add_ons: ``[{"name": …, "price": …}]``, minor units per piece.
        unit_price: per piece with add-ons, minor units.
        amount: ``unit_price * quantity``.
        shipped: pieces that have left.
        called_off: pieces that were paid back before they left; they never will, and are on sale again.
    """

    id = models.UUIDField(primary_key=True, default=new_id)
    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="lines")
    merchant_id = models.BigIntegerField()
    kind = models.CharField(max_length=8)
    product_id = models.BigIntegerField()
    variant_id = models.BigIntegerField()
    choice = models.JSONField(default=dict, db_default={})
    parts = models.JSONField(default=list, db_default=[])
    sealed = models.TextField(blank=True, default="", db_default="")
    demand = models.JSONField()
    limit_per_person = models.PositiveIntegerField(null=True)
    title = models.CharField(max_length=120)
    label = models.CharField(max_length=200, blank=True)
    sku = models.CharField(max_length=60, blank=True)
    picture_id = models.UUIDField(null=True)
    unit_price = models.BigIntegerField()
    quantity = models.PositiveIntegerField()
    amount = models.BigIntegerField()
    add_ons = models.JSONField(default=list)
    returns = models.JSONField(default=dict)
    shipped = models.PositiveIntegerField(default=0)
    called_off = models.PositiveIntegerField(default=0, db_default=0)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(amount=models.F("unit_price") * models.F("quantity")), name="line_adds_up"
            ),
            models.CheckConstraint(
                condition=models.Q(shipped__lte=models.F("quantity") - models.F("called_off")), name="line_shipped"
            ),
        ]
        indexes = [models.Index(fields=["product_id"], name="line_product")]

    @property
    def to_ship(self) -> int:
        """Pieces that still have to leave."""
        return self.quantity - self.shipped - self.called_off

    @property
    def standing(self) -> int:
        """Pieces that were not called off."""
        return self.quantity - self.called_off

    @property
    def price_of_choice(self) -> int:
        """Of a piece of what is booked, without its add-ons, minor units: what another time must cost as well."""
        return sum(int(part["amount"]) for part in self.parts)


class PersonalCount(models.Model):
    """Pieces of one product that one person has in orders that stand, for products with a limit per person.

    A counter and not a sum over orders: deciding stays one reading of one row however much was ever sold. It is
    raised where an order is placed or revived and lowered where one is cancelled or closed (`wanku.orders.personal`),
    in the transaction that does so; `prove_books` compares it with the orders. Pieces count from when the merchant
    set the limit, since a limit belongs to the sale and not to what somebody bought last spring.

    Attributes:
        person_key: ``person:7``, ``guest:<uuid>``, ``phone:+86…`` or ``email:…``, see `wanku.orders.personal.keys`.
            Contacts are personal data: whoever erases a trade's contact removes its counters too.
    """

    product_id = models.BigIntegerField()
    person_key = models.CharField(max_length=270)
    pieces = models.BigIntegerField()

    class Meta:
        verbose_name = _("pieces of one person")
        constraints = [
            models.UniqueConstraint(fields=["product_id", "person_key"], name="personal_count_once"),
            models.CheckConstraint(condition=models.Q(pieces__gte=0), name="personal_count_not_negative"),
        ]
