"""Django behind ASGI: bodies, headers, addresses, downloads, limits, and callers who leave."""

import asyncio
import threading
from collections.abc import Callable, Iterable, Iterator
from io import BytesIO
from typing import IO, Any

import pytest

from tests.asgi import Answer, ask, scope_of
from wanku.project import bridge as module
from wanku.project.bridge import CHUNK, IN_MEMORY_MAX, Bridge, environ_of

Environ = dict[str, Any]


class Closing:
    """A response body that knows when it was closed, and in which thread."""

    def __init__(self, pieces: Iterable[bytes]) -> None:
        self._pieces = iter(pieces)
        self.taken = 0
        self.closed_by: list[str] = []

    def __iter__(self) -> Iterator[bytes]:
        for piece in self._pieces:
            self.taken += len(piece)
            yield piece

    def close(self) -> None:
        """As the server must call it, once."""
        self.closed_by.append(threading.current_thread().name)


def application(answer: Callable[[Environ], Iterable[bytes]], **headers: str) -> Callable[..., Iterable[bytes]]:
    def wsgi(environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes]:
        start_response("200 OK", [(name.replace("_", "-"), value) for name, value in headers.items()])
        return answer(environ)

    return wsgi


def bridge(answer: Callable[[Environ], Iterable[bytes]], threads: int = 2, waiting_max: int = 2) -> Bridge:
    return Bridge(application(answer), threads=threads, waiting_max=waiting_max)


def noting(asked: list[Environ]) -> Callable[[Environ], Iterable[bytes]]:
    """An application that answers "ok" and notes what it was asked."""

    def note(environ: Environ) -> list[bytes]:
        asked.append(environ)
        return [b"ok"]

    return note


def seen(*pieces: bytes, method: str = "POST", address: str = "/", headers: Any = ()) -> Environ:
    """The environ of a request as the application saw it, with its whole body."""
    found: Environ = {}

    def look(environ: Environ) -> list[bytes]:
        found.update(environ, body=environ["wsgi.input"].read())
        return [b"ok"]

    answer = asyncio.run(ask(bridge(look), scope_of(method, address, headers), pieces or [b""]))
    assert (answer.status, answer.body, answer.whole) == (200, b"ok", True)
    return found


def test_a_body_that_arrives_in_pieces_is_whole_and_its_size_is_known() -> None:
    found = seen(b"ab", b"", b"cde")
    assert (found["body"], found["CONTENT_LENGTH"]) == (b"abcde", "5")
    assert seen()["CONTENT_LENGTH"] == "0"


def test_a_large_upload_goes_to_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    kept: list[IO[bytes]] = []

    def noted(scope: Any, body: IO[bytes], size: int) -> Environ:
        kept.append(body)
        return environ_of(scope, body, size)

    monkeypatch.setattr(module, "environ_of", noted)
    pieces = [b"x" * 100_000] * (IN_MEMORY_MAX // 100_000 + 1)
    assert len(seen(*pieces)["body"]) == sum(map(len, pieces))
    assert kept[0]._rolled and kept[0].closed  # type: ignore[attr-defined]


def test_beyond_the_limit_nobody_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "BODY_MAX", 1_000)
    asked: list[Environ] = []
    door = bridge(noting(asked))
    large = asyncio.run(ask(door, scope_of("POST", "/"), [b"x" * 600] * 2))
    assert (large.status, large.whole, asked) == (413, True, [])
    assert asyncio.run(ask(door, scope_of("POST", "/"), [b"x" * 500] * 2)).status == 200


def test_a_caller_that_leaves_before_its_request_is_whole_is_not_acted_for() -> None:
    asked: list[Environ] = []
    door = bridge(noting(asked))
    answer = asyncio.run(ask(door, scope_of("POST", "/"), [b"half"], stays=False))
    assert (answer.status, asked) == (0, [])
    assert door._inside == 0


def test_headers() -> None:
    found = seen(
        headers=[
            ("X-Forwarded-For", "1.1.1.1"),
            ("X_Forwarded_For", "6.6.6.6"),
            ("Accept-Language", "zh"),
            ("Accept-Language", "en"),
            ("Cookie", "a=1"),
            ("Cookie", "b=2"),
            ("Content-Type", "text/plain"),
            ("X-Name", "sch\xf6n"),
        ]
    )
    assert found["HTTP_X_FORWARDED_FOR"] == "1.1.1.1"
    assert (found["HTTP_ACCEPT_LANGUAGE"], found["HTTP_COOKIE"]) == ("zh,en", "a=1; b=2")
    assert (found["CONTENT_TYPE"], found["HTTP_X_NAME"]) == ("text/plain", "sch\xf6n")
    assert not {"HTTP_CONTENT_TYPE", "HTTP_CONTENT_LENGTH"} & found.keys()
    assert found["REMOTE_ADDR"] == "127.0.0.9"


@pytest.mark.parametrize(
    ("address", "path", "query"),
    [
        ("/p/%E8%8C%B6?q=%E8%8C%B6&x", "/p/茶", "q=%E8%8C%B6&x"),
        ("/a%2Fb", "/a/b", ""),
        ("/100%25", "/100%", ""),
        ("/%2525", "/%25", ""),
        ("/%FF", "/\udcff", ""),
        ("/%00?%00", "/\x00", "%00"),
        ("/a?b?c", "/a", "b?c"),
        ("/", "/", ""),
    ],
)
def test_addresses(address: str, path: str, query: str) -> None:
    found = seen(method="GET", address=address)
    assert found["PATH_INFO"].encode("latin-1").decode("utf-8", "surrogateescape") == path
    assert (found["QUERY_STRING"], found["SCRIPT_NAME"], found["REQUEST_METHOD"]) == (query, "", "GET")


def test_an_address_without_its_raw_form_is_not_unquoted_twice() -> None:
    asked: list[Environ] = []
    asyncio.run(ask(bridge(noting(asked)), {**scope_of("GET", "/100%2525"), "raw_path": None}))
    assert asked[0]["PATH_INFO"] == "/100%25"


def test_answer_headers_keep_their_number() -> None:
    def wsgi(environ: Environ, start_response: Callable[..., Any]) -> list[bytes]:
        start_response("404 Not Found", [("Set-Cookie", "a=1"), ("Set-Cookie", "b=2"), ("X-Name", "sch\xf6n")])
        return [b"no"]

    answer = asyncio.run(ask(Bridge(wsgi, threads=1, waiting_max=1), scope_of("GET", "/")))
    assert (answer.status, answer.body) == (404, b"no")
    assert answer.headers == [("set-cookie", "a=1"), ("set-cookie", "b=2"), ("x-name", "schön")]


def test_a_small_answer_is_closed_in_its_thread() -> None:
    content = Closing([b"a", b"", b"b"])
    answer = asyncio.run(ask(bridge(lambda environ: content), scope_of("GET", "/")))
    assert (answer.pieces, answer.whole) == ([b"ab"], True)
    assert len(content.closed_by) == 1 and content.closed_by[0].startswith("django")


def test_a_large_answer_travels_in_pieces_and_is_read_no_further_than_it_was_sent() -> None:
    content = Closing(b"x" * 4_096 for _ in range(4 * CHUNK // 4_096 + 1))
    ahead: list[int] = []

    async def watched(scope: Any, receive: Any, send: Any) -> None:
        sent = 0

        async def count(message: Any) -> None:
            nonlocal sent
            sent += len(message.get("body", b""))
            if "body" in message:
                ahead.append(content.taken - sent)
            await send(message)

        await bridge(lambda environ: content)(scope, receive, count)

    answer = asyncio.run(ask(watched, scope_of("GET", "/")))
    assert answer.whole and len(answer.body) == 4 * CHUNK + 4_096
    assert max(map(len, answer.pieces)) <= CHUNK + 4_096 and set(ahead) == {0}
    assert len(content.closed_by) == 1 and content.closed_by[0].startswith("django")


def test_a_caller_that_leaves_in_the_middle_of_a_download_ends_it() -> None:
    content = Closing(b"x" * CHUNK for _ in range(100))
    door = bridge(lambda environ: content)
    answer = asyncio.run(ask(door, scope_of("GET", "/"), leaves_after=2))
    assert (len(answer.pieces), answer.whole) == (2, False)
    assert content.taken <= 3 * CHUNK
    assert len(content.closed_by) == 1 and content.closed_by[0].startswith("django")
    assert door._inside == 0


def test_an_application_that_fails_in_the_middle_is_closed_too() -> None:
    def pieces() -> Iterator[bytes]:
        yield b"x" * CHUNK
        raise ZeroDivisionError

    content = Closing(pieces())
    door = bridge(lambda environ: content)
    with pytest.raises(ZeroDivisionError):
        asyncio.run(ask(door, scope_of("GET", "/")))
    assert len(content.closed_by) == 1 and door._inside == 0


def test_beyond_threads_and_queue_the_answer_is_busy_at_once_and_room_comes_back() -> None:
    may = threading.Event()
    calls: list[str] = []

    def slow(environ: Environ) -> list[bytes]:
        calls.append(environ["PATH_INFO"])
        assert may.wait(20)
        return [b"ok"]

    door = bridge(slow, threads=2, waiting_max=3)

    async def crowd() -> tuple[list[Answer], list[Answer]]:
        inside = [asyncio.ensure_future(ask(door, scope_of("GET", f"/{n}"))) for n in range(5)]
        while door._inside < 5:  # noqa: ASYNC110 - nobody tells when somebody has come in
            await asyncio.sleep(0)
        beyond = [await ask(door, scope_of("GET", "/beyond")) for _ in range(3)]
        may.set()
        return list(await asyncio.gather(*inside)), beyond

    served, refused = asyncio.run(crowd())
    assert [answer.status for answer in served] == [200] * 5
    assert [(answer.status, answer.header("Retry-After")) for answer in refused] == [(503, "1")] * 3
    assert sorted(calls) == [f"/{n}" for n in range(5)]
    assert asyncio.run(ask(door, scope_of("GET", "/after"))).status == 200


def test_the_input_is_readable_as_django_reads_it() -> None:
    environ = environ_of(scope_of("POST", "/", {"Content-Length": "999"}), BytesIO(b"abc"), 3)
    assert (environ["CONTENT_LENGTH"], environ["wsgi.input"].read()) == ("3", b"abc")
    assert environ["wsgi.url_scheme"] == "http" and environ["SERVER_PROTOCOL"] == "HTTP/1.1"
