"""A provider of invoices that does as a test says, in place of the shops' own."""

from types import MappingProxyType

import pytest

from wanku.flows.invoicing import _send
from wanku.invoices.provider import Issued, Pending, Sheet


class Clerk:
    """Issues at once, unless told otherwise.

    Attributes:
        answer: what it says to everything instead; an exception is raised.
        known: what it answers when asked about a number.
        heard: every sheet, in order.
        asked: how often it was asked about one.
    """

    is_tax = False

    def __init__(self) -> None:
        self.answer: Issued | Pending | Exception | None = None
        self.known: Issued | Pending | None = None
        self.heard: list[Sheet] = []
        self.asked = 0

    def issue(self, sheet: Sheet) -> Issued | Pending:
        """Say what a test says."""
        self.heard.append(sheet)
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer or Issued(self.paper(sheet.number), ref="tax-1")

    reverse = issue

    def query(self, sheet: Sheet) -> Issued | Pending | None:
        """What it has heard of."""
        self.asked += 1
        return self.known

    @staticmethod
    def paper(number: str) -> bytes:
        """The document that it makes."""
        return b"%PDF-1.4 " + number.encode()


@pytest.fixture
def clerk(monkeypatch: pytest.MonkeyPatch) -> Clerk:
    """In place of every shop's provider."""
    found = Clerk()
    monkeypatch.setattr(_send, "PROVIDERS", MappingProxyType({"pdf": found}))
    return found
