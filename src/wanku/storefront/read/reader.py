"""What the frame of a page shows of its reader, read with one statement."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.conf import settings

from wanku.kernel.arrays import execute
from wanku.notices.queries import COUNTED_MAX
from wanku.ui.actor import GUEST_KEY
from wanku.ui.request import Request

_MEMBER: Final = """
    SELECT EXISTS (SELECT FROM merchants_staff WHERE person_id = $1::bigint)
           OR EXISTS (SELECT FROM access_platformseat WHERE person_id = $1::bigint),
        (SELECT sum(l.quantity) FROM carts_cart c JOIN carts_cartline l ON l.cart_id = c.id
         WHERE c.person_id = $1::bigint),
        (SELECT count(*) FROM (SELECT FROM notices_notice WHERE reader = $2 AND channel = 'in_app'
                               AND read_at IS NULL LIMIT $3::bigint) unread)
"""
_GUEST: Final = """
    SELECT FALSE, (SELECT sum(l.quantity) FROM carts_cart c JOIN carts_cartline l ON l.cart_id = c.id
                   WHERE c.guest_key = $1::uuid), 0
"""


@dataclass(frozen=True, slots=True)
class Reader:
    """Who reads a page, as far as its frame shows.

    Attributes:
        member: whether somebody is signed in.
        at_desk: whether they work at a shop or at the platform.
        cart_count: pieces in their cart.
        unread_count: notices that they have not read, at most `COUNTED_MAX`.
    """

    member: bool = False
    at_desk: bool = False
    cart_count: int = 0
    unread_count: int = 0


STRANGER: Final = Reader()


def reader_of(request: Request) -> Reader:
    """The reader of a page: one query for members and for guests, none for strangers.

    The same that `wanku.ui.actor`, `wanku.carts.queries.count_pieces` and `wanku.notices.queries.unread_count` say with
    four; a test holds them to it.
    """
    if settings.SESSION_COOKIE_NAME not in request.COOKIES:
        return STRANGER
    if request.user.is_authenticated:
        key = request.user.pk
        return _read(_MEMBER, [key, f"person:{key}", COUNTED_MAX], member=True)
    guest = request.session.get(GUEST_KEY)
    return _read(_GUEST, [guest], member=False) if guest else STRANGER


def _read(sql: str, asked: Sequence[Any], *, member: bool) -> Reader:
    [(at_desk, pieces, unread)] = execute(sql, asked)
    return Reader(member, at_desk, pieces or 0, unread)
