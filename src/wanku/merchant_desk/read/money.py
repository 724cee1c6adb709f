"""What of a shop's money is frozen."""

from collections.abc import Sequence
from dataclasses import dataclass

from wanku.ledger.freezes import left_of
from wanku.ledger.models import Freeze
from wanku.ledger.states import FROZEN
from wanku.orders.models import Order

FREEZES_MAX = 20


@dataclass(frozen=True, slots=True)
class ShownFreeze:
    """A freeze that lasts; ``left`` of it in minor units, and the number of its order if it is of one."""

    freeze: Freeze
    left: int
    number: str


def freezes(merchant_id: int) -> Sequence[ShownFreeze]:
    """Those that last, newest first."""
    found = list(Freeze.objects.filter(merchant_id=merchant_id, state=FROZEN).order_by("-since")[:FREEZES_MAX])
    if not found:
        return []
    left = left_of(found)
    numbers = dict(Order.objects.filter(pk__in={f.order_id for f in found}).values_list("pk", "number"))
    return [ShownFreeze(f, left[f.pk], numbers.get(f.order_id, "") if f.order_id else "") for f in found]
