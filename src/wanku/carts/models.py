"""Carts of guests and members, across merchants."""

from typing import Self

from django.conf import settings
from django.db import models

from wanku.access.actor import Actor
from wanku.catalog.models import Variant


class CartQuerySet(models.QuerySet["Cart"]):
    """Sets of carts."""

    def visible_to(self, actor: Actor) -> Self:
        """One's own cart only."""
        if actor.person_id is not None:
            return self.filter(person_id=actor.person_id)
        if actor.guest_key is not None:
            return self.filter(guest_key=actor.guest_key)
        return self.none()


class Cart(models.Model):
    """One cart per person or per guest."""

    person = models.OneToOneField(settings.AUTH_USER_MODEL, null=True, on_delete=models.CASCADE, related_name="+")
    guest_key = models.UUIDField(null=True, unique=True)
    updated_at = models.DateTimeField()

    objects = CartQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(person__isnull=False) ^ models.Q(guest_key__isnull=False), name="cart_one_owner"
            )
        ]


class CartLine(models.Model):
    """A variant with its add-ons and what was configured.

    Attributes:
        choice: canonical JSON of what the kind asks for (`wanku.kinds.kind.Choice`); empty for goods.
        add_ons: ids of chosen add-ons, ascending; together with variant and choice they make the line unique.
        seen_price: price per piece with add-ons when it was put in, minor units, so that a change is pointed out.
        selected: whether it goes into the next checkout.
    """

    cart = models.ForeignKey(Cart, on_delete=models.CASCADE, related_name="lines")
    variant = models.ForeignKey(Variant, on_delete=models.CASCADE, related_name="+")
    add_ons = models.JSONField(default=list)
    choice = models.TextField(default="", db_default="", blank=True)
    quantity = models.PositiveIntegerField()
    seen_price = models.BigIntegerField()
    selected = models.BooleanField(default=True)
    added_at = models.DateTimeField()

    class Meta:
        ordering = ["-added_at", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["cart", "variant", "add_ons", "choice"], name="cart_line_once"),
            models.CheckConstraint(condition=models.Q(quantity__range=(1, 999)), name="cart_quantity"),
        ]
