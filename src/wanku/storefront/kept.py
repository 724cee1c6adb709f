"""The storefront's pages that are the same for everybody, kept by each process; see `wanku.ui.kept`."""

from collections.abc import Callable, Hashable
from typing import Final

from django.http import HttpResponse

from wanku.catalog.versions import version_of_all
from wanku.storefront.context import frame
from wanku.ui.kept.answer import answer
from wanku.ui.kept.page import Drawn, Pages
from wanku.ui.request import Request

PAGES: Final = Pages(version=version_of_all)


def keep(request: Request, draw: Callable[[Request], Drawn], *variant: Hashable) -> HttpResponse:
    """Answer with what `draw` reads; it is given a request without a reader, and called only when nothing is kept."""
    return answer(request, PAGES, draw, frame, *variant)
