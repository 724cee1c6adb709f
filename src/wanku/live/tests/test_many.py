"""A thousand open streams in one process, and every one hears. What they weigh is measured in `bench/`."""

import asyncio
from urllib.parse import urlsplit
from uuid import uuid4

import pytest
from django.contrib.sessions.backends.db import SessionStore
from django.db import connection

from tests.bought import paid
from tests.cast import NOW, Shop, product_of
from tests.served import FRONT, served
from wanku.access.actor import Actor
from wanku.flows.fulfilling.ship_order import ship_order
from wanku.orders.models import Order
from wanku.ui.actor import GRANTED, GUEST_KEY

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.server, pytest.mark.slow]
READERS, EACH = 50, 20
PATIENCE = 120.0


def sessions(order: Order) -> list[str]:
    """Browsers of guests to whom the order's number and contact were shown."""
    keys = []
    for _ in range(READERS):
        session = SessionStore()
        session[GUEST_KEY], session[GRANTED] = str(uuid4()), [str(order.trade_id)]
        session.save()
        keys.append(str(session.session_key))
    return keys


Wire = tuple[asyncio.StreamReader, asyncio.StreamWriter]


async def opened(port: int, path: str, cookie: str) -> Wire:
    """A stream, read up to its first lines; a writer that nobody holds closes the wire."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: sessionid={cookie}\r\n\r\n".encode())
    await reader.readuntil(b"retry: 2000\n")
    return reader, writer


def test_a_thousand_hear_of_one_step(ann_actor: Actor, bo: Shop) -> None:
    order = paid(ann_actor, (product_of(bo.merchant), 1))[0]
    cookies = sessions(order)

    def ship() -> None:
        """In a thread, which must leave no connection behind."""
        ship_order(order.pk, pieces=None, carrier="sf", tracking="SF1234567890123", actor=bo.actor, now=NOW)
        connection.close()

    async def work(url: str) -> int:
        port, path = urlsplit(url).port or 0, f"/live/trades/{order.trade.number}"
        async with asyncio.timeout(PATIENCE):
            wires = await asyncio.gather(*(opened(port, path, c) for c in cookies for _ in range(EACH)))
            await asyncio.to_thread(ship)
            told = await asyncio.gather(*(reader.readuntil(b"event: moved\n") for reader, _writer in wires))
        return len(told)

    with served(FRONT) as server:
        assert asyncio.run(work(server.url)) == READERS * EACH
