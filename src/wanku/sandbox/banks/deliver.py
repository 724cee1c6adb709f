"""The banks tell the shop, and tell it again by their ladders until they are heard."""

import logging
import threading
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final

import httpx

from wanku.sandbox.banks import faults
from wanku.sandbox.banks.bank import Bank
from wanku.sandbox.banks.books import Books, Fault, Notice

log = logging.getLogger(__name__)
Post = Callable[[str, Mapping[str, str], bytes], tuple[int, bytes]]
"""Carries a notice: address, headers, body; gives status and body of the answer, 0 where there was none."""
PATIENCE_SECONDS: Final = 5.0
HELD_BACK_SECONDS: Final = 60.0


def over_http(url: str, headers: Mapping[str, str], body: bytes) -> tuple[int, bytes]:
    """The real way."""
    try:
        answer = httpx.post(url, headers=dict(headers), content=body, timeout=PATIENCE_SECONDS, trust_env=False)
    except httpx.HTTPError:
        return 0, b""
    return answer.status_code, answer.content


class Postman:
    """Delivers what is due.

    Args:
        speed: by how much the waits of the ladders are shorter than in life.
    """

    def __init__(self, banks: Sequence[Bank], books: Books, *, post: Post = over_http, speed: float = 1.0) -> None:
        self._banks = {bank.name: bank for bank in banks}
        self._books = books
        self._post = post
        self._speed = speed
        self._round = threading.Lock()

    def deliver(self, now: datetime) -> int:
        """Let late money arrive and deliver each notice that is due once; returns how many were tried."""
        with self._round:
            for bank in self._banks.values():
                bank.settle_late(now)
                bank.tick(now)
            due = self._books.all(Notice, next_at__lte=now)
            for notice in due:
                self._deliver(notice, now)
            return len(due)

    def _deliver(self, notice: Notice, now: datetime) -> None:
        bank = self._banks[notice.channel]
        fault = faults.take(self._books, bank.name, faults.NOTICE, notice.number) if notice.tries == 0 else None
        kind = fault.kind if fault else ""
        if fault and self._kept_back(notice, fault, now):
            return
        # The next try is written before the call, so that a crash only means telling it again.
        steps = bank.ladder
        more = notice.tries < len(steps)
        notice.next_at = now + timedelta(seconds=steps[notice.tries] / self._speed) if more else None
        notice.tries += 1
        self._books.put(notice)
        if kind == "forged":
            self._send(bank, notice, now, "forged")
        heard = self._send(bank, notice, now, kind if kind in ("altered", "wrong_amount") else "")
        if kind == "duplicate":
            heard = self._send(bank, notice, now) or heard
        if heard:
            notice.next_at, notice.heard_at = None, now
            self._books.put(notice)

    def _kept_back(self, notice: Notice, fault: Fault, now: datetime) -> bool:
        if fault.kind == "never":
            notice.next_at = None
        elif fault.kind == "out_of_order":
            notice.next_at = now + timedelta(seconds=fault.seconds or HELD_BACK_SECONDS / self._speed)
        else:
            return False
        self._books.put(notice)
        return True

    def _send(self, bank: Bank, notice: Notice, now: datetime, fault: str = "") -> bool:
        headers, body = bank.sign_notice(notice, now, "" if fault == "altered" else fault)
        if fault == "altered":
            body = faults.flipped(body)
        return bank.heard(*self._post(notice.url, headers, body))


class Rounds:
    """The postman's rounds in a thread of their own."""

    def __init__(self, postman: Postman, clock: Callable[[], datetime], every: float = 0.5) -> None:
        self._postman, self._clock, self._every = postman, clock, every
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="postman", daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self) -> None:
        """End after what is under way."""
        self._stop.set()
        self._thread.join(timeout=2 * PATIENCE_SECONDS)

    def _run(self) -> None:
        while not self._stop.wait(self._every):
            try:
                self._postman.deliver(self._clock())
            except Exception:
                log.exception("a round of notices failed")
