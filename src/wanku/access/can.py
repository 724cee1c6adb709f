"""Permissions by role, and the one question about them."""

from dataclasses import dataclass
from enum import StrEnum

from wanku.access.actor import Actor
from wanku.access.models import PlatformRole
from wanku.kernel.refusal import NOT_ALLOWED, SIGN_IN, Refusal


class Permission(StrEnum):
    """What staff may do. Buyers need none: they may do what is theirs."""

    # merchant desk, within one's own merchant
    DESK_SEE = "desk.see"
    ORDERS_SEE = "orders.see"
    ORDERS_FULFIL = "orders.fulfil"
    PRODUCTS_EDIT = "products.edit"
    QUESTIONS_ANSWER = "questions.answer"
    REVIEWS_REPLY = "reviews.reply"
    MONEY_SEE = "money.see"
    INVOICES_ISSUE = "invoices.issue"
    REFUNDS_MAKE = "refunds.make"
    STAFF_EDIT = "staff.edit"
    PROFILE_EDIT = "profile.edit"
    BANK_ACCOUNT_EDIT = "bank_account.edit"
    KEYS_EDIT = "keys.edit"
    # platform desk
    PLATFORM_SEE = "platform.see"
    MERCHANTS_SEE = "merchants.see"
    MERCHANTS_DECIDE = "merchants.decide"
    ALL_ORDERS_SEE = "all_orders.see"
    LEDGER_SEE = "ledger.see"
    PEOPLE_SEE = "people.see"
    PEOPLE_EDIT = "people.edit"
    AUDIT_SEE = "audit.see"
    RULES_SEE = "rules.see"
    RULES_EDIT = "rules.edit"
    CATEGORIES_EDIT = "categories.edit"
    PLACES_EDIT = "places.edit"
    REFUNDS_HANDLE = "refunds.handle"
    TRANSFERS_HANDLE = "transfers.handle"
    MONEY_FREEZE = "money.freeze"
    INVOICES_HANDLE = "invoices.handle"
    PAYOUTS_HANDLE = "payouts.handle"
    RECONCILE = "reconciliation.handle"
    CHANNELS_EDIT = "channels.edit"
    REVIEWS_HIDE = "reviews.hide"


P = Permission
OWNER, MANAGER, CLERK, FINANCE, SERVICE = "owner", "manager", "clerk", "finance", "service"
DESK = frozenset({P.DESK_SEE, P.ORDERS_SEE})
STAFF_MAY: dict[str, frozenset[Permission]] = {
    OWNER: frozenset(p for p in P if list(P).index(p) <= list(P).index(P.KEYS_EDIT)),
    MANAGER: DESK
    | {
        P.ORDERS_FULFIL,
        P.PRODUCTS_EDIT,
        P.QUESTIONS_ANSWER,
        P.REVIEWS_REPLY,
        P.MONEY_SEE,
        P.INVOICES_ISSUE,
        P.REFUNDS_MAKE,
        P.PROFILE_EDIT,
    },
    CLERK: DESK | {P.ORDERS_FULFIL},
    FINANCE: DESK | {P.REFUNDS_MAKE, P.MONEY_SEE, P.INVOICES_ISSUE},
    SERVICE: DESK | {P.QUESTIONS_ANSWER, P.REVIEWS_REPLY},
}
LOOK = frozenset({P.PLATFORM_SEE, P.MERCHANTS_SEE, P.ALL_ORDERS_SEE, P.RULES_SEE})
PLATFORM_MAY: dict[str, frozenset[Permission]] = {
    PlatformRole.ADMIN: frozenset(p for p in P if list(P).index(p) >= list(P).index(P.PLATFORM_SEE)),
    PlatformRole.OPERATIONS: LOOK
    | {P.MERCHANTS_DECIDE, P.CATEGORIES_EDIT, P.PLACES_EDIT, P.PEOPLE_SEE, P.AUDIT_SEE, P.REVIEWS_HIDE},
    PlatformRole.FINANCE: LOOK
    | {
        P.LEDGER_SEE,
        P.REFUNDS_HANDLE,
        P.TRANSFERS_HANDLE,
        P.MONEY_FREEZE,
        P.INVOICES_HANDLE,
        P.PAYOUTS_HANDLE,
        P.RECONCILE,
        P.AUDIT_SEE,
    },
    PlatformRole.ARBITRATOR: LOOK | {P.PEOPLE_SEE, P.REVIEWS_HIDE},
    PlatformRole.SENIOR: LOOK | {P.PEOPLE_SEE},
    PlatformRole.FIRST_LINE: LOOK,
}


@dataclass(frozen=True, slots=True)
class Yes:
    """Allowed, and by which role."""

    because: str

    def __bool__(self) -> bool:
        return True


@dataclass(frozen=True, slots=True)
class No:
    """Not allowed, and why."""

    because: str

    def __bool__(self) -> bool:
        return False


def can(actor: Actor, permission: Permission, merchant_id: int | None = None) -> Yes | No:
    """Whether ``actor`` may use ``permission``, at one merchant's desk or at the platform's.

    Args:
        merchant_id: the merchant whose thing it is; none asks about the platform desk.
    """
    if actor.scopes is not None and permission not in actor.scopes:
        return No(f"the key lacks the scope {permission}")
    if merchant_id is not None:
        role = actor.seats.get(merchant_id)
        if role is None:
            return No("no seat at this merchant")
        return Yes(role) if permission in STAFF_MAY[role] else No(f"{role} lacks {permission}")
    for role in sorted(actor.platform):
        if permission in PLATFORM_MAY[role]:
            return Yes(role)
    return No(f"no platform role with {permission}")


def require(actor: Actor, permission: Permission, merchant_id: int | None = None) -> None:
    """Raise unless allowed.

    Raises:
        Refusal: ``sign_in`` for a stranger, ``not_allowed`` with the reason for others.
    """
    if not actor.is_member:
        raise Refusal(SIGN_IN)
    answer = can(actor, permission, merchant_id)
    if not answer:
        raise Refusal(NOT_ALLOWED, because=answer.because)
