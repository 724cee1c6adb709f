"""Stock runs low: the desk is told once per fall."""

from datetime import UTC, datetime, timedelta

from django.db import transaction
from django.db.models import BigIntegerField, Case, CharField, Exists, F, OuterRef, QuerySet, Value, When
from django.db.models.functions import Cast, Concat, Extract, Floor, Substr

from wanku.catalog.models import Variant
from wanku.flows.talking import _links
from wanku.flows.talking._recipients import desks
from wanku.inventory.models import Supply
from wanku.kinds.registry import kinds_by_sku
from wanku.notices.models import Notice
from wanku.notices.tell import Message, tell

SKU = "sku:"
LOOK_BACK = timedelta(days=7)
"""Falls that are older were told, or nobody needs to hear of them any more."""


def tell_low_stock(*, now: datetime, limit: int = 200) -> int:
    """Tell desks of supplies that fell to their threshold and were not told of yet.

    Returns:
        how many supplies were told of.
    """
    with transaction.atomic():
        low = _untold(now)[:limit]
        supplies = list(low)
        keys = {int(s.key.removeprefix(SKU)): s for s in supplies}
        variants = list(Variant.objects.filter(pk__in=keys).select_related("product", "merchant"))
        recipients = desks([variant.merchant for variant in variants])
        messages = [
            Message(
                cause=_cause(keys[variant.pk]),
                kind="stock_low",
                to=recipients[variant.merchant_id],
                facts={
                    "title": variant.product.title,
                    "label": variant.label,
                    "sku": variant.sku,
                    "left": keys[variant.pk].free,
                },
                link=_links.desk(variant.merchant),
            )
            for variant in variants
        ]
        tell(messages, now=now)
        return len(messages)


def _cause(supply: Supply) -> str:
    """One fall of one supply."""
    return f"low:{supply.pk}:{int(supply.low_since.timestamp()) if supply.low_since else 0}"


def _untold(now: datetime) -> QuerySet[Supply]:
    epoch = Cast(Floor(Extract("low_since", "epoch", tzinfo=UTC)), BigIntegerField())
    cause = Concat(Value("low:"), Cast(F("pk"), CharField()), Value(":"), Cast(epoch, CharField()))
    # Only goods and what is stocked like them run low: a booked hour, night or seat is at zero because it is sold.
    number = Cast(Substr("key", len(SKU) + 1), BigIntegerField())
    variant = Case(When(key__startswith=SKU, then=number))
    stocked = Variant.objects.filter(pk=OuterRef("variant"), product__kind__in=kinds_by_sku())
    low = Supply.objects.filter(low_since__gt=now - LOOK_BACK, key__startswith=SKU).annotate(
        cause=cause, variant=variant
    )
    low = low.filter(Exists(stocked))
    return low.filter(~Exists(Notice.objects.filter(cause=OuterRef("cause")))).order_by("low_since", "pk")
