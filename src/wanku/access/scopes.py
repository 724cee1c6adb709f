"""What an API key can be limited to."""

from enum import StrEnum
from typing import Final

from wanku.access.actor import Actor
from wanku.access.can import Permission
from wanku.kernel.refusal import NOT_ALLOWED, Refusal


class Scope(StrEnum):
    """What a person's own key may do with that person's things."""

    PROFILE_SEE = "profile.see"
    PROFILE_EDIT = "profile.edit"
    TRADES_SEE = "trades.see"
    TRADES_PLACE = "trades.place"
    REVIEWS_WRITE = "reviews.write"


PERSON_SCOPES: Final = tuple(str(scope) for scope in Scope)
"""Scopes of a key that acts for its person as a buyer."""

MERCHANT_SCOPES: Final = tuple(
    str(permission)
    for permission in (
        Permission.ORDERS_SEE,
        Permission.ORDERS_FULFIL,
        Permission.PRODUCTS_EDIT,
        Permission.QUESTIONS_ANSWER,
        Permission.REVIEWS_REPLY,
        Permission.MONEY_SEE,
        Permission.INVOICES_ISSUE,
    )
)
"""Scopes of a key that works at a merchant's desk: permissions of staff, without those over staff and keys."""


def require_scope(actor: Actor, scope: Scope) -> None:
    """Raise when the caller is a key that lacks ``scope``; browsers and guests are not limited by scopes.

    Raises:
        Refusal: ``not_allowed``.
    """
    if actor.scopes is not None and scope not in actor.scopes:
        raise Refusal(NOT_ALLOWED, because=f"the key lacks the scope {scope}")
