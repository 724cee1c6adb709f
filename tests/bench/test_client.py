"""What the load generator makes of bytes, and that it asks a server as often as it says."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from bench.client import Record, read_plan, status_if_whole, write_plan
from bench.load import Generator, ask


@pytest.mark.parametrize(
    ("answer", "status"),
    [
        (b"HTTP/1.1 201 Created\r\ncontent-length: 2\r\n\r\n{}", 201),
        (b"HTTP/1.1 409 Conflict\r\nContent-Length: 2\r\nX: y\r\n\r\n{}", 409),
        (b"HTTP/1.1 200 OK\r\ncontent-length: 3\r\n\r\n{}", None),
        (b"HTTP/1.1 200 OK\r\ncontent-le", None),
        (b"HTTP/1.1 204 No Content\r\nserver: x\r\n\r\n", 204),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n", None),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n0\r\n\r\n", 200),
        (b"HTTP/1.1 200 OK\r\n\r\nuntil the end", None),
    ],
)
def test_an_answer_counts_when_it_is_whole(answer: bytes, status: int | None) -> None:
    assert status_if_whole(answer) == status


def test_a_plan_comes_back_as_it_was_written(tmp_path: Path) -> None:
    requests = [b"GET / HTTP/1.1\r\n\r\n", b"", "茶".encode() * 400]
    write_plan(tmp_path / "plan", requests)
    assert read_plan(tmp_path / "plan") == requests


def test_a_record_comes_back_as_it_was_written(tmp_path: Path) -> None:
    record = Record()
    record.add(7, 201, 0.5, 0.25)
    record.add(8, 409, 0.75, 0.125)
    record.write(tmp_path / "out")
    read = Record.read(tmp_path / "out")
    assert list(read.index) == [7, 8] and list(read.status) == [201, 409]
    assert list(read.began) == [0.5, 0.75] and list(read.took) == [0.25, 0.125]


class Answerer(BaseHTTPRequestHandler):
    """Says 201 to the first five, then 409; one request has its connection cut."""

    protocol_version = "HTTP/1.1"
    seen = 0
    lock = threading.Lock()

    def do_GET(self) -> None:
        with self.lock:
            type(self).seen += 1
            count = self.seen
        if self.path == "/cut":
            self.close_connection = True
            return
        self.send_response(201 if count <= 5 else 409)
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"ok")

    def log_message(self, *args: object) -> None:
        """Nothing."""


@contextmanager
def answering() -> Iterator[int]:
    Answerer.seen = 0
    server = ThreadingHTTPServer(("127.0.0.1", 0), Answerer)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        server.server_close()


def request(path: str) -> bytes:
    return f"GET {path} HTTP/1.1\r\nHost: x\r\n\r\n".encode()


def test_every_request_is_asked_once_and_seen() -> None:
    with answering() as port:
        seen = ask(port, [request("/")] * 9, connections=3, seconds=30.0)
    assert seen.statuses() == {201: 5, 409: 4} and Answerer.seen == 9
    assert sorted(seen.record.index) == list(range(9))
    assert seen.round(201).accepted == 5 and seen.round(201).refused == 4


def test_a_broken_connection_is_counted_and_replaced() -> None:
    with answering() as port:
        seen = ask(port, [request("/"), request("/cut"), request("/")], connections=1, seconds=30.0)
    assert seen.statuses() == {0: 1, 201: 2}


def test_a_crowd_is_asked_when_it_is_due() -> None:
    times = [0.0, 0.01, 0.02, 0.2]
    with answering() as port:
        generator = Generator(port, [request("/")] * 4, connections=2, arrivals=times)
        generator.start()
        seen = generator.end()
    assert seen.statuses() == {201: 4}
    due = dict(zip(seen.record.index, seen.record.began, strict=True))
    assert [round(due[index], 6) for index in range(4)] == times
