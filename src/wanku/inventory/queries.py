"""Reading stock without one query per thing."""

from collections.abc import Collection, Iterable

from django.db.models import CharField, Exists, OuterRef, Value
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
