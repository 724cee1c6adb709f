"""Who may look at what: the rules of the pages themselves, asked again while a stream is open."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from wanku.access.actor import Actor
from wanku.access.can import Permission, require
from wanku.access.scopes import Scope, require_scope
from wanku.audit.announce import Subject
from wanku.audit.marks import Mark, mark_of
from wanku.kernel.ids import clean_number
from wanku.kernel.refusal import NOT_FOUND, SIGN_IN, Refusal
from wanku.merchants.models import Merchant
from wanku.orders.models import Trade
from wanku.ui.request import Request

SLUG: Final = re.compile(r"[-a-zA-Z0-9_]{1,80}")
Who = Callable[[Request], Actor]
Find = Callable[[Actor, str], Subject]


@dataclass(frozen=True, slots=True)
class Seat:
    """Somebody who may look at a subject, and how far it had come when that was asked."""

    subject: Subject
    caller: str
    mark: Mark


def take_seat(request: Request, who: Who, find: Find, name: str) -> Seat:
    """Let whoever asks look at what `find` gives for a name; asks the database, so call it in a thread.

    Raises:
        Refusal: ``sign_in``, ``not_found`` or ``not_allowed``, as page and API have it.
    """
    actor = who(request)
    subject = find(actor, name)
    return Seat(subject, _caller(actor, request), mark_of(subject))


def trade(actor: Actor, number: str) -> Subject:
    """The caller's own trade of a number: by account, by the guest's browser, or shown number and contact.

    Raises:
        Refusal: ``sign_in`` for somebody without anything, ``not_found``, ``not_allowed`` for a key without the scope.
    """
    if actor.person_id is None and actor.guest_key is None and not actor.granted:
        raise Refusal(SIGN_IN)
    require_scope(actor, Scope.TRADES_SEE)
    digits = clean_number(number)
    found = Trade.objects.bought_by(actor).filter(number=digits).values_list("pk", flat=True).first()
    if digits is None or found is None:
        raise Refusal(NOT_FOUND)
    return found


def desk(actor: Actor, slug: str) -> Subject:
    """The desk of a shop where the caller has a seat.

    Raises:
        Refusal: ``sign_in``, ``not_found`` without a seat there, ``not_allowed``.
    """
    if not actor.is_member:
        raise Refusal(SIGN_IN)
    shops = Merchant.objects.filter(slug=slug, pk__in=list(actor.seats)).values_list("pk", flat=True)
    found = shops.first() if SLUG.fullmatch(slug) else None
    if found is None:
        raise Refusal(NOT_FOUND)
    # What moves at a desk are its orders, so a key needs the scope of those.
    require(actor, Permission.ORDERS_SEE, found)
    return found


def _caller(actor: Actor, request: Request) -> str:
    """One caller's name, for the limit of open streams."""
    if actor.person_id is not None:
        return f"person:{actor.person_id}"
    return f"guest:{actor.guest_key}" if actor.guest_key else f"session:{request.session.session_key}"
