"""Stored pictures."""

from typing import Self

from django.db import models

from wanku.access.actor import Actor
from wanku.kernel.ids import new_id

WIDTHS = (160, 480, 960)


class PictureQuerySet(models.QuerySet["Picture"]):
    """Sets of pictures."""

    def visible_to(self, actor: Actor) -> Self:
        """Public ones for everybody; private ones for whoever uploaded them, their desk, and platform staff."""
        if actor.platform:
            return self
        return self.filter(models.Q(is_public=True) | models.Q(owner__in=owners_of(actor)))


def owners_of(actor: Actor) -> list[str]:
    """The names under which an actor owns pictures."""
    owners = [f"merchant:{merchant_id}" for merchant_id in actor.seats]
    if actor.person_id is not None:
        owners.append(f"person:{actor.person_id}")
    elif actor.guest_key is not None:
        owners.append(f"guest:{actor.guest_key.hex}")
    return owners


class Picture(models.Model):
    """A picture that was uploaded, decoded, and encoded again as WebP in several widths.

    Public pictures (products, shops) are served by name; private ones (evidence) only through a route that asks
    who is reading.

    Attributes:
        owner: who may use it, ``person:7``, ``merchant:3`` or ``guest:<key in hex>`` (`owners_of`).
        sha256: of the bytes as they were uploaded; the same upload by the same owner is stored once.
        widths: the widths in pixels that exist, ascending.
    """

    id = models.UUIDField(primary_key=True, default=new_id)
    owner = models.CharField(max_length=60)
    is_public = models.BooleanField(default=True)
    sha256 = models.BinaryField()
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    widths = models.JSONField(default=list)
    bytes = models.PositiveIntegerField()
    created_at = models.DateTimeField()

    objects = PictureQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["owner", "created_at"], name="picture_owner")]

    def path(self, width: int) -> str:
        """Storage path of one rendition."""
        text = self.id.hex
        return f"p/{text[-2:]}/{text}-{width}.webp"
