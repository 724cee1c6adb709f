"""The page of bank transfers: two people at it, what a form says, and who may not."""

from collections.abc import Callable

import pytest
from django.test import Client

from tests.sale import Sale
from tests.transfers import Desk, by_transfer, desk
from wanku.flows.paying.send_due_refunds import send_due_refunds
from wanku.ledger.models import Entry
from wanku.payments.models import Attempt, BankTransfer, Refund
from wanku.people.models import Person
from wanku.platform_desk.tests.test_pages import FRAME

__all__ = ["by_transfer", "desk"]
URL = "/platform/transfers/"
Choose = Callable[..., Attempt]


def at_work(person_id: int | None) -> Client:
    """Signed in."""
    client = Client()
    client.force_login(Person.objects.get(pk=person_id or 0))
    return client


def typed(attempt: Attempt, **other: str) -> dict[str, str]:
    """What Fay types."""
    return {
        "quoted": attempt.number,
        "amount": "318.00",
        "booked_on": "2026-11-11",
        "party": "安小姐",
        "party_account": "6225 1234",
        "reference": "STMT-77",
        **other,
    }


def test_two_people(by_transfer: Choose, desk: Desk, sale: Sale) -> None:
    fay, max_ = at_work(desk.fay.person_id), at_work(desk.max.person_id)
    kept = fay.post(f"{URL}report/", typed(by_transfer()))
    assert (kept.status_code, kept["Location"]) == (303, f"{URL}?view=check")
    transfer = BankTransfer.objects.get()
    confirm = f"{URL}{transfer.pk}/confirm/"
    assert confirm not in fay.get(URL).content.decode() and "¥318.00" in fay.get(URL).content.decode()
    page = max_.get(URL).content.decode()
    assert confirm in page and "STMT-77" in page and "318" not in page.replace("318000", ""), "Max reads it elsewhere"
    assert fay.post(confirm, {"amount": "318", "booked_on": "2026-11-11"}).status_code == 403
    wrong = max_.post(confirm, {"amount": "381.00", "booked_on": "2026-11-11"})
    assert wrong.status_code == 409 and "381.00" in wrong.content.decode()
    assert sale.trade.state == "placed" and not Entry.objects.exists()
    assert max_.post(confirm, {"amount": "318", "booked_on": "2026-11-11"}).status_code == 303
    assert sale.trade.state == "paid"
    assert "STMT-77" in max_.get(f"{URL}?view=done").content.decode()
    assert "STMT-77" not in max_.get(URL).content.decode()


@pytest.mark.parametrize(
    ("field", "value"), [("amount", "lots"), ("amount", "1.005"), ("amount", "NaN"), ("booked_on", ""), ("party", "")]
)
def test_what_was_wrong_stands_at_its_field(by_transfer: Choose, desk: Desk, field: str, value: str) -> None:
    fay = at_work(desk.fay.person_id)
    page = fay.post(f"{URL}report/", typed(by_transfer(), **{field: value}))
    assert page.status_code == 422 and f'id="f-{field}-error"' in page.content.decode()
    assert "STMT-77" in page.content.decode() and not BankTransfer.objects.exists()


def test_declining(by_transfer: Choose, desk: Desk) -> None:
    max_ = at_work(desk.max.person_id)
    transfer = desk.report(by_transfer().number)
    url = f"{URL}{transfer.pk}/decline/"
    assert max_.post(url, {"because": ""}).status_code == 422
    assert max_.post(url, {"because": "流水里没有"}).status_code == 303
    transfer.refresh_from_db()
    assert transfer.state == "declined" and not Entry.objects.exists()


def test_a_refund_is_paid_and_confirmed(by_transfer: Choose, desk: Desk, sale: Sale) -> None:
    fay, max_ = at_work(desk.fay.person_id), at_work(desk.max.person_id)
    desk.confirm(desk.report(by_transfer().number, 500))
    send_due_refunds(now=sale.trade.placed_at, limit=10)
    refund = Refund.objects.get()
    page = fay.get(f"{URL}?view=refunds").content.decode()
    assert refund.number in page and "安小姐" in page and "¥5.00" in page
    line = typed(Attempt.objects.latest("created_at"), amount="6", reference="OUT-1")
    wrong = fay.post(f"{URL}refunds/{refund.pk}/", line)
    assert wrong.status_code == 409 and not BankTransfer.objects.filter(refund=refund).exists()
    assert fay.post(f"{URL}refunds/{refund.pk}/", {**line, "amount": "5.00"}).status_code == 303
    assert refund.number not in fay.get(f"{URL}?view=refunds").content.decode()
    out = BankTransfer.objects.get(refund=refund)
    assert max_.post(f"{URL}{out.pk}/confirm/", {"amount": "5", "booked_on": "2026-11-11"}).status_code == 303
    refund.refresh_from_db()
    assert refund.state == "succeeded"


@pytest.mark.parametrize("view", ["check", "refunds", "done"])
def test_the_same_queries_for_many(
    by_transfer: Choose, desk: Desk, sale: Sale, view: str, django_assert_num_queries: Callable[[int], object]
) -> None:
    attempt, client = by_transfer(), at_work(desk.max.person_id)
    client.get(URL)  # statements that the session prepares are prepared now
    for count in (1, 4):
        for _ in range(count):
            desk.report(attempt.number)
            desk.confirm(desk.report(attempt.number, 500))
        send_due_refunds(now=sale.trade.placed_at, limit=20)
        with django_assert_num_queries(FRAME + 5):  # type: ignore[attr-defined]
            assert client.get(f"{URL}?view={view}").status_code == 200


def test_strangers(by_transfer: Choose, desk: Desk, ann: Person) -> None:
    transfer = desk.report(by_transfer().number)
    assert Client().get(URL).status_code == 302
    buyer = Client()
    buyer.force_login(ann)
    for url in (f"{URL}{transfer.pk}/confirm/", f"{URL}{transfer.pk}/decline/", f"{URL}report/"):
        answer = buyer.post(url, {"amount": "318", "booked_on": "2026-11-11", "because": "因为所以"})
        assert answer.status_code in (403, 404)
    transfer.refresh_from_db()
    assert transfer.state == "reported"
