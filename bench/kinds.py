"""Rows of what is not goods: three nights in a room, two hours of somebody's time, at the rush door."""

import json
import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from itertools import islice
from random import Random
from typing import Any

from django.db import connections, transaction
from django.utils import timezone

from bench import requests
from bench.load import Seen, ask
from bench.numbers import Round
from bench.ordering import BUYERS, RUSH, WARM_REQUESTS, WARM_SECONDS, values
from bench.pgbench import pgbench
from bench.rows import Bench, Row, measure
from wanku.api.callers import new_token
from wanku.catalog.models import Category, Product, ProductState, Variant
from wanku.inventory.open_counters import open_counters
from wanku.kinds.stay.models import Place, Property, Rate, RoomType
from wanku.kinds.stay.prices import supply_key
from wanku.kinds.visit.models import Area, Item, Service, Skill, WeekHours, Worker
from wanku.kinds.visit.quarters import open_quarters
from wanku.merchants.models import Merchant

NIGHT, HOUR = 50_000, 12_000
"""Prices of a night and of the visit, minor units."""
ROOMS, NIGHTS, STAYED = 20_000, 90, 3
PEOPLE, DAYS, OPENS, CLOSES, QUARTERS = 20, 14, 8 * 60, 18 * 60, 8
SPARE = 1.7
BESIDE = "pgbench, two SKUs"
Plan = Iterator[tuple[dict[str, Any], int]]
"""Lines and totals of orders, for ever or until everything is booked."""


def place_order_stay(bench: Bench) -> Iterator[Row]:
    """Three nights in one of twenty houses: three counters, one line."""
    rooms = _houses()
    connections.close_all()
    yield _row(bench, "place_order_stay", _stays(rooms, timezone.now().date()))


def place_order_visit(bench: Bench) -> Iterator[Row]:
    """Two hours of one of 400 people: eight counters that nobody else can have, and an appointment beside them."""
    plan = _visits(*_people(timezone.now()))
    connections.close_all()
    yield _row(bench, "place_order_visit", plan)


def _row(bench: Bench, name: str, plan: Plan) -> Row:
    row = Row(name, "orders/s", 0.0, beside_name=BESIDE)
    _, rate = _ask(bench, plan, WARM_SECONDS, WARM_REQUESTS)

    def ours() -> Round:
        seen, _ = _ask(bench, plan, bench.seconds, int(rate * bench.seconds * SPARE) + 500)
        row.facts.setdefault("statuses", []).append(seen.statuses())
        return seen.round(201)

    def beside() -> Round:
        return pgbench(bench.place.cluster.url, "place_order", seconds=bench.seconds, values=values(hot=False))

    measure(bench, row, ours, beside)
    row.notes.append("Beside it is the hand-written transaction of two SKUs: fewer counters, and nothing to configure.")
    return row


def _ask(bench: Bench, plan: Plan, seconds: float, count: int) -> tuple[Seen, float]:
    asked, keys = [], []
    for line, total in islice(plan, count):
        keys.append(uuid.uuid4().hex)
        asked.append(_order(bench.place.port, line, total, keys[-1]))
    seen = ask(bench.place.port, asked, connections=BUYERS, seconds=seconds)
    bench.acknowledge(bench.place, [keys[index] for index in seen.of(201)])
    return seen, seen.round(201).rate


def _order(port: int, line: Mapping[str, Any], total: int, key: str) -> bytes:
    body = {"lines": [line], "contact": requests.CONTACT, "address": requests.ADDRESS, "agreed_total": total}
    headers = {
        "Content-Type": "application/json",
        "Accept": "application/json",
        "X-Guest-Token": new_token(uuid.uuid4()),
        "Idempotency-Key": key,
    }
    return requests.http("POST", RUSH, port, headers, json.dumps(body, ensure_ascii=False).encode())


def _stays(variants: Sequence[int], today: date) -> Plan:
    draw = Random(5)
    while True:
        first = today + timedelta(days=draw.randrange(1, NIGHTS - STAYED - 1))
        choice = {"check_in": first.isoformat(), "check_out": (first + timedelta(days=STAYED)).isoformat()}
        line = {"variant_id": draw.choice(variants), "quantity": 1, "choice": choice, "details": {"guest": "安小姐"}}
        yield line, NIGHT * STAYED


def _visits(variants: Mapping[int, int], slots: Iterable[tuple[int, datetime]]) -> Plan:
    """Every free time once, in no order."""
    left = list(slots)
    Random(6).shuffle(left)
    for worker, at in left:
        choice = {"at": at.isoformat(), "worker": worker}
        yield {"variant_id": variants[worker], "quantity": 1, "choice": choice}, HOUR


def _offered(kind: str, merchants: Sequence[Merchant], price: int) -> list[Variant]:
    now, category = timezone.now(), Category.objects.order_by("pk")[0]
    products = Product.objects.bulk_create(
        Product(
            merchant=merchant,
            category=category,
            kind=kind,
            slug=f"bench-{kind}",
            title=f"{kind} {merchant.pk}",
            state=ProductState.ON_SALE,
            price_min=price,
            price_max=price,
            created_at=now,
            updated_at=now,
            listed_at=now,
        )
        for merchant in merchants
    )
    return Variant.objects.bulk_create(
        Variant(product=product, merchant=product.merchant, sku=f"BENCH-{kind}", price=price) for product in products
    )


@transaction.atomic
def _houses() -> list[int]:
    """A house for each merchant, with rooms for everybody; variants."""
    merchants, now = list(Merchant.objects.order_by("pk")), timezone.now()
    place, variants = Place.objects.create(name="杭州"), _offered("stay", merchants, NIGHT)
    for variant in variants:
        house = Property.objects.create(
            product=variant.product,
            merchant=variant.merchant,
            place=place,
            address="北山街 1 号",
            check_in=time(15),
            check_out=time(12),
        )
        room = RoomType.objects.create(property=house, merchant=variant.merchant, name="房", rooms=ROOMS, price=NIGHT)
        notice = [{"hours": 48, "bp": 0}]
        Rate.objects.create(variant=variant, room=room, merchant=variant.merchant, name="房价", notice=notice)
        nights = (now.date() + timedelta(days=n) for n in range(NIGHTS))
        levels = {supply_key(room.pk, night): ROOMS for night in nights}
        open_counters(variant.merchant_id, levels, because="calendar", by_id=None, now=now)
    return [variant.pk for variant in variants]


@transaction.atomic
def _people(now: datetime) -> tuple[dict[int, int], list[tuple[int, datetime]]]:
    """Twenty people for each merchant who work all day, every day; the variant that each does, and their free times."""
    merchants = list(Merchant.objects.order_by("pk"))
    variants = _offered("visit", merchants, HOUR)
    Service.objects.bulk_create(
        Service(product=v.product, merchant=v.merchant, lead_minutes=0, days_ahead=DAYS, step=QUARTERS)
        for v in variants
    )
    Item.objects.bulk_create(Item(variant=v, merchant=v.merchant, quarters=QUARTERS) for v in variants)
    Area.objects.bulk_create(Area(merchant=m, city=requests.ADDRESS["city"]) for m in merchants)
    workers = Worker.objects.bulk_create(
        Worker(merchant=m, name=f"{n}号", travel_before=0) for m in merchants for n in range(PEOPLE)
    )
    does = {merchant.pk: variant for merchant, variant in zip(merchants, variants, strict=True)}
    Skill.objects.bulk_create(Skill(worker=w, variant=does[w.merchant_id]) for w in workers)
    WeekHours.objects.bulk_create(
        WeekHours(worker=w, weekday=day, opens=OPENS, closes=CLOSES) for w in workers for day in range(7)
    )
    open_quarters(workers, by_id=None, now=now)
    zone = timezone.get_fixed_timezone(8 * 60)
    tomorrow = datetime.combine(now.astimezone(zone).date(), time(), zone) + timedelta(days=1)
    starts = [
        (tomorrow + timedelta(days=day, minutes=minute)).astimezone(UTC)
        for day in range(DAYS - 1)
        for minute in range(OPENS, CLOSES, QUARTERS * 15)
    ]
    return {w.pk: does[w.merchant_id].pk for w in workers}, [(w.pk, at) for w in workers for at in starts]
