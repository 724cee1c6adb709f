"""What happens when somebody signs in at the storefront: this browser's cart and orders go along."""

from typing import Any, cast
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from wanku.flows.buying.join_guest import join_guest
from wanku.people.adapter import AccountAdapter
from wanku.people.models import Person
from wanku.ui.actor import GUEST_KEY, actor_of
from wanku.ui.request import Request


class SigningInAdapter(AccountAdapter):
    """allauth's adapter with our step after every sign-in, also the one that follows registration."""

    def post_login(self, request: HttpRequest, user: Person, **kwargs: Any) -> HttpResponse:
        """Hand the guest's things over, then go on as allauth does."""
        key = request.session.pop(GUEST_KEY, None)
        if key is not None:
            joined = join_guest(UUID(key), actor=actor_of(request), now=cast("Request", request).now)
            if joined.trades:
                messages.info(
                    request,
                    ngettext(
                        "The order that you placed in this browser is now in your account.",
                        "%(count)s orders that you placed in this browser are now in your account.",
                        joined.trades,
                    )
                    % {"count": joined.trades},
                )
            if joined.lines_left_out:
                messages.warning(request, _("Your cart is full; the oldest things of this browser were left out."))
        response: HttpResponse = super().post_login(request, user, **kwargs)
        return response
