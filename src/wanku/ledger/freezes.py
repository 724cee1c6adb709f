"""What a freeze books, and what is left of it."""

from collections.abc import Iterable
from typing import Final
from uuid import UUID

from wanku.ledger.models import Freeze
from wanku.ledger.order_money import money_of
from wanku.ledger.post import Booking, Line, available, frozen, held

FREEZE: Final = "freeze"
THAW: Final = "thaw"


def freeze_booking(freeze: Freeze, *, from_held: int, from_available: int) -> Booking:
    """From held and available to frozen; both in minor units."""
    mine, order = freeze.merchant_id, freeze.order_id
    lines = [
        Line(held(mine), -from_held, mine, order),
        Line(available(mine), -from_available, mine, order),
        Line(frozen(mine), from_held + from_available, mine, order),
    ]
    return Booking(f"freeze:{freeze.pk}", FREEZE, "freeze", freeze.pk, freeze.currency, lines)


def thaw_booking(freeze: Freeze, amount: int, *, to_held: bool) -> Booking:
    """Back to held where the order's money is not released yet, else to available; minor units."""
    mine, order = freeze.merchant_id, freeze.order_id
    to = held(mine) if to_held else available(mine)
    lines = [Line(frozen(mine), -amount, mine, order), Line(to, amount, mine, order)]
    return Booking(f"thaw:{freeze.pk}", THAW, "freeze", freeze.pk, freeze.currency, lines)


def left_of(freezes: Iterable[Freeze]) -> dict[UUID, int]:
    """What freezes that still last hold back, minor units, by id: refunds of an order are paid from its freeze."""
    found = list(freezes)
    money = money_of({freeze.order_id for freeze in found if freeze.order_id is not None})
    return {
        freeze.pk: freeze.amount if freeze.order_id is None else max(0, money[freeze.order_id].frozen)
        for freeze in found
    }
