"""Two people of finance, an account that buyers can transfer to, and a sale that is to be paid so."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import pytest

from tests.cast import NOW, PASSWORD
from tests.sale import Sale
from wanku.access.actor import Actor
from wanku.access.models import PlatformRole, PlatformSeat
from wanku.flows.paying.confirm_transfer import confirm_transfer
from wanku.flows.paying.open_attempt import open_attempt
from wanku.flows.paying.report_transfer import report_transfer
from wanku.payments.accounts import add_account, forget
from wanku.payments.models import Attempt, BankTransfer
from wanku.payments.statement_line import StatementLine
from wanku.people.models import Person

DAY = date(2026, 11, 11)
ACCOUNT = {
    "holder": "玩酷（上海）信息科技有限公司",
    "bank": "招商银行上海分行",
    "account": "1219 0000 1234 567",
    "bank_code": "308290003020",
    "currency": "CNY",
}


def finance_of(name: str) -> Actor:
    """Somebody of finance."""
    person = Person.objects.create_user(email=f"{name}@example.com", password=PASSWORD, name=name.title())
    PlatformSeat.objects.create(person=person, role=PlatformRole.FINANCE, since=NOW)
    return Actor(person_id=person.pk, platform=frozenset({PlatformRole.FINANCE.value}))


@dataclass
class Desk:
    """Finance at work: Fay reports, Max confirms."""

    fay: Actor
    max: Actor
    lines: int = 0

    def line(self, amount: int = 31_800, **other: Any) -> StatementLine:
        """A new line of the statement."""
        self.lines += 1
        facts = {"booked_on": DAY, "party": "安小姐", "party_account": "6225 **** 1234", **other}
        return StatementLine(amount=amount, reference=facts.pop("reference", f"STMT-{self.lines:04d}"), **facts)

    def report(self, quoted: str, amount: int = 31_800, now: datetime = NOW, **other: Any) -> BankTransfer:
        """Fay saw it."""
        return report_transfer(quoted, self.line(amount, **other), actor=self.fay, now=now)

    def confirm(self, transfer: BankTransfer, now: datetime = NOW) -> str:
        """Max saw it as well."""
        return confirm_transfer(
            transfer.pk, amount=transfer.amount, booked_on=transfer.booked_on, actor=self.max, now=now
        )


@pytest.fixture
def desk(db: None) -> Desk:
    """Two people, and the account is set."""
    add_account("transfer", public=ACCOUNT, secret={}, set_by=None, now=NOW)
    forget()
    return Desk(finance_of("fay"), finance_of("max"))


@pytest.fixture
def by_transfer(desk: Desk, sale: Sale) -> Callable[..., Attempt]:
    """Choose to pay the sale by transfer."""

    def choose(now: datetime = NOW) -> Attempt:
        return open_attempt(sale.placed.trade_id, gateway="transfer", method="bank", actor=sale.actor, now=now)

    return choose
