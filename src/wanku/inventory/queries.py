"""Reading stock without one query per thing."""

from collections.abc import Collection, Iterable
from typing import Any

from django.db.models import BooleanField, CharField, Exists, F, Func, OrderBy, OuterRef, QuerySet, Value
from django.db.models.functions import Cast, Concat

from wanku.catalog.models import Variant
from wanku.inventory.models import Supply


def stock_of(variants: Iterable[Variant]) -> dict[int, int]:
    """Pieces that can be ordered now, by variant id, in one query; without a counter none."""
    ids = {variant.supply_key: variant.pk for variant in variants}
    found = dict(Supply.objects.filter(key__in=list(ids)).values_list("key", "free"))
    return {pk: found.get(key, 0) for key, pk in ids.items()}


def free_by_key(keys: Collection[str]) -> dict[str, int]:
    """Pieces that can be ordered now, by key, in one query; keys without a counter are missing."""
    return dict(Supply.objects.filter(key__in=list(keys)).values_list("key", "free")) if keys else {}


def has_stock() -> Exists:
    """A condition on products: some offered variant has pieces left."""
    key = Concat(Value("sku:"), Cast(OuterRef("pk"), CharField()))
    stocked = Supply.objects.filter(key=key, free__gt=0)
    return Exists(Variant.objects.filter(Exists(stocked), product=OuterRef("pk"), is_active=True))


class _ByBytes(OrderBy):
    """In the order of the index for beginnings of keys, which is the same whatever the database sorts by."""

    # Django looks for a direction behind every order; the operator is one.
    template = "%(expression)s USING ~<~ /* ASC */"


def free_between(low: Any, high: Any) -> QuerySet[Supply, Any]:
    """Keys of counters from ``low`` to before ``high`` that have pieces left, the first one first, for a subquery.

    Keys are compared byte by byte. The order leads the planner to the index, since only the first is wanted, once per
    row of the outer query.

    Args:
        low, high: expressions for a key.
    """
    rows = Supply.objects.filter(_compared(">=", low), _compared("<", high), free__gt=0)
    return rows.order_by(_ByBytes(F("key"))).values("key")


def _compared(sign: str, bound: Any) -> Func:
    return Func(F("key"), bound, template="%(expressions)s", arg_joiner=f" ~{sign}~ ", output_field=BooleanField())
