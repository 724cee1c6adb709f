"""The banks as an HTTP server on this machine.

``/<bank>/…`` goes to the bank, ``/<bank>/pay/<token>`` is the payer's phone. ``/scan?text=…`` scans a QR code with it,
``/phone.css`` is how it looks. ``GET /accounts`` tells the shop its accounts, ``POST /faults`` lets something go wrong.
"""

import json
import logging
import threading
import time
from collections.abc import Sequence
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, ClassVar, Final

from wanku.sandbox.banks import faults, pages
from wanku.sandbox.banks.bank import Bank
from wanku.sandbox.banks.books import Books
from wanku.sandbox.banks.http import Answer, Asked, in_json

log = logging.getLogger(__name__)
BODY_MAX: Final = 1024 * 1024


class BankServer:
    """All banks at one port of the loopback.

    Args:
        port: 0 takes a free one.
    """

    def __init__(self, banks: Sequence[Bank], books: Books, *, port: int = 0) -> None:
        self.banks = {bank.name: bank for bank in banks}
        self.books = books
        handler = type("Handler", (_Handler,), {"bench": self})
        self._http = _Server(("127.0.0.1", port), handler)
        self.url = f"http://127.0.0.1:{self._http.server_address[1]}"
        self._thread = threading.Thread(target=self._http.serve_forever, args=(0.05,), name="banks", daemon=True)

    def start(self) -> None:
        """Serve in a thread."""
        self._thread.start()

    def stop(self) -> None:
        """End, and free the port."""
        self._http.shutdown()
        self._http.server_close()
        self._thread.join()

    def base(self, bank: Bank) -> str:
        """Where a bank is reached."""
        return f"{self.url}/{bank.name}"

    def accounts(self) -> dict[str, dict[str, dict[str, str]]]:
        """The shop's account at each bank, as its gateway reads it."""
        told = {name: bank.account(self.base(bank)) for name, bank in self.banks.items()}
        return {name: {"public": dict(a.public), "secret": dict(a.secret)} for name, a in told.items()}

    def answer(self, asked: Asked) -> Answer:
        """Answer one request; ``asked.path`` is still whole."""
        head, _, rest = asked.path.lstrip("/").partition("/")
        bank = self.banks.get(head)
        if bank is not None:
            inside = Asked(asked.method, f"/{rest}", asked.query, asked.headers, asked.body, self.base(bank))
            return self._phone(bank, inside, rest) if rest.startswith("pay/") else self._call(bank, inside)
        if (asked.method, asked.path) == ("GET", "/accounts"):
            return in_json(self.accounts())
        if (asked.method, asked.path) == ("POST", "/faults"):
            return self._set_fault(asked)
        if (asked.method, asked.path) == ("GET", "/scan"):
            return pages.scan(list(self.banks.values()), asked, self.base)
        if (asked.method, asked.path) == ("GET", "/phone.css"):
            return pages.style(list(self.banks.values()))
        return in_json({"banks": sorted(self.banks)}, 200 if asked.path == "/" else 404)

    def _phone(self, bank: Bank, asked: Asked, rest: str) -> Answer:
        return pages.phone(bank, asked, rest.removeprefix("pay/").strip("/"))

    def _call(self, bank: Bank, asked: Asked) -> Answer:
        """A call of the shop, with what is to go wrong of it."""
        call = bank.call_of(asked)
        fault = faults.take(self.books, bank.name, call) if call else None
        if fault is None:
            return bank.handle(asked)
        if fault.kind == "error":
            return bank.busy(asked)
        if fault.kind == "slow":
            time.sleep(fault.seconds)
        answer = bank.handle(asked)
        if fault.kind == "lost_answer":
            return Answer(cut=True)
        if fault.kind == "altered":
            return Answer(answer.status, answer.headers, faults.flipped(answer.body))
        return answer

    def _set_fault(self, asked: Asked) -> Answer:
        try:
            wish: dict[str, Any] = json.loads(asked.body)
            fault = faults.set_fault(
                self.books,
                str(wish["channel"]),
                str(wish["call"]),
                str(wish["kind"]),
                times=int(wish.get("times", 1)),
                seconds=float(wish.get("seconds", 0)),
                number=str(wish.get("number", "")),
            )
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            return in_json({"error": str(error)}, 400)
        return in_json({"id": fault.id}, 201)


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128


class _Handler(BaseHTTPRequestHandler):
    """Reads a request, hands it on, writes the answer."""

    protocol_version = "HTTP/1.1"
    server_version = "WankuSandbox"
    sys_version = ""
    timeout = 30
    # Head and body leave in one piece: in two, each answer would wait for an acknowledgement.
    wbufsize = -1
    disable_nagle_algorithm = True
    bench: ClassVar[BankServer]

    def handle_any(self) -> None:
        """One request of any kind."""
        length = self.headers.get("Content-Length", "0")
        if not length.isdigit() or int(length) > BODY_MAX or "Transfer-Encoding" in self.headers:
            self.close_connection = True
            self._write(in_json({"error": "too large"}, 413))
            return
        body = self.rfile.read(int(length))
        path, _, query = self.path.partition("?")
        headers = {name.lower(): value for name, value in self.headers.items()}
        asked = Asked(self.command, path, query, headers, body, self.bench.url)
        try:
            answer = self.bench.answer(asked)
        except Exception:
            log.exception("%s %s", asked.method, asked.path)
            answer = in_json({"error": "broken"}, 500)
        self._write(answer)

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = do_HEAD = handle_any  # noqa: N815 - the library's names

    def _write(self, answer: Answer) -> None:
        if answer.cut:
            self.close_connection = True
            return
        with suppress(BrokenPipeError, ConnectionResetError):
            self.send_response_only(answer.status)
            if "Date" not in answer.headers:
                self.send_header("Date", self.date_time_string())
            for name, value in answer.headers.items():
                self.send_header(name, value)
            if answer.status != 204:
                self.send_header("Content-Length", str(len(answer.body)))
            self.end_headers()
            if self.command != "HEAD" and answer.status != 204:
                self.wfile.write(answer.body)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the library's name
        """Only what is wrong is logged."""
