"""The storefront's kept pages; see `wanku.ui.kept`."""

from collections.abc import Callable, Hashable, Mapping
from typing import Any, Final

from django.http import HttpResponse

from wanku.access.actor import Actor
from wanku.catalog.versions import version_of_all
from wanku.storefront.read.reader import Reader, reader_of
from wanku.ui.kept.answer import answer, answer_stamped
from wanku.ui.kept.page import Drawn, Pages
from wanku.ui.request import Request

PAGES: Final = Pages(version=version_of_all)


def keep(request: Request, draw: Callable[[Request], Drawn], *variant: Hashable) -> HttpResponse:
    """Answer with what `draw` reads; it is given a request without a reader, and called only when nothing is kept."""
    return answer(request, PAGES, draw, reader_of(request), *variant)


def keep_own(
    request: Request,
    draw: Callable[[Request], tuple[str, Mapping[str, Any]]],
    *,
    buyer: Actor,
    reader: Reader,
    stamp: Hashable,
) -> HttpResponse:
    """Answer with a page of the buyer's own, which is the same as long as its stamp is."""
    whose = (buyer.person_id, buyer.guest_key, buyer.granted)
    return answer_stamped(request, PAGES, draw, reader, stamp, whose)
