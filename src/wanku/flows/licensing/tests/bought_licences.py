"""Licences that were really ordered and paid, for tests of what comes after."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from tests.bought import paid
from tests.cast import NOW
from wanku.access.actor import Actor
from wanku.kinds.issue import codes
from wanku.kinds.issue.models import Licence, LicencePlan
from wanku.kinds.issue.tests.selling import plan_of
from wanku.merchants.models import Merchant
from wanku.orders.models import Order

__all__ = ["bought", "code_of", "licences_of", "plan_of"]


def bought(actor: Actor, plan: LicencePlan, pieces: int = 1, *, now: datetime = NOW, **fields: Any) -> Order:
    """A paid order."""
    return paid(actor, (plan.variant, pieces), now=now, address={}, **fields)[0]


def licences_of(order: Order) -> Sequence[Licence]:
    """What it granted."""
    return list(Licence.objects.filter(grants__order_id=order.pk).order_by("pk"))


def code_of(actor: Actor, merchant: Merchant, **fields: Any) -> tuple[Licence, str]:
    """A licence of a plan with these fields, and its code in plain."""
    (licence,) = licences_of(bought(actor, plan_of(merchant, **fields)))
    return licence, codes.opened(licence.sealed)
