"""Variables of the storefront's frame, for ``ui/storefront.html``; named in settings.TEMPLATES.

Each is worked out when a page shows it, at most once a request; a stranger without a session costs no query.
"""

from functools import cache
from typing import Any, cast

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from wanku.carts.queries import count_pieces
from wanku.notices.queries import unread_count
from wanku.storefront.read.frame import category_links, desk_links
from wanku.ui.request import Request


def frame(request: HttpRequest) -> dict[str, Any]:
    """``categories`` of the bar under the header, ``cart_count``, ``unread_count``, and ``desks`` to work at."""
    known = cast("Request", request)
    return {
        "categories": SimpleLazyObject(lambda: category_links(request)),
        # Functions, which templates call: a lazy number would not count as one in filters.
        "cart_count": cache(lambda: count_pieces(known.actor)),
        "unread_count": cache(lambda: unread_count(known.actor)),
        "desks": SimpleLazyObject(lambda: desk_links(known.actor)),
    }
