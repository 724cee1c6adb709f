"""Pictures by key, for templates: ``{% load pictures %}``."""

import uuid

from django import template

from wanku.files.models import WIDTHS, Picture
from wanku.files.queries import picture_url, stand_in

register = template.Library()


@register.filter
def as_picture(key: uuid.UUID | None) -> Picture | None:
    """What ``{% picture %}`` shows for a picture's key, without a query."""
    return stand_in(key)


@register.filter
def large(picture: Picture) -> str:
    """Address of the widest rendition."""
    return picture_url(picture.pk, WIDTHS[-1])
