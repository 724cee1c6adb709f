"""When a session was last used, for the list of one's sessions; written now and then, not with every page."""

import time
from collections.abc import Callable

from allauth.usersessions.models import UserSession
from django.http import HttpRequest, HttpResponse

EVERY_SECONDS = 300
SEEN = "seen_at"


class ActivityMiddleware:
    """In place of allauth's own, which would write with every request, also with each look of a page that lives."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        # Reading `user` loads the session; whoever has none must not pay for that.
        if request.session.session_key and request.user.is_authenticated:
            now = time.time()
            seen = request.session.get(SEEN)
            if not isinstance(seen, (int, float)) or now - seen > EVERY_SECONDS:
                request.session[SEEN] = now
                UserSession.objects.create_from_request(request)
        return self.get_response(request)
