"""Reading departures for pricing: three statements, however many there are."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from typing import Any

from django.db.models.functions import Now

from wanku.catalog.models import Variant
from wanku.kinds.seat.models import Cabin, Departure, SeatTerms
from wanku.kinds.seat.rules import Facts, Leaving


def load_facts(variants: Collection[int]) -> dict[int, Facts]:
    """What is known of these variants; those whose product has no terms are missing.

    Departures that have left by the database's clock are left out, so that years of them cost nothing; whether a
    departure can still be bought is decided by the moment that `Kind.pick` is given.
    """
    products = dict(Variant.objects.filter(pk__in=variants).values_list("pk", "product_id"))
    terms = {row.pk: row for row in SeatTerms.objects.filter(pk__in=set(products.values()))}
    leaving: dict[int, dict[int, Leaving]] = defaultdict(dict)
    rows = Cabin.objects.filter(variant__in=products, departure__starts_at__gt=Now()).select_related("departure")
    for row in rows:
        if row.departure.product_id in terms:
            at = row.departure
            leaving[row.variant_id][at.pk] = _leaving(at, row.price, real_name=terms[at.product_id].real_name)
    return {
        variant: Facts(leaving[variant], terms[product].cancellation)
        for variant, product in products.items()
        if product in terms
    }


def _leaving(row: Departure, price: int | None, *, real_name: bool) -> Leaving:
    return Leaving(
        row.pk,
        row.state,
        row.starts_at,
        row.ends_at,
        row.sale_until,
        row.minimum,
        row.decide_at,
        price,
        words_of(row, real_name=real_name),
    )


def words_of(row: Departure, *, real_name: bool) -> Mapping[str, Any]:
    """What is frozen with a line: all that a reader may need when the departure is long gone."""
    return {
        "departure": row.pk,
        "origin": row.origin,
        "destination": row.destination,
        "meeting_point": row.meeting_point,
        "starts_at": row.starts_at.isoformat(),
        "ends_at": row.ends_at.isoformat(),
        "zone_from": row.zone_from,
        "zone_to": row.zone_to,
        "real_name": real_name,
        "minimum": row.minimum,
        "decide_at": row.decide_at.isoformat() if row.decide_at else None,
    }
