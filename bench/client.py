"""A lean load generator in a process of its own: raw sockets, one thread, requests that were written beforehand.

It shares the machine with what it measures, so it does little: send bytes, read status and length, note the time. What
it costs is reported with the results. ``python -m bench.client`` reads one line of JSON (`Job`) from its input, answers
``ready`` when everything is loaded, starts at the next line, and prints one line of JSON at the end.
"""

import json
import select
import socket
import struct
import sys
import time
from array import array
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

DRAIN_SECONDS = 20.0
LENGTH = struct.Struct("<I")
READ_BYTES = 256 * 1024
BROKEN = 0
"""The status of a request whose connection broke."""
NO_BODY = (204, 304)
clock = time.perf_counter


@dataclass(frozen=True, slots=True)
class Job:
    """What to do.

    Attributes:
        plan: file of requests, see `write_plan`.
        out: file for what happened, see `Record`.
        connections: buyers at once; in an open loop the most connections that may be open.
        seconds: how long a closed loop goes on.
        arrivals: file of seconds (doubles) at which each request is due; makes it an open loop.
        again: begin the plan anew when it is through; for requests that may be repeated.
    """

    port: int
    plan: str
    out: str
    connections: int
    seconds: float
    arrivals: str = ""
    again: bool = False


def write_plan(path: Path, requests: Sequence[bytes]) -> None:
    """Requests one after another, each behind its length."""
    with path.open("wb") as file:
        for request in requests:
            file.write(LENGTH.pack(len(request)))
            file.write(request)


def read_plan(path: Path) -> list[bytes]:
    """What `write_plan` wrote."""
    blob = path.read_bytes()
    requests, at = [], 0
    while at < len(blob):
        (size,) = LENGTH.unpack_from(blob, at)
        requests.append(blob[at + 4 : at + 4 + size])
        at += 4 + size
    return requests


def status_if_whole(answer: bytes) -> int | None:
    """The status of an HTTP answer, or None while something of it is missing.

    An answer without a length ends with its connection, which nobody here does: it counts as missing.
    """
    end = answer.find(b"\r\n\r\n")
    if end < 0:
        return None
    head = answer[:end].lower()
    status = int(head[9:12])
    at = head.find(b"\r\ncontent-length:")
    if at >= 0:
        stop = head.find(b"\r\n", at + 2)
        size = int(head[at + 17 : stop if stop >= 0 else end])
        return status if len(answer) >= end + 4 + size else None
    if b"\r\ntransfer-encoding: chunked" in head:
        return status if answer.endswith(b"0\r\n\r\n") else None
    return status if status in NO_BODY else None


class Record:
    """What happened to each request: its place in the plan, status, start and duration in seconds."""

    def __init__(self) -> None:
        self.index, self.status = array("I"), array("H")
        self.began, self.took = array("d"), array("d")

    def add(self, index: int, status: int, began: float, took: float) -> None:
        """One request is over."""
        self.index.append(index)
        self.status.append(status)
        self.began.append(began)
        self.took.append(took)

    def write(self, path: Path) -> None:
        """All columns, one after another, behind their length."""
        with path.open("wb") as file:
            file.write(LENGTH.pack(len(self.index)))
            for column in (self.index, self.status, self.began, self.took):
                file.write(column.tobytes())

    @classmethod
    def read(cls, path: Path) -> "Record":
        """What `write` wrote."""
        record, blob = cls(), path.read_bytes()
        (count,) = LENGTH.unpack_from(blob)
        at = LENGTH.size
        for column in (record.index, record.status, record.began, record.took):
            size = count * column.itemsize
            column.frombytes(blob[at : at + size])
            at += size
        return record


class Waiting:
    """Connections on which an answer is awaited."""

    def __init__(self, port: int, over: Callable[[socket.socket, int, int, float], None]) -> None:
        self.port = port
        self._over = over
        self._poll = select.epoll()
        self._open: dict[int, socket.socket] = {}
        self._asked: dict[int, tuple[int, float]] = {}
        self._parts: dict[int, bytes] = {}

    def connect(self) -> socket.socket:
        """A new connection."""
        sock = socket.create_connection(("127.0.0.1", self.port), timeout=10)
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        sock.settimeout(0)
        self._open[sock.fileno()] = sock
        self._poll.register(sock.fileno(), select.EPOLLIN)
        return sock

    def __len__(self) -> int:
        return len(self._asked)

    @property
    def opened(self) -> int:
        """How many connections are open."""
        return len(self._open)

    def send(self, sock: socket.socket, index: int, request: bytes, since: float) -> None:
        """Send a request; its time counts from ``since``."""
        self._asked[sock.fileno()] = (index, since)
        try:
            sent = sock.send(request)
            while sent < len(request):
                select.select([], [sock], [], 5)
                sent += sock.send(request[sent:])
        except OSError:
            self._broken(sock.fileno())

    def look(self, seconds: float) -> None:
        """Read what has arrived, waiting at most so long for the first of it."""
        for fd, _ in self._poll.poll(max(0.0, seconds)):
            sock = self._open.get(fd)
            if sock is None:
                continue
            try:
                data = sock.recv(READ_BYTES)
            except BlockingIOError:
                continue
            except OSError:
                data = b""
            if not data:
                self._broken(fd)
                continue
            part = self._parts.pop(fd, b"")
            answer = part + data if part else data
            status = status_if_whole(answer)
            if status is None:
                self._parts[fd] = answer
                continue
            asked = self._asked.pop(fd, None)
            if asked is not None:
                self._over(sock, asked[0], status, asked[1])

    def close(self) -> None:
        """Close everything; requests without an answer count as broken."""
        for fd in list(self._open):
            self._broken(fd, again=False)

    def _broken(self, fd: int, *, again: bool = True) -> None:
        sock = self._open.pop(fd)
        self._poll.unregister(fd)
        sock.close()
        self._parts.pop(fd, None)
        asked = self._asked.pop(fd, None)
        if asked is not None and again:
            self._over(self.connect(), asked[0], BROKEN, asked[1])
        elif asked is not None:
            self._over(sock, asked[0], BROKEN, asked[1])


def closed_loop(job: Job, plan: Sequence[bytes], start: Callable[[], None], record: Record) -> float:
    """Each buyer asks again as soon as it was answered; gives the seconds until the last new request."""
    state = {"next": 0, "over": False}

    def over(sock: socket.socket, index: int, status: int, since: float) -> None:
        now = clock()
        record.add(index, status, since - began, now - since)
        if not state["over"]:
            ask(sock, now)

    def ask(sock: socket.socket, now: float) -> None:
        index = state["next"]
        if index >= len(plan):
            if not job.again:
                state["over"] = True
                return
            index = 0
        state["next"] = index + 1
        waiting.send(sock, index, plan[index], now)

    waiting = Waiting(job.port, over)
    socks = [waiting.connect() for _ in range(job.connections)]
    start()
    began = clock()
    until = began + job.seconds
    for sock in socks:
        if not state["over"]:
            ask(sock, clock())
    while not state["over"] and clock() < until:
        waiting.look(min(0.1, until - clock()))
    spent = clock() - began
    state["over"] = True
    _drain(waiting)
    return spent


def open_loop(
    job: Job, plan: Sequence[bytes], arrivals: Sequence[float], start: Callable[[], None], record: Record
) -> float:
    """Each request is sent when it is due, whatever became of the others; its time counts from when it was due."""
    # The one that was unused longest comes next: whoever asks now is not who asked a moment ago, so the processes of a
    # server get them spread as strangers are.
    idle: deque[socket.socket] = deque()

    def over(sock: socket.socket, index: int, status: int, since: float) -> None:
        record.add(index, status, since - began, clock() - since)
        if sock.fileno() >= 0:
            idle.append(sock)

    waiting = Waiting(job.port, over)
    idle.extend(waiting.connect() for _ in range(min(job.connections, 64)))
    start()
    began = clock()
    index = 0
    while index < len(arrivals):
        now = clock() - began
        while index < len(arrivals) and arrivals[index] <= now:
            if not idle and waiting.opened >= job.connections:
                break
            sock = idle.popleft() if idle else waiting.connect()
            waiting.send(sock, index, plan[index % len(plan)], began + arrivals[index])
            index += 1
        rest = arrivals[index] - (clock() - began) if index < len(arrivals) else 0.0
        waiting.look(min(0.05, max(rest, 0.0005)))
    spent = clock() - began
    _drain(waiting)
    return spent


def _drain(waiting: Waiting) -> None:
    until = clock() + DRAIN_SECONDS
    while len(waiting) and clock() < until:
        waiting.look(0.1)
    waiting.close()


def main() -> None:
    """One job."""
    job = Job(**json.loads(sys.stdin.readline()))
    plan = read_plan(Path(job.plan))
    arrivals = array("d")
    if job.arrivals:
        arrivals.frombytes(Path(job.arrivals).read_bytes())
    record = Record()
    used: list[float] = []

    def start() -> None:
        print("ready", flush=True)
        sys.stdin.readline()
        used.append(time.process_time())

    spent = open_loop(job, plan, arrivals, start, record) if arrivals else closed_loop(job, plan, start, record)
    cpu = time.process_time() - used[0]
    record.write(Path(job.out))
    print(json.dumps({"seconds": spent, "cpu": cpu}), flush=True)


if __name__ == "__main__":
    main()
