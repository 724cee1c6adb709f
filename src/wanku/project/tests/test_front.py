"""The bridge under the real server: what granian does with HEAD, pieces, long downloads, and readers who leave."""

import socket
from collections.abc import Iterator

import httpx
import pytest

from tests.architecture.access_world import signed_in
from tests.cast import NOW, Shop, product_of, variant_of
from tests.served import Served, served
from wanku.audit.models import Move
from wanku.people.models import Person
from wanku.project.bridge import CHUNK

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.server, pytest.mark.slow]
ROWS = 8_000
THREADS = 2
EXPORT = "/platform/audit/export.csv?trail=moves"


@pytest.fixture(scope="module")
def server(django_db_setup: None) -> Iterator[Served]:
    """One process with few threads, so that one that is never given back is missed soon."""
    with served(threads=THREADS) as running:
        yield running


@pytest.fixture
def long(di: Person) -> dict[str, str]:
    """A download of several pieces that is read from the database while it is sent; the cookie that may."""
    Move.objects.bulk_create(
        Move(
            subject_type="trade",
            subject_id=str(n),
            event="place",
            to_state="placed",
            actor="buyer",
            because="x" * 60,
            at=NOW,
        )
        for n in range(ROWS)
    )
    return {"Cookie": f"sessionid={signed_in(di)}"}


def test_a_download_that_outlives_its_thread_is_whole(server: Served, long: dict[str, str]) -> None:
    answer = httpx.get(server.url + EXPORT, headers=long, timeout=60)
    assert answer.status_code == 200 and len(answer.content) > 3 * CHUNK
    assert len(answer.text.splitlines()) == ROWS + 1


def test_readers_who_leave_take_no_thread_with_them(server: Served, long: dict[str, str]) -> None:
    for _ in range(THREADS * 20):
        with socket.create_connection(("127.0.0.1", server.port)) as line:
            line.sendall(f"GET {EXPORT} HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: {long['Cookie']}\r\n\r\n".encode())
            assert line.recv(12) == b"HTTP/1.1 200"
    assert httpx.get(f"{server.url}/", timeout=60).status_code == 200
    assert len(httpx.get(server.url + EXPORT, headers=long, timeout=60).text.splitlines()) == ROWS + 1


def test_who_leaves_before_the_request_is_whole_is_not_waited_for(server: Served) -> None:
    for _ in range(THREADS * 20):
        with socket.create_connection(("127.0.0.1", server.port)) as line:
            line.sendall(b"POST /api/v1/quotes HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 100\r\n\r\n{")
    assert httpx.get(f"{server.url}/", timeout=60).status_code == 200


def test_the_head_of_a_page_has_no_body(server: Served) -> None:
    with socket.create_connection(("127.0.0.1", server.port), timeout=60) as line:
        line.sendall(b"HEAD / HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n")
        received = b""
        while part := line.recv(65_536):
            received += part
    head, _, body = received.partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 200") and body == b""


def test_a_body_in_pieces_without_a_length_is_read(server: Served, bo: Shop) -> None:
    variant = variant_of(product_of(bo.merchant))
    text = f'{{"lines": [{{"variant_id": {variant.pk}, "quantity": 1}}]}}'.encode()
    answer = httpx.post(
        f"{server.url}/api/v1/quotes",
        content=iter([text[:5], text[5:]]),
        headers={"Content-Type": "application/json"},
        timeout=60,
    )
    assert answer.status_code == 200, answer.text
    assert answer.json()["total"] == variant.price
