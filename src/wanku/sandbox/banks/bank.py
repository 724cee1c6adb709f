"""What every simulated bank has: payments that somebody decides about, and notices of them."""

import secrets
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar

from wanku.sandbox.banks import faults
from wanku.sandbox.banks.books import Books, Kept, Notice, Payment, Refund
from wanku.sandbox.banks.http import Answer, Asked
from wanku.sandbox.banks.keys import kept

Clock = Callable[[], datetime]


@dataclass(frozen=True, slots=True)
class ShopAccount:
    """What the shop is told when it opens its account: exactly what its gateway reads."""

    public: Mapping[str, str]
    secret: Mapping[str, str]


class Bank(ABC):
    """A bank as the base sees it.

    Attributes:
        name: prefix of its addresses, and the name of the shop's gateway.
        title: what its pay page calls it, an English msgid; ``colour``: its own, for the page.
        ladder: after how many seconds an unheard notice is told again; the first try is at once.
    """

    name: ClassVar[str]
    title: ClassVar[str]
    colour: ClassVar[str] = "#1f6feb"
    ladder: ClassVar[Sequence[int]]

    def __init__(self, books: Books, now: Clock) -> None:
        self.books = books
        self.now = now

    @abstractmethod
    def handle(self, asked: Asked) -> Answer:
        """Answer a call of the shop."""

    @abstractmethod
    def call_of(self, asked: Asked) -> str:
        """Which call that is, by the name that faults are set for; empty: none that can go wrong."""

    @abstractmethod
    def busy(self, asked: Asked) -> Answer:
        """The bank's own word for "system busy, ask again"."""

    @abstractmethod
    def sign_notice(self, notice: Notice, now: datetime, fault: str = "") -> tuple[Mapping[str, str], bytes]:
        """Headers and body of a notice.

        Args:
            fault: ``forged``: signed with a key that is not the bank's; ``wrong_amount``: truly signed, with another
                amount.
        """

    @abstractmethod
    def heard(self, status: int, body: bytes) -> bool:
        """Whether the shop's answer to a notice means that it need not be told again."""

    @abstractmethod
    def account(self, base: str) -> ShopAccount:
        """The shop's account, for a bank that is reached at ``base``."""

    @abstractmethod
    def tell_payment(self, payment: Payment, now: datetime) -> None:
        """Queue the notice of a payment that was decided, by `tell`, if the bank sends one of that outcome."""

    def fee_of(self, amount: int) -> int:
        """What the bank keeps of a payment, minor units."""
        return 0

    def tick(self, now: datetime) -> None:  # noqa: B027 - most banks have nothing more to do
        """Whatever else happens at the bank by itself."""

    def scanned(self, text: str) -> Payment | None:
        """The payment of a QR code that this bank has drawn; None if it is not one of its own."""
        return None

    def payment(self, number: str) -> Payment | None:
        """The payment of the shop's number."""
        return self.books.one(Payment, channel=self.name, number=number)

    def pay(self, payment: Payment, *, payer: str = "sandbox-payer") -> Payment:
        """The payer pays; nothing happens to a payment that is decided or expired."""
        now = self.now()
        with self.books.held():
            current = self._waiting(payment, now)
            if current is None:
                return self._again(payment)
            current.payer = payer
            late = faults.take(self.books, self.name, faults.PAY, current.number)
            current.paid_at = now + timedelta(seconds=late.seconds if late else 0)
            current.state = "paying"
            self.books.put(current)
            if late is None:
                self._arrive(current, now)
            return current

    def refuse(self, payment: Payment) -> Payment:
        """The payer's payment does not succeed."""
        now = self.now()
        with self.books.held():
            current = self._waiting(payment, now)
            if current is None:
                return self._again(payment)
            current.state = "failed"
            self.books.put(current)
            self.tell_payment(current, now)
            return current

    def withdraw(self, amount: int) -> None:
        """The shop takes money off its account at the bank, minor units; less than nothing puts some back."""
        with self.books.held():
            name = f"{self.name}:withdrawn"
            kept(self.books, name, lambda: "0")
            row = self.books.one(Kept, name=name)
            if row is not None:
                row.value = str(int(row.value) + amount)
                self.books.put(row)

    def balance(self) -> int:
        """What is on the shop's account at the bank, minor units."""
        paid = self.books.all(Payment, channel=self.name, state="paid")
        back = [refund for refund in self.books.all(Refund, channel=self.name) if refund.state != "failed"]
        withdrawn = int(kept(self.books, f"{self.name}:withdrawn", lambda: "0"))
        return sum(p.amount - p.fee for p in paid) - sum(r.amount - r.fee for r in back) - withdrawn

    def settle_late(self, now: datetime) -> int:
        """Let payments arrive that were under way; returns how many did."""
        with self.books.held():
            late = self.books.all(Payment, channel=self.name, state="paying", paid_at__lte=now)
            for payment in late:
                self._arrive(payment, now)
        return len(late)

    def tell(
        self, kind: str, number: str, url: str, facts: dict[str, Any], now: datetime, *, event_id: str = ""
    ) -> Notice | None:
        """Queue a notice for delivery at once; no address, no notice."""
        if not url:
            return None
        event_id = event_id or fresh("")
        return self.books.add(
            Notice(
                channel=self.name, event_id=event_id, url=url, kind=kind, number=number, at=now, facts=facts,
                next_at=now,
            )
        )  # fmt: skip

    def _arrive(self, payment: Payment, now: datetime) -> None:
        payment.state, payment.fee = "paid", self.fee_of(payment.amount)
        self.books.put(payment)
        self.tell_payment(payment, now)

    def _waiting(self, payment: Payment, now: datetime) -> Payment | None:
        """The payment as it is, if it can still be decided."""
        current = self._again(payment)
        over = current.expires_at is not None and current.expires_at <= now
        return current if current.state == "waiting" and not over else None

    def _again(self, payment: Payment) -> Payment:
        return self.books.one(Payment, id=payment.id) or payment


def fresh(prefix: str, length: int = 28) -> str:
    """A reference that nobody can guess."""
    return prefix + secrets.token_hex(length)[: length - len(prefix)].upper()


def wall_clock() -> datetime:
    """What the clock on the wall says, in UTC."""
    return datetime.now(UTC)
