"""Rows of whole pages, beside the least that the same server can answer."""

import http.client
from collections.abc import Iterator, Sequence
from random import Random

from django.urls import reverse

from bench import requests
from bench.load import ask
from bench.numbers import Round
from bench.ordering import BUYERS, REST, sessions_of
from bench.rows import Bench, Row, measure
from bench.shop import random_pairs
from wanku.orders.models import Order

READERS = 16
DRAWN = 20_000
ORDERS = 100
HELLO, ALIVE = "/live/hello", "/healthz"


def pages(bench: Bench) -> Iterator[Row]:
    """Product, list, front and order page, each whole and as a guest sees it."""
    port = bench.place.port
    hello, note = hello_of(port)
    asked = {
        "page_product": [requests.get(path, port) for path in bench.shop.product_paths],
        "page_list": [requests.get(path, port) for path in bench.shop.list_paths],
        "page_home": [requests.get("/", port)],
        "page_order": order_pages(bench),
    }
    for name, pages in asked.items():
        row = Row(name, "pages/s", 0.0, beside_name=f"GET {hello}", reach=0.15, notes=[note] if note else [])
        row.facts["different_pages"] = len(pages)
        yield _row(bench, row, pages, requests.get(hello, port))


def popular(pages: Sequence[bytes], seed: int) -> list[bytes]:
    """Readers' choices: the second page half as often as the first, the third a third as often, and so on (Zipf)."""
    weights = [1 / (rank + 1) for rank in range(len(pages))]
    return Random(seed).choices(pages, weights, k=DRAWN)


def _row(bench: Bench, row: Row, pages: Sequence[bytes], hello: bytes) -> Row:
    port, seconds = bench.place.port, max(1.5, bench.seconds / 2)
    warm = ask(port, pages, connections=READERS, seconds=1.0, again=True)
    if set(warm.statuses()) != {200}:
        row.skipped = f"the page answers {warm.statuses()}"
        return row
    row.facts["in_turn_from_cold_per_s"] = round(warm.round(200).rate, 1)
    # Nobody's order is more popular than another's.
    plan = pages if row.name == "page_order" else popular(pages, bench.fresh_seed())
    ask(port, plan, connections=READERS, seconds=1.0, again=True)

    def ours() -> Round:
        return ask(port, plan, connections=READERS, seconds=seconds, again=True).round(200)

    def beside() -> Round:
        return ask(port, [hello], connections=READERS, seconds=seconds, again=True).round(200)

    return measure(bench, row, ours, beside)


def hello_of(port: int) -> tuple[str, str]:
    """The least page of this server, and what to say of it."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    connection.request("GET", HELLO)
    there = connection.getresponse().status == 200
    connection.close()
    return (HELLO, "") if there else (ALIVE, f"{HELLO} is not there yet; {ALIVE} stands in for it.")


def order_pages(bench: Bench) -> list[bytes]:
    """The pages of orders just placed, each for the session of its own guest."""
    port = bench.place.port
    plan, keys = requests.orders(REST, port, random_pairs(bench.fresh_seed()), ORDERS)
    seen = ask(port, plan, connections=BUYERS, seconds=60.0)
    if seen.statuses() != {201: ORDERS}:
        raise RuntimeError(f"orders to look at could not be placed: {seen.statuses()}")
    bench.acknowledge(bench.place, keys)
    orders = list(Order.objects.filter(trade__request_key__in=keys).select_related("trade"))
    sessions = sessions_of([order.trade.guest_key for order in orders if order.trade.guest_key is not None])
    return [
        requests.get(reverse("storefront:order", args=[order.number]), port, Cookie=f"sessionid={session}")
        for order, session in zip(orders, sessions, strict=True)
    ]
