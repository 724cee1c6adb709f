"""New departures: one, or the same wall time on many days."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction

from wanku.access.actor import Actor
from wanku.audit.record import record
from wanku.catalog.models import Product, Variant
from wanku.flows.selling._product import product_to_edit
from wanku.inventory.models import Supply
from wanku.inventory.restock import restock_many
from wanku.kernel.refusal import BAD_VALUE, NOT_FOUND, Code, Refusal, gettext_noop, refuse_all
from wanku.kernel.text import clean
from wanku.kinds.seat.models import Cabin, Departure, SeatTerms
from wanku.kinds.seat.rules import Journey, check_journey, check_moments
from wanku.kinds.seat.series import Series, moments
from wanku.kinds.seat.states import CONFIRMED, OPEN, SOLD_IN

NO_TERMS = Code("no_terms", gettext_noop("First say what cancelling costs and whether travellers show documents."), 409)
ALL_THERE = Code("departures_exist", gettext_noop("It leaves at all these times already."), 409)


def add_departures(
    product_id: int, journey: Journey, series: Series, *, actor: Actor, now: datetime
) -> Sequence[Departure]:
    """Put departures of a product on offer, with their cabins and seats. Those that are there already stay as they are.

    Returns:
        the new ones, in order of time.

    Raises:
        Refusal: ``not_found``, also for variants of another product; ``not_allowed``; ``no_terms``;
            ``departures_exist`` when none would be new; ``bad_value`` for each field that is wrong.
    """
    product = product_to_edit(product_id, actor)
    refuse_all(check_journey(journey))
    times = moments(series, journey.zone_from, journey.zone_to)
    _check_times(times, journey, now)
    with transaction.atomic():
        # The product's row is the queue, so that nobody makes the same departures beside us.
        product = Product.objects.select_for_update(no_key=True).get(pk=product.pk)
        _check_parts(product, journey)
        there = _there(product, journey, [starts_at for starts_at, _ends_at in times])
        new = [_row(product, journey, *each, now) for each in times if each[0] not in there]
        if not new:
            raise Refusal(ALL_THERE, field="first")
        rows = Departure.objects.bulk_create(new)
        _open(rows, journey, actor=actor, now=now)
        record(
            "add_departures",
            actor_id=actor.person_id,
            merchant_id=product.merchant_id,
            subject_type="product",
            subject_id=product.pk,
            facts={"title": product.title, "count": len(rows), "first": rows[0].starts_at.isoformat()},
            now=now,
        )
    return rows


def _check_times(times: Sequence[tuple[datetime, datetime]], journey: Journey, now: datetime) -> None:
    for starts_at, ends_at in times:
        refuse_all(check_moments(starts_at, ends_at, now=now))
    first = times[0][0]
    if first - timedelta(hours=journey.sale_hours) <= now:
        problem = gettext_noop("Sales for the first departure would be over already.")
        raise Refusal(BAD_VALUE, field="sale_hours", problem=problem)
    if journey.minimum > 1 and first - timedelta(hours=journey.decide_hours) <= now:
        problem = gettext_noop("It would be decided in the past whether the first departure goes.")
        raise Refusal(BAD_VALUE, field="decide_hours", problem=problem)


def _check_parts(product: Product, journey: Journey) -> None:
    if not SeatTerms.objects.filter(pk=product.pk).exists():
        raise Refusal(NO_TERMS)
    known = set(Variant.objects.filter(product=product, is_active=True).values_list("pk", flat=True))
    told = [cabin.variant_id for cabin in journey.cabins]
    if not known.issuperset(told) or len(set(told)) < len(told):
        raise Refusal(NOT_FOUND)


def _there(product: Product, journey: Journey, starts: Sequence[datetime]) -> set[datetime]:
    rows = Departure.objects.filter(product=product, state__in=SOLD_IN, starts_at__in=starts)
    same = rows.filter(origin=clean(journey.origin), destination=clean(journey.destination))
    return set(same.values_list("starts_at", flat=True))


def _row(product: Product, journey: Journey, starts_at: datetime, ends_at: datetime, now: datetime) -> Departure:
    decide_at = starts_at - timedelta(hours=journey.decide_hours) if journey.minimum > 1 else None
    return Departure(
        product=product,
        merchant_id=product.merchant_id,
        state=OPEN if decide_at else CONFIRMED,
        due_at=decide_at,
        starts_at=starts_at,
        ends_at=ends_at,
        zone_from=journey.zone_from,
        zone_to=journey.zone_to,
        origin=clean(journey.origin),
        destination=clean(journey.destination),
        meeting_point=clean(journey.meeting_point),
        sale_until=starts_at - timedelta(hours=journey.sale_hours),
        minimum=journey.minimum,
        decide_at=decide_at,
        created_at=now,
    )


def _open(rows: Sequence[Departure], journey: Journey, *, actor: Actor, now: datetime) -> None:
    """Cabins and their counters."""
    Cabin.objects.bulk_create(
        Cabin(departure=row, variant_id=cabin.variant_id, price=cabin.price) for row in rows for cabin in journey.cabins
    )
    seats = {row.key(cabin.variant_id): cabin.seats for row in rows for cabin in journey.cabins}
    # A seat that is sold is no stock that runs low: nobody is told at zero.
    Supply.objects.bulk_create(Supply(merchant_id=rows[0].merchant_id, key=key, low_at=0) for key in seats)
    restock_many(seats, because="departure", by_id=actor.person_id, now=now)
