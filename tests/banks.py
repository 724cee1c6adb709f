"""The simulated banks within reach of tests: real sockets to them, and their notices into Django's test client."""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from urllib.parse import urlsplit

import pytest
import time_machine
from django.test import Client

from tests.cast import NOW
from wanku.payments.accounts import add_account, forget
from wanku.sandbox.banks import faults
from wanku.sandbox.banks.bank import Bank
from wanku.sandbox.banks.books import Books, Notice, Payment, Refund
from wanku.sandbox.banks.deliver import Postman
from wanku.sandbox.banks.registry import open_banks
from wanku.sandbox.banks.serve import BankServer


class Banks:
    """The banks as a test drives them.

    Attributes:
        now: the banks' business clock; what is signed on a wire carries the time of the wall (or of time_machine).
        answers: what the shop said to the notices: (path, status), in order.
    """

    def __init__(self) -> None:
        self.now = NOW
        self.books = Books()
        self.banks: dict[str, Bank] = {bank.name: bank for bank in open_banks(self.books, lambda: self.now)}
        self.server = BankServer(list(self.banks.values()), self.books)
        self.answers: list[tuple[str, int]] = []
        self.deaf = False
        self._postman = Postman(list(self.banks.values()), self.books, post=self._post)

    @property
    def url(self) -> str:
        """Where they are served."""
        return self.server.url

    def introduce(self, *names: str) -> None:
        """Set up the shop's accounts at these banks, or at all."""
        for name, account in self.server.accounts().items():
            if not names or name in names:
                add_account(name, public=account["public"], secret=account["secret"], set_by=None, now=self.now)
        forget()

    def payment(self, number: str) -> Payment:
        """A payment in the banks' books, by the shop's number."""
        found = self.books.one(Payment, number=number)
        assert found is not None, "the banks know no such payment"
        return found

    def refund(self, number: str) -> Refund:
        """A refund in the banks' books, by the shop's number."""
        found = self.books.one(Refund, number=number)
        assert found is not None, "the banks know no such refund"
        return found

    def pay(self, number: str, *, deliver: bool = True) -> Payment:
        """The payer pays on the phone; the notice goes out."""
        payment = self.payment(number)
        payment = self.banks[payment.channel].pay(payment)
        if deliver:
            self.deliver()
        return payment

    def refuse(self, number: str) -> Payment:
        """The payer's payment does not succeed; the notice goes out, where there is one."""
        payment = self.payment(number)
        payment = self.banks[payment.channel].refuse(payment)
        self.deliver()
        return payment

    def fault(
        self, channel: str, call: str, kind: str, *, times: int = 1, seconds: float = 0.0, number: str = ""
    ) -> None:
        """Let it go wrong, see `wanku.sandbox.banks.faults`."""
        faults.set_fault(self.books, channel, call, kind, times=times, seconds=seconds, number=number)

    def deliver(self, after: float = 0.0) -> int:
        """Let ``after`` seconds pass, then deliver what is due; returns how many notices were tried."""
        self.now += timedelta(seconds=after)
        return self._postman.deliver(self.now)

    def unheard(self) -> int:
        """Notices that the shop has not acknowledged."""
        return len(self.books.all(Notice, heard_at=None))

    def notices(self, number: str) -> list[Notice]:
        """What the banks tell of a payment or refund."""
        return list(self.books.all(Notice, number=number))

    def signed(self, notice: Notice, now: datetime | None = None, fault: str = "") -> tuple[Mapping[str, str], bytes]:
        """Headers and body of a notice, as they go over the wire."""
        return self.banks[notice.channel].sign_notice(notice, now or self.now, fault)

    def send(self, url: str, headers: Mapping[str, str], body: bytes, now: datetime | None = None) -> int:
        """Bring something to the shop's door at a moment; gives the status of its answer."""
        return self._carry(url, headers, body, now or self.now)[0]

    def _post(self, url: str, headers: Mapping[str, str], body: bytes) -> tuple[int, bytes]:
        return (0, b"") if self.deaf else self._carry(url, headers, body, self.now)

    def _carry(self, url: str, headers: Mapping[str, str], body: bytes, now: datetime) -> tuple[int, bytes]:
        path = urlsplit(url).path
        rest = {name: value for name, value in headers.items() if name.lower() != "content-type"}
        kind = next((value for name, value in headers.items() if name.lower() == "content-type"), "application/json")
        with time_machine.travel(now, tick=False):
            answer = Client().generic("POST", path, body, content_type=kind, headers=rest)
        self.answers.append((path, answer.status_code))
        return answer.status_code, answer.content


@pytest.fixture
def banks(db: None) -> Iterator[Banks]:
    """All banks, the shop introduced to each."""
    banks = Banks()
    banks.server.start()
    banks.introduce()
    yield banks
    banks.server.stop()
    banks.books.close()
