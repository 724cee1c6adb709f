"""The checkout form of a crowd: ordered on the event loop, in one commit with whoever else orders at that moment.

A form that is in order becomes an order here as `wanku.storefront.pages.checkout` would make it; all else is left
to that page: no session yet, an address for or from the book, and whatever the flow refuses. By then nothing has
happened, and the request key sees to it that nothing happens twice.
"""

import logging
from collections.abc import Awaitable, Callable
from datetime import datetime
from functools import partial
from http import HTTPStatus
from typing import Final
from urllib.parse import parse_qs

from django.conf import settings
from django.urls import reverse
from django.utils.datastructures import MultiValueDict
from ninja.utils import check_csrf
from starlette.responses import Response
from starlette.types import Message, Receive, Scope, Send

from wanku.flows.buying.place_order import GATHERED, Checkout, Placed
from wanku.kernel.refusal import Refusal
from wanku.kernel.text import clean
from wanku.kernel.threads import in_thread
from wanku.people.models import Person
from wanku.storefront.forms import AddressForm, one_of_provinces
from wanku.storefront.pages.checkout import NEW, checkout_of, chosen_method, leave_cart
from wanku.storefront.read.wishes import read_wishes
from wanku.ui.actor import buyer_of
from wanku.ui.asked import enter_session, language_of, request_of
from wanku.ui.request import Request

PATH: Final = "/checkout/"
FORM: Final = "application/x-www-form-urlencoded"
BODY_MAX: Final = 64 * 1024
"""Bytes of a form; the page itself takes larger ones, and says what is too long."""
ALWAYS: Final = {
    "Cache-Control": "private, no-cache",
    "Vary": "Cookie, Accept-Language",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
}
COOKIES: Final = (settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME)
Page = Callable[[Scope, Receive, Send], Awaitable[None]]
log = logging.getLogger(__name__)


class Leave(Exception):
    """This one is for the page."""


async def quick_checkout(scope: Scope, receive: Receive, send: Send, page: Page) -> None:
    """`POST /checkout/`: 302 to where the new order is paid, or whatever ``page`` answers."""
    messages: list[Message] = []
    try:
        address = await _order(request_of(scope), receive, messages)
    except Leave:
        await page(scope, _again(messages, receive), send)
        return
    await Response(status_code=HTTPStatus.FOUND, headers={**ALWAYS, "Location": address})(scope, receive, send)


async def _order(request: Request, receive: Receive, messages: list[Message]) -> str:
    """Place the order; where it is paid.

    Raises:
        Leave: nothing was ordered.
    """
    meta = request.META
    known = all(name in request.COOKIES for name in COOKIES)
    if not known or meta.get("CONTENT_TYPE") != FORM:
        raise Leave
    try:
        asked = _fields(meta["QUERY_STRING"].encode())
        request.POST = _fields(await _body(receive, messages))  # type: ignore[assignment]  # read in the same words
        checkout, method = await in_thread(partial(_read, request, asked.get("key", "")))
    except (Refusal, ValueError) as error:
        raise Leave from error
    placed = await GATHERED.ask_async((checkout, request.now))
    if isinstance(placed, Refusal):
        raise Leave
    if not placed.repeated and "buy" not in asked:
        await _leave_cart(checkout, placed, request.now)
    return f"{reverse('storefront:pay', args=[placed.number])}{method}"


async def _body(receive: Receive, messages: list[Message]) -> bytes:
    """The form; every message is remembered for the page."""
    raw, more = b"", True
    while more:
        message = await receive()
        messages.append(message)
        raw += message.get("body", b"")
        if message["type"] != "http.request" or len(raw) > BODY_MAX:
            raise Leave
        more = message.get("more_body", False)
    return raw


def _fields(raw: bytes) -> MultiValueDict[str, str]:
    """A form or a query as Django reads it, in half the time.

    Raises:
        ValueError: too many fields, or no text.
    """
    most = settings.DATA_UPLOAD_MAX_NUMBER_FIELDS
    return MultiValueDict(parse_qs(raw.decode("ascii"), keep_blank_values=True, max_num_fields=most))


def _again(messages: list[Message], receive: Receive) -> Receive:
    """What was received already, then the rest."""
    left = iter(messages)

    async def receive_again() -> Message:
        return next(left, None) or await receive()

    return receive_again


def _read(request: Request, key: str) -> tuple[Checkout, str]:
    """What the form asks for, by whoever sent it, and how it will be paid. Asks the database.

    Raises:
        Leave, Refusal: it is not in order, or needs what only the page knows.
    """
    enter_session(request)
    actor, post = buyer_of(request), request.POST
    if check_csrf(request) is not None or not (actor.is_member or actor.guest_key):
        raise Leave
    address = {name: clean(post.get(name, "")) for name in AddressForm.ADDRESS}
    wishes = read_wishes(post.getlist("wish"))
    from_book = post.get("saved", NEW) not in (NEW, "")
    if from_book or post.get("keep") or one_of_provinces(address["province"]) is None or not wishes:
        raise Leave
    if any(wish.choice for wish in wishes):
        # What is not goods may need no address, and has questions of its own.
        raise Leave
    checkout = checkout_of(
        post,
        actor=actor,
        key=key,
        wishes=wishes,
        typed={name: clean(post.get(name, "")) for name in ("contact_name", "contact_phone", "email")},
        address=address,
        person=request.user if isinstance(request.user, Person) else None,
        language=language_of(request),
    )
    return checkout, chosen_method(post)


async def _leave_cart(checkout: Checkout, placed: Placed, now: datetime) -> None:
    """What was bought leaves the cart. The order stands whatever becomes of that."""
    try:
        await in_thread(partial(leave_cart, checkout.wishes, actor=checkout.actor, now=now))
    except Exception:
        log.exception("the cart of order %s keeps what was bought", placed.number)
