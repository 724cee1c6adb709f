"""The row of live streams: a thousand pages that watch, and how soon they hear."""

import http.client
import json
import select
import socket
import time
import uuid
from collections.abc import Iterator
from dataclasses import dataclass

from bench import requests
from bench.load import ask
from bench.machine import family, share_mb
from bench.numbers import percentile
from bench.ordering import BUYERS, REST, RUSH, door_is_there, sessions_of
from bench.rows import Bench, Row
from bench.shop import random_pairs, total_of
from wanku.api.callers import new_token
from wanku.orders.models import Trade

STREAMS, STREAMS_QUICK = 1_000, 200
CHANGES = 50
HEAR_SECONDS = 10.0
MEGABYTES_MOST = 100.0


@dataclass(frozen=True, slots=True)
class Watched:
    """A trade, its guest's token for the API, and the session of the guest's browser."""

    number: str
    token: str
    session: str


def streams(bench: Bench) -> Iterator[Row]:
    """Guests watch their trades, one each; then some trades are cancelled and the event is awaited."""
    row = Row("streams", "streams", 0.0)
    wanted = STREAMS_QUICK if bench.quick else STREAMS
    watched = _trades(bench, wanted)
    before = _megabytes(bench)
    socks = _watch(bench, watched)
    if isinstance(socks, str):
        row.skipped = socks
        yield row
        return
    try:
        time.sleep(1.0)
        after = _megabytes(bench)
        heard = [_change(bench, watched[i], socks[i]) for i in range(0, wanted, max(1, wanted // CHANGES))]
    finally:
        for sock in socks:
            sock.close()
    told = [seconds for seconds in heard if seconds is not None]
    row.ours = float(len(socks))
    row.p50_ms, row.p99_ms = percentile(told, 0.5) * 1000, percentile(told, 0.99) * 1000
    row.accepted, row.refused = len(told), len(heard) - len(told)
    row.facts |= {"megabytes_before": before, "megabytes_more": round(after - before, 1), "changes": len(heard)}
    row.claims["under 100 MB more memory"] = after - before < MEGABYTES_MOST
    row.claims["every change seen in under a second"] = len(told) == len(heard) and max(told, default=9.0) < 1.0
    row.notes.append("p50 and p99: from the request that cancels a trade to the event in the stream of who watches it.")
    yield row


def _trades(bench: Bench, count: int) -> list[Watched]:
    """Trades just placed by so many guests."""
    pairs = random_pairs(bench.fresh_seed())
    path, tokens, plan = RUSH if door_is_there(bench) else REST, {}, []
    for pair in (next(pairs) for _ in range(count)):
        key, token = uuid.uuid4().hex, new_token(uuid.uuid4())
        tokens[key] = token
        plan.append(requests.order(path, bench.place.port, pair, total_of(pair), key, token))
    seen = ask(bench.place.port, plan, connections=BUYERS, seconds=60.0)
    if seen.statuses() != {201: count}:
        raise RuntimeError(f"trades to watch could not be placed: {seen.statuses()}")
    bench.acknowledge(bench.place, list(tokens))
    rows = list(Trade.objects.filter(request_key__in=list(tokens)).order_by("pk"))
    sessions = sessions_of([row.guest_key for row in rows if row.guest_key is not None])
    return [Watched(row.number, tokens[row.request_key], session) for row, session in zip(rows, sessions, strict=True)]


def _watch(bench: Bench, watched: list[Watched]) -> list[socket.socket] | str:
    """Open streams, or why that is impossible."""
    socks: list[socket.socket] = []
    for each in watched:
        sock = socket.create_connection(("127.0.0.1", bench.place.port), timeout=20)
        headers = {"Accept": "text/event-stream", "Cookie": f"sessionid={each.session}"}
        sock.sendall(requests.http("GET", f"/live/trades/{each.number}", bench.place.port, headers))
        head = sock.recv(65536)
        socks.append(sock)
        status = int(head[9:12])
        if status != 200:
            for opened in socks:
                opened.close()
            return f"GET /live/trades/<number> answers {status} to stream {len(socks)}"
        sock.settimeout(0)
    return socks


def _change(bench: Bench, watched: Watched, sock: socket.socket) -> float | None:
    """Cancel a trade, and the seconds until its stream says ``moved``."""
    try:
        while sock.recv(65536):
            pass
    except BlockingIOError:
        pass
    connection = http.client.HTTPConnection("127.0.0.1", bench.place.port, timeout=20)
    began = time.perf_counter()
    headers = {"X-Guest-Token": watched.token, "Content-Type": "application/json"}
    connection.request("POST", f"/api/v1/trades/{watched.number}/cancel", body=json.dumps({}), headers=headers)
    heard, text = None, b""
    while heard is None and time.perf_counter() - began < HEAR_SECONDS:
        if select.select([sock], [], [], 0.2)[0]:
            text += sock.recv(65536)
            if b"moved" in text:
                heard = time.perf_counter() - began
    answer = connection.getresponse()
    answer.read()
    connection.close()
    if answer.status != 200:
        raise RuntimeError(f"cancelling {watched.number} answers {answer.status}")
    return heard


def _megabytes(bench: Bench) -> float:
    return round(sum(share_mb(pid) for pid in family(bench.place.web_pid)), 1)
