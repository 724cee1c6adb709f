"""Variables of the storefront's frame, for ``ui/storefront.html``; named in settings.TEMPLATES."""

from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from wanku.storefront.read.frame import category_links


def frame(request: HttpRequest) -> dict[str, Any]:
    """``categories`` of the bar under the header; read only by pages that show it."""
    return {"categories": SimpleLazyObject(lambda: category_links(request))}
