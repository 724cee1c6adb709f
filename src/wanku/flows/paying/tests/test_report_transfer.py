"""The first word on a bank transfer: what may be reported, and that nothing follows from it."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from tests.cast import NOW
from tests.sale import Sale
from tests.transfers import DAY, Desk, by_transfer, desk
from wanku.access.actor import Actor
from wanku.flows.paying.decline_transfer import decline_transfer
from wanku.flows.paying.report_transfer import report_transfer
from wanku.kernel.ids import new_number
from wanku.kernel.refusal import Refusal
from wanku.ledger.models import Entry
from wanku.payments.models import Attempt, BankTransfer

__all__ = ["by_transfer", "desk"]
pytestmark = pytest.mark.django_db
Choose = Callable[..., Attempt]


@pytest.mark.parametrize(
    ("field", "facts"),
    [
        ("amount", {"amount": 0}),
        ("amount", {"amount": -5}),
        ("booked_on", {"booked_on": DAY + timedelta(days=1)}),
        ("party", {"party": "  "}),
        ("reference", {"reference": "12"}),
    ],
)
def test_what_cannot_be(by_transfer: Choose, desk: Desk, field: str, facts: dict[str, Any]) -> None:
    attempt = by_transfer()
    with pytest.raises(Refusal) as refused:
        desk.report(attempt.number, **facts)
    assert (refused.value.code.name, refused.value.field) == ("bad_value", field)
    assert not BankTransfer.objects.exists()


@pytest.mark.parametrize("quoted", ["", "12345", "unbekannt"])
def test_an_unknown_number(by_transfer: Choose, desk: Desk, quoted: str) -> None:
    by_transfer()
    for number in (quoted, new_number(NOW)):
        with pytest.raises(Refusal, match="no_such_transfer"):
            desk.report(number)


def test_a_payment_by_another_channel_is_none(desk: Desk, sale: Sale) -> None:
    with pytest.raises(Refusal, match="no_such_transfer"):
        desk.report(sale.attempt().number)


def test_a_line_is_reported_once_unless_it_was_declined(by_transfer: Choose, desk: Desk) -> None:
    attempt = by_transfer()
    first = desk.report(attempt.number, reference="STMT-1")
    with pytest.raises(Refusal, match="transfer_known"):
        desk.report(attempt.number, reference="STMT-1")
    decline_transfer(first.pk, because="金额看错", actor=desk.fay, now=NOW)
    first.refresh_from_db()
    assert first.state == "declined" and not Entry.objects.exists()
    desk.report(attempt.number, reference="STMT-1")
    with pytest.raises(Refusal, match="wrong_state"):
        desk.confirm(first)


@pytest.mark.parametrize("actor", [Actor(), Actor(person_id=1), Actor(person_id=1, platform=frozenset({"operations"}))])
def test_strangers(by_transfer: Choose, desk: Desk, actor: Actor) -> None:
    attempt = by_transfer()
    with pytest.raises(Refusal, match=r"sign_in|not_allowed"):
        report_transfer(attempt.number, desk.line(), actor=actor, now=NOW)
    assert not BankTransfer.objects.exists()
