"""The row of the flash sale: 500 pieces, 20,000 people, half a minute."""

import uuid
from collections.abc import Iterator, Sequence
from random import Random

from django.db import connection

from bench import requests
from bench.client import BROKEN
from bench.load import Generator, Seen
from bench.numbers import percentile
from bench.ordering import REST, RUSH, door_is_there
from bench.rows import Bench, Row
from bench.shop import FLASH_PRICE, FREIGHT, PIECES
from wanku.api.callers import new_token

PEOPLE, SECONDS = 20_000, 30.0
PEOPLE_QUICK, SECONDS_QUICK = 5_000, 7.5
LOOKS = 25.0
"""Other pages that are asked for in a second, before and during the sale."""
CONNECTIONS = 4_000
REFUSED_MS_MOST, FAIR_LEAST = 50.0, 0.98


def flash_sale(bench: Bench) -> Iterator[Row]:
    """Everybody arrives at a moment of their own and asks once, whatever became of the others."""
    people, seconds = (PEOPLE_QUICK, SECONDS_QUICK) if bench.quick else (PEOPLE, SECONDS)
    row = Row("flash_sale", "asked/s", 0.0)
    path = RUSH if door_is_there(bench) else REST
    if path != RUSH:
        row.notes.append(f"{RUSH} is not there yet; {REST} stands in for it.")
    keys = [uuid.uuid4().hex for _ in range(people)]
    total = FLASH_PRICE + FREIGHT
    plan = [
        requests.order(path, bench.place.port, (bench.shop.flash,), total, key, new_token(uuid.uuid4())) for key in keys
    ]
    _look(bench, 2.0, 0)  # warms what pages are kept in
    # As long, and of as many products that nobody has seen: a first view costs many times a later one.
    quiet = _look(bench, seconds, 1)
    crowd = Generator(
        bench.place.port, plan, connections=CONNECTIONS, arrivals=arrivals(people, seconds, bench.fresh_seed())
    )
    lookers = _looks(bench, seconds, 2)
    crowd.start()
    lookers.start()
    asked, during = crowd.end(), lookers.end()
    bench.acknowledge(bench.place, [keys[index] for index in asked.of(201)])
    _fill(row, bench, asked, (quiet, during), seconds)
    yield row


def arrivals(people: int, seconds: float, seed: int) -> list[float]:
    """When each of them asks, in order; spread evenly by chance."""
    draw = Random(seed)
    return sorted(draw.random() * seconds for _ in range(people))


def _looks(bench: Bench, seconds: float, turn: int) -> Generator:
    """Readers of product, list and front pages; each turn of them sees products that were not seen before."""
    port, shop = bench.place.port, bench.shop
    plan = []
    first = turn * int(SECONDS * LOOKS / 3)
    for product, shelf in zip(shop.product_paths[first:], shop.list_paths * 100, strict=False):
        plan += [requests.get(product, port), requests.get(shelf, port), requests.get("/", port)]
    times = [index / LOOKS for index in range(int(seconds * LOOKS))]
    return Generator(port, plan, connections=64, arrivals=times)


def _look(bench: Bench, seconds: float, turn: int) -> Seen:
    generator = _looks(bench, seconds, turn)
    generator.start()
    return generator.end()


def _fill(row: Row, bench: Bench, asked: Seen, looks: tuple[Seen, Seen], seconds: float) -> None:
    record = asked.record
    order = [i for i, status in zip(record.index, record.status, strict=True) if status == 201]
    refused = [t for status, t in zip(record.status, record.took, strict=True) if status not in (201, BROKEN)]
    accepted = [t for status, t in zip(record.status, record.took, strict=True) if status == 201]
    sold, left = _stock(bench.shop.flash)
    row.ours = len(record.status) / seconds
    row.accepted, row.refused = len(order), len(refused)
    row.p50_ms, row.p99_ms = percentile(refused, 0.5) * 1000, percentile(refused, 0.99) * 1000
    row.client_cpu = asked.cpu / asked.seconds
    quiet, during = ([t * 1000 for t in seen.record.took] for seen in looks)
    row.facts |= {
        "people": len(record.status),
        "seconds": seconds,
        "sold": sold,
        "left": left,
        "oversold": max(0, sold - PIECES),
        "statuses": asked.statuses(),
        "accepted_p99_ms": round(percentile(accepted, 0.99) * 1000, 1),
        "fair": round(fairness(order), 4),
        "last_accepted_arrival": max(order, default=-1) + 1,
        "pages_p99_before_ms": round(percentile(quiet, 0.99), 1),
        "pages_p99_during_ms": round(percentile(during, 0.99), 1),
        "pages_statuses": looks[1].statuses(),
    }
    row.claims |= {
        f"{PIECES} sold, none over": sold == PIECES == len(order),
        "refusals under 50 ms p99": row.p99_ms < REFUSED_MS_MOST,
        "other pages under twice their p99": percentile(during, 0.99) < 2 * percentile(quiet, 0.99),
        "fair by arrival": fairness(order) >= FAIR_LEAST,
    }
    row.notes.append("p50 and p99 are those of the refused; times count from the arrival, not from when it was sent.")


def fairness(accepted: Sequence[int]) -> float:
    """Share of the accepted who would have been accepted strictly by order of arrival; 1 is fair. Places from 0."""
    if not accepted:
        return 1.0
    return sum(1 for place in accepted if place < len(accepted)) / len(accepted)


def _stock(variant: int) -> tuple[int, int]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT held + sold, free FROM inventory_supply WHERE key = %s", [f"sku:{variant}"])
        sold, left = cursor.fetchone()
    return int(sold), int(left)
