"""Freezes of a merchant's money."""

from collections.abc import Sequence
from dataclasses import dataclass

from wanku.ledger.freezes import left_of
from wanku.ledger.models import Freeze
from wanku.ledger.states import FROZEN
from wanku.orders.models import Order
from wanku.people.models import Person

FREEZES_MAX = 30


@dataclass(frozen=True, slots=True)
class ShownFreeze:
    """A freeze with what is left of it (minor units), its order if it is of one, and who set and ended it."""

    freeze: Freeze
    left: int
    order: Order | None
    by: str
    ended_by: str

    @property
    def lasts(self) -> bool:
        """Whether it still holds money back."""
        return self.freeze.state == FROZEN


def freezes(merchant_id: int) -> Sequence[ShownFreeze]:
    """The latest, those that last first; four statements."""
    rows = Freeze.objects.filter(merchant_id=merchant_id).order_by("ended_at", "-since")
    found = sorted(rows[:FREEZES_MAX], key=lambda each: (each.state != FROZEN, -each.since.timestamp()))
    left = left_of(each for each in found if each.state == FROZEN)
    orders = Order.objects.only("number", "trade_id").in_bulk([f.order_id for f in found if f.order_id is not None])
    people = {person for each in found for person in (each.by, each.ended_by) if person is not None}
    names = dict(Person.objects.filter(pk__in=people).values_list("pk", "name"))
    return [
        ShownFreeze(
            each,
            left.get(each.pk, 0),
            orders.get(each.order_id) if each.order_id else None,
            names.get(each.by, "") if each.by else "",
            names.get(each.ended_by, "") if each.ended_by else "",
        )
        for each in found
    ]
