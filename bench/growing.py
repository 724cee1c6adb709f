"""Rows of growth: the same shop with few and with very many past orders, measured in turns."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import httpx
import psycopg
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.urls import reverse

from bench import requests
from bench.growth import Past, grow
from bench.load import ask
from bench.numbers import Round, median
from bench.ordering import BUYERS, REST, RUSH, SPARE, door_is_there
from bench.place import SHOP, Place
from bench.rows import Bench, Row, times
from bench.shop import random_pairs
from wanku.people.models import Person
from wanku.ui.activity import SEEN

READERS = 4
MEMBERS = 100


@dataclass(slots=True)
class Sized:
    """The shop with so many past orders.

    Attributes:
        pages: requests for lists of orders of several members.
    """

    place: Place
    seconds: float
    rate: float = 0.0
    pages: list[bytes] = field(default_factory=list)
    placing: list[Round] = field(default_factory=list)
    listing: list[Round] = field(default_factory=list)


def growth(bench: Bench) -> Iterator[Row]:
    """Each size has a database and a web process of its own on the same server; rounds go up and down the sizes."""
    path = RUSH if door_is_there(bench) else REST
    bench.place.close_web()
    sized: dict[int, Sized] = {}
    try:
        for size in bench.sizes:
            sized[size] = _fill(bench, size, sized)
        for there in sized.values():
            there.place.open_web()
            there.pages = order_lists(there.place)
            _place(bench, there, path, 1.0, 1500)
            there.placing.clear()
            # What a process does once (compiling templates) is no part of any size.
            ask(there.place.port, there.pages, connections=READERS, seconds=60.0)
        for turn in range(bench.rounds):
            for size in bench.sizes if turn % 2 == 0 else reversed(bench.sizes):
                _round(bench, size, sized[size], path)
    finally:
        for there in sized.values():
            there.place.close_web()
        bench.place.open_web()
    yield _row(bench, "growth_place_order", "orders/s", {size: there.placing for size, there in sized.items()})
    row = _row(bench, "growth_buyers_list", "pages/s", {size: there.listing for size, there in sized.items()})
    row.facts["filled_in_seconds"] = {size: round(there.seconds, 1) for size, there in sized.items()}
    yield row


def _fill(bench: Bench, size: int, smaller: dict[int, Sized]) -> Sized:
    """The next size, grown from a copy of the one before."""
    before = max(smaller, default=0)
    source = smaller[before].place.database if before else SHOP
    place = bench.place.beside(f"growth_{size}", source)
    bench.others.append(place)
    grown = grow(place.keeper_url(), size - before, Past.HISTORY, datetime.now(UTC))
    print(f"  filled {size:,} past orders in {grown.seconds:.1f} s", flush=True)
    return Sized(place, grown.seconds)


def _round(bench: Bench, size: int, there: Sized, path: str) -> None:
    bench.checkpoint()
    _place(bench, there, path, bench.seconds, int(there.rate * bench.seconds * SPARE) + 500)
    seen = ask(there.place.port, there.pages, connections=READERS, seconds=max(1.5, bench.seconds / 2), again=True)
    there.listing.append(seen.round(200))
    print(
        f"  growth {size:>10,} {there.placing[-1].rate:9.1f} orders/s {there.listing[-1].rate:9.1f} pages/s", flush=True
    )


def _place(bench: Bench, there: Sized, path: str, seconds: float, count: int) -> None:
    plan, keys = requests.orders(path, there.place.port, random_pairs(bench.fresh_seed()), count)
    seen = ask(there.place.port, plan, connections=BUYERS, seconds=seconds)
    bench.acknowledge(there.place, [keys[index] for index in seen.of(201)])
    there.placing.append(seen.round(201))
    there.rate = there.placing[-1].rate


def _row(bench: Bench, name: str, unit: str, rounds: dict[int, list[Round]]) -> Row:
    """The largest beside the smallest."""
    smallest, largest = min(rounds), max(rounds)
    row = Row(name, unit, 0.0, beside_name=f"itself with {smallest:,} past orders", reach=0.85)
    rates = {size: median([r.rate for r in each]) for size, each in rounds.items()}
    row.ours, row.beside = rates[largest], rates[smallest]
    row.p50_ms, row.p99_ms = times(rounds[largest])
    row.beside_p50_ms, row.beside_p99_ms = times(rounds[smallest])
    row.accepted = sum(r.accepted for r in rounds[largest])
    row.refused = sum(r.refused for each in rounds.values() for r in each)
    for size, each in rounds.items():
        row.facts[f"at_{size}"] = {"rate": round(rates[size], 1), "p50_ms": round(times(each)[0], 2)}
    row.notes.append(f"Ours is with {largest:,} past orders; the ratio says what is left of the smallest one's rate.")
    return row


def order_lists(place: Place) -> list[bytes]:
    """Requests of some members for their orders, each with a session of its own."""
    now, store, cookies = datetime.now(UTC), SessionStore(), []
    with psycopg.connect(place.keeper_url()) as connection:
        people = connection.execute(
            "SELECT id, password FROM people_person WHERE id IN (SELECT buyer_id FROM orders_trade) LIMIT %s",
            [MEMBERS],
        ).fetchall()
        for person_id, password in people:
            person = Person(pk=person_id, password=password)
            session = {
                SESSION_KEY: str(person_id),
                BACKEND_SESSION_KEY: settings.AUTHENTICATION_BACKENDS[0],
                HASH_SESSION_KEY: person.get_session_auth_hash(),
                SEEN: now.timestamp(),
            }
            cookies.append(uuid4().hex)
            connection.execute(
                "INSERT INTO django_session (session_key, session_data, expire_date) VALUES (%s, %s, %s)",
                [cookies[-1], store.encode(session), now + timedelta(days=1)],
            )
    _see_orders(place, cookies[0])
    return [requests.get(reverse("storefront:orders"), place.port, Cookie=f"sessionid={key}") for key in cookies]


def _see_orders(place: Place, cookie: str) -> None:
    """A list without orders answers 200 as well, and would be measured for one with orders.

    Raises:
        RuntimeError: the session is not its member's.
    """
    url = f"http://127.0.0.1:{place.port}{reverse('storefront:orders')}"
    page = httpx.get(url, cookies={"sessionid": cookie}, timeout=30.0, trust_env=False).text
    if 'href="/orders/2' not in page:
        raise RuntimeError("the list of orders has none")
