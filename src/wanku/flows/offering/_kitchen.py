"""A shop's kitchen, locked: people who change it take turns."""

from datetime import datetime

from wanku.access.actor import Actor
from wanku.access.can import Permission, require
from wanku.inventory.open_counters import open_counters
from wanku.kernel.refusal import Refusal
from wanku.kinds.meal.counters import wanted_counters
from wanku.kinds.meal.models import Kitchen
from wanku.kinds.meal.rules import NO_MENU

BECAUSE = "calendar"


def hold_kitchen(merchant_id: int, actor: Actor, permission: Permission = Permission.PRODUCTS_EDIT) -> Kitchen:
    """The kitchen of a desk at which the actor may do that.

    Raises:
        Refusal: ``sign_in``, ``not_allowed``, ``no_menu`` before it was set up.
    """
    require(actor, permission, merchant_id)
    kitchen = Kitchen.objects.select_for_update(no_key=True).filter(pk=merchant_id).first()
    if kitchen is None:
        raise Refusal(NO_MENU)
    return kitchen


def open_days(kitchen: Kitchen, *, by_id: int | None, now: datetime) -> int:
    """Make the counters that the days ahead lack."""
    wanted = wanted_counters(kitchen.pk, now=now)
    return open_counters(kitchen.pk, wanted, because=BECAUSE, by_id=by_id, now=now)
