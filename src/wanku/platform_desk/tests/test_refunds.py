"""Refunds at the platform desk: one in a merchant's place, and one that a channel cannot pay."""

import pytest
from django.test import Client

from tests.bank import Bank
from tests.transfers import finance_of
from wanku.audit.models import Act
from wanku.orders.models import Order
from wanku.payments.models import BankTransfer, Refund
from wanku.people.models import Person
from wanku.platform_desk.tests.conftest import Market

pytestmark = pytest.mark.django_db


def test_an_order_is_paid_back_in_the_merchants_place(desk: Client, market: Market) -> None:
    order = Order.objects.filter(state="completed").first()
    assert order is not None
    address = f"/platform/orders/{order.pk}/refund/"
    assert address in desk.get(f"/platform/trades/{order.trade_id}/").content.decode()
    look = desk.post(address, {"amount": "1.50", "because": "平台补偿", "look": "1"})
    assert (look.status_code, look.context["form"].sum.amount) == (200, 150)
    assert not Refund.objects.filter(order=order).exists()
    wrong = desk.post(address, {"amount": "999999", "because": "平台补偿", "pay": "1"})
    assert wrong.status_code == 422 and "amount" in wrong.context["errors"]
    assert desk.post(address, {"amount": "1.50", "because": "平台补偿", "pay": "1", "seen": "0"}).status_code == 303
    refund = Refund.objects.get(order=order)
    assert (refund.amount, refund.note) == (150, "平台补偿")
    assert Act.objects.get(verb="refund_order").merchant_id is None
    assert "平台补偿" in desk.get("/platform/refunds/?state=created").content.decode()


def test_a_stuck_refund_is_paid_another_way_by_two_people(desk: Client, market: Market, bank: Bank) -> None:
    address = f"/platform/refunds/{market.stuck.pk}/elsewhere/"
    assert address in desk.get("/platform/refunds/").content.decode()
    amount = f"{market.stuck.amount / 100:.2f}"
    typed = {
        "amount": amount,
        "booked_on": "2026-11-10",
        "party": "安小姐",
        "reference": "ICBC-0001",
        "because": "电话同意",
    }
    for wrong in ({"reference": ""}, {"because": ""}, {"amount": "x"}, {"booked_on": ""}):
        refused = desk.post(f"{address}?state=stuck&page=1", typed | wrong)
        assert refused.status_code == 422
        (row,) = [row for row in refused.context["rows"] if row["typed"]]
        assert row["refund"].pk == market.stuck.pk and "<details open>" in refused.content.decode()
        for value in (typed | wrong).values():
            assert f'value="{value}"' in refused.content.decode(), "what was typed is kept"
    assert not BankTransfer.objects.exists()
    assert desk.post(address, typed).status_code == 303
    market.stuck.refresh_from_db()
    assert market.stuck.state == "stuck", "one person moves no money"
    page = desk.get("/platform/refunds/").content.decode()
    assert address not in page and "/retry/" not in page, "it waits for somebody else"
    transfer = BankTransfer.objects.get()
    assert "电话同意" in desk.get("/platform/transfers/").content.decode()
    confirm, read = f"/platform/transfers/{transfer.pk}/confirm/", {"amount": amount, "booked_on": "2026-11-10"}
    assert desk.post(confirm, read).status_code == 403
    other = Client()
    other.force_login(Person.objects.get(pk=finance_of("max").person_id or 0))
    assert other.post(confirm, read).status_code == 303
    market.stuck.refresh_from_db()
    assert (market.stuck.state, market.stuck.reference) == ("succeeded", "ICBC-0001")
    assert "ICBC-0001" in desk.get("/platform/refunds/?state=succeeded").content.decode()


def test_what_was_noted_stays_where_it_was_typed(desk: Client, market: Market) -> None:
    address = f"/platform/refunds/{market.stuck.pk}/retry/?state=stuck&page=1"
    refused = desk.post(address, {"because": "a"})
    assert refused.status_code == 422
    assert 'value="a" aria-invalid="true"' in refused.content.decode()
    assert "<details open>" not in refused.content.decode(), "the other form is not meant"
    market.stuck.refresh_from_db()
    assert market.stuck.state == "stuck"
