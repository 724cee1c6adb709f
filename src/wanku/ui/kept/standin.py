"""The request that a kept page is drawn for: a page's address and nothing of who asked for it."""

from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest

from wanku.access.actor import NOBODY, Actor
from wanku.ui.kept.pieces import Marks
from wanku.ui.request import Request

# No row has this number, so whatever asks for its things finds none.
SOMEBODY = Actor(person_id=0)


class StandIn(Request):
    """Nobody's request, or some member's: without cookies, session, headers and address of the reader.

    A page that is drawn for it cannot show one reader's things to another, since it never meets a reader.

    Attributes:
        marks: what tags put where the reader's parts go.
    """

    def __init__(self, request: Request, *, member: bool) -> None:
        HttpRequest.__init__(self)
        self.marks = Marks()
        self.method = "GET"
        self.path = request.path
        self.path_info = request.path_info
        self.GET = request.GET
        self.META = {"QUERY_STRING": request.META.get("QUERY_STRING", ""), "REQUEST_METHOD": "GET"}
        self.resolver_match = request.resolver_match
        self.now = request.now
        self.session = {}  # type: ignore[assignment]  # reads as a session in which nothing is
        self.user = _Member(self.marks) if member else AnonymousUser()  # type: ignore[assignment]
        self.actor = SOMEBODY if member else NOBODY


class _Member:
    """Some member, to templates."""

    is_authenticated, is_anonymous = True, False

    def __init__(self, marks: Marks) -> None:
        self._name = marks.mark("name")

    def __str__(self) -> str:
        return self._name
