"""Rows of whole pages, beside the least that the same server can answer."""

from collections.abc import Iterator, Sequence
from random import Random
from uuid import uuid4

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
WARM_ROUNDS = 8
SEEN = 200
"""Different pages that readers come back to."""


def pages(bench: Bench) -> Iterator[Row]:
    """Product, list, front and order page, each whole and as a guest sees it."""
    port = bench.place.port
    asked = {
        "page_product": [requests.get(path, port) for path in bench.shop.product_paths[:SEEN]],
        "page_list": [requests.get(path, port) for path in bench.shop.list_paths[:SEEN]],
        "page_home": [requests.get("/", port)],
        "page_order": order_pages(bench),
    }
    with bench.place.hello() as hello:
        for name, pages in asked.items():
            row = Row(name, "pages/s", 0.0, beside_name="a bare Django view", reach=0.15)
            row.facts["different_pages"] = len(pages)
            yield _row(bench, row, pages, hello)


def popular(pages: Sequence[bytes], seed: int) -> list[bytes]:
    """Readers' choices: the second page half as often as the first, the third a third as often, and so on (Zipf)."""
    weights = [1 / (rank + 1) for rank in range(len(pages))]
    return Random(seed).choices(pages, weights, k=DRAWN)


def _row(bench: Bench, row: Row, pages: Sequence[bytes], hello: int) -> Row:
    port, seconds = bench.place.port, max(1.5, bench.seconds / 2)
    # Every page once: what is measured is a page that somebody has seen before; the first view is told apart.
    warm = ask(port, pages, connections=READERS, seconds=60.0)
    if set(warm.statuses()) != {200}:
        row.skipped = f"the page answers {warm.statuses()}"
        return row
    row.facts["first_views_per_s"] = round(warm.round(200).rate, 1)
    # Each process keeps its own pages, and chance says which of them answers.
    for _ in range(WARM_ROUNDS):
        ask(port, pages, connections=READERS, seconds=60.0)
    # Nobody's order is more popular than another's.
    plan = pages if row.name == "page_order" else popular(pages, bench.fresh_seed())
    ask(port, plan, connections=READERS, seconds=1.0, again=True)

    def ours() -> Round:
        return ask(port, plan, connections=READERS, seconds=seconds, again=True).round(200)

    def beside() -> Round:
        bare = [requests.get("/", hello)]
        return ask(hello, bare, connections=READERS, seconds=seconds, again=True).round(200)

    return measure(bench, row, ours, beside)


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
    # Both cookies, as every browser sends them that has been here to order.
    cookies = [f"csrftoken={uuid4().hex}; sessionid={session}" for session in sessions]
    return [
        requests.get(reverse("storefront:order", args=[order.number]), port, Cookie=cookie)
        for order, cookie in zip(orders, cookies, strict=True)
    ]
