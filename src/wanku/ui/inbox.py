"""Lists of notices: the same at every door, each with its own reader."""

from typing import Any

from django.core.paginator import Paginator

from wanku.flows.talking.read_notices import read_notices
from wanku.notices.queries import notices_of, unread_count
from wanku.ui.letters import shown
from wanku.ui.request import Request

PER_PAGE = 20
KEY_DIGITS_MAX = 18


def inbox(request: Request, *, platform: bool = False) -> dict[str, Any]:
    """What ``ui/parts/notices.html`` shows, newest first. Looking leaves notices unread: a click or the button reads.

    Args:
        platform: those of the platform desk instead of the actor's own.
    """
    page = Paginator(notices_of(request.actor, platform=platform), PER_PAGE).get_page(request.GET.get("page"))
    return {
        "page": page,
        "items": [(notice, shown(notice)) for notice in page.object_list],
        "unread_count": unread_count(request.actor, platform=platform),
    }


def read(request: Request, *, back: str, platform: bool = False) -> str:
    """Mark the notice that the form names read, or all of them; returns where to go: to the thing, or ``back``.

    A notice of another reader is neither touched nor betrayed.
    """
    typed = request.POST.get("notice", "")
    if not typed:
        read_notices(None, actor=request.actor, now=request.now, platform=platform)
        return back
    if not (typed.isascii() and typed.isdigit() and len(typed) <= KEY_DIGITS_MAX):
        return back
    notice = notices_of(request.actor, platform=platform).filter(pk=int(typed)).first()
    if notice is None:
        return back
    read_notices([notice.pk], actor=request.actor, now=request.now, platform=platform)
    return notice.link or back
