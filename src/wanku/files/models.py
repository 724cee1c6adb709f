"""Stored pictures."""

from django.db import models

from wanku.kernel.ids import new_id

WIDTHS = (160, 480, 960)


class Picture(models.Model):
    """A picture that was uploaded, decoded, and encoded again as WebP in several widths.

    Public pictures (products, shops) are served by name; private ones (evidence) only through a route that asks
    who is reading.

    Attributes:
        owner: who may use it, ``person:7``, ``merchant:3`` or ``guest:<key>``.
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

    class Meta:
        indexes = [models.Index(fields=["owner", "created_at"], name="picture_owner")]

    def path(self, width: int) -> str:
        """Storage path of one rendition."""
        text = self.id.hex
        return f"p/{text[-2:]}/{text}-{width}.webp"
