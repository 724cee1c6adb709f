"""A shop that sells licences, for tests of this kind."""

import uuid
from datetime import datetime
from typing import Any

from tests.cast import NOW, product_of, variant_of
from wanku.inventory import take
from wanku.inventory.models import Supply
from wanku.kinds.issue.grants import new_rows
from wanku.kinds.issue.models import FREE, Licence, LicencePlan, Source
from wanku.kinds.kind import Booked
from wanku.merchants.models import Merchant


def plan_of(
    merchant: Merchant, *, source: str = Source.SIGNED, stock: int = 10, price: int = 19900, **fields: Any
) -> LicencePlan:
    """A product on sale with one plan; a pool holds as many codes as its counter says."""
    product = product_of(merchant, "墨客笔记", prices=(price,), stock=stock, kind="issue")
    told = {"edition": "专业版", "term_days": 365, "seats": 1, "machines": 2} | fields
    plan = LicencePlan.objects.create(variant=variant_of(product), merchant=merchant, source=source, **told)
    if source == Source.POOL:
        texts = [f"POOL-{product.pk:04d}-{number:04d}-WXYZ" for number in range(stock)]
        Licence.objects.bulk_create(new_rows(plan, texts, state=FREE, now=NOW))
    return plan


def supply(plan: LicencePlan) -> Supply:
    """Its counter as it is now."""
    return Supply.objects.get(key=f"sku:{plan.pk}")


def booked(plan: LicencePlan, quantity: int = 1, *, renews: str = "", line_id: uuid.UUID | None = None) -> Booked:
    """A line of an order."""
    return Booked(
        line_id=line_id or uuid.uuid4(),
        order_id=uuid.uuid4(),
        merchant_id=plan.merchant_id,
        product_id=plan.variant.product_id,
        variant_id=plan.pk,
        quantity=quantity,
        choice={"renews": renews} if renews else {},
        starts_at=None,
        ends_at=None,
    )


def sell(plan: LicencePlan, quantity: int = 1, *, renews: str = "", now: datetime = NOW) -> Booked:
    """What the engine does for a paid line."""
    from wanku.kinds.issue.kind import IssueKind

    line = booked(plan, quantity, renews=renews)
    assert take.sell_free({supply(plan).pk: quantity})
    IssueKind().paid([line], now=now)
    return line
