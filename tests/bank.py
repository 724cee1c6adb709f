"""The sandbox bank within reach of tests: the real protocol, carried without sockets."""

from datetime import datetime
from urllib.parse import urlsplit

import httpx
import pytest
from django.test import Client

from wanku.payments.gateways import GATEWAYS
from wanku.payments.gateways.sandbox.gateway import SandboxGateway
from wanku.sandbox import bank as books
from wanku.sandbox import deliver
from wanku.sandbox.models import BankNotice


class Wire(httpx.BaseTransport):
    """Hands requests to the project itself; can be cut, and remembers what went over it."""

    def __init__(self) -> None:
        self.cut = False
        self.lose_answers = False
        self.calls: list[str] = []

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Carry one request."""
        self.calls.append(request.url.path)
        if self.cut:
            raise httpx.ConnectError("the wire is cut")
        headers = {k: v for k, v in request.headers.items() if k not in ("content-length", "host")}
        answer = Client().generic(
            request.method,
            urlsplit(str(request.url)).path,
            request.read(),
            content_type=headers.pop("content-type", "application/json"),
            headers=headers,
        )
        if self.lose_answers:
            raise httpx.ReadTimeout("the answer is lost")
        return httpx.Response(answer.status_code, headers=dict(answer.items()), content=answer.content)


class Bank:
    """The bank as a test drives it."""

    def __init__(self, wire: Wire) -> None:
        self.wire = wire

    def visit(self, pay_url: str) -> None:
        """Open the pay page, which makes the charge known to the bank."""
        assert Client().get(urlsplit(pay_url).path).status_code == 200

    def pay(self, pay_url: str, number: str, now: datetime, choice: str = "paid", late: int = 1200) -> None:
        """Open the page, choose, and let the notices out."""
        self.visit(pay_url)
        books.answer(number, choice, now, late=late)
        self.deliver(now)

    def deliver(self, now: datetime) -> int:
        """Deliver what is due."""
        return deliver.deliver_due(now=now)

    def unheard(self) -> int:
        """Notices that were not acknowledged."""
        return BankNotice.objects.filter(acknowledged_at__isnull=True).count()


@pytest.fixture
def bank(monkeypatch: pytest.MonkeyPatch, db: None) -> Bank:
    """The bank, on a wire that a test can cut."""
    wire = Wire()
    gateway = GATEWAYS["sandbox"]
    assert isinstance(gateway, SandboxGateway)
    monkeypatch.setattr(gateway, "transport", wire)
    monkeypatch.setattr(deliver, "transport", wire)
    return Bank(wire)
