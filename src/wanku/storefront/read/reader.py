"""What the frame of a page shows of its reader, read with one statement."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, Self

from django.conf import settings

from wanku.access.actor import Actor
from wanku.kernel.arrays import execute
from wanku.notices.queries import COUNTED_MAX
from wanku.ui.actor import buyer_of
from wanku.ui.request import Request

COLUMNS: Final = f"""
    EXISTS (SELECT FROM merchants_staff WHERE person_id = $1::bigint)
        OR EXISTS (SELECT FROM access_platformseat WHERE person_id = $1::bigint),
    (SELECT coalesce(sum(l.quantity), 0) FROM carts_cart c JOIN carts_cartline l ON l.cart_id = c.id
     WHERE c.person_id = $1::bigint OR c.guest_key = $2::uuid),
    (SELECT count(*) FROM (SELECT FROM notices_notice WHERE reader = 'person:' || $1::bigint AND channel = 'in_app'
                           AND read_at IS NULL LIMIT {COUNTED_MAX}) unread)
"""  # noqa: S608 - put together from constants
"""Of a person, or of a guest's key, the other being NULL: at a desk, pieces in the cart, unread notices."""


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

    @classmethod
    def of(cls, buyer: Actor, row: Sequence[Any]) -> Self:
        """From the columns of the query."""
        at_desk, pieces, unread = row
        return cls(buyer.is_member, at_desk, pieces, unread)


STRANGER: Final = Reader()


def reader_of(request: Request) -> Reader:
    """The reader of a page: one query for members and for guests, none for strangers.

    The same that `wanku.ui.actor`, `wanku.carts.queries.count_pieces` and `wanku.notices.queries.unread_count` say with
    four; a test holds them to it.
    """
    if settings.SESSION_COOKIE_NAME not in request.COOKIES:
        return STRANGER
    buyer = buyer_of(request)
    if buyer.person_id is None and buyer.guest_key is None:
        return STRANGER
    [row] = execute(f"SELECT {COLUMNS}", [buyer.person_id, buyer.guest_key])
    return Reader.of(buyer, row)
