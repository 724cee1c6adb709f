"""From moves to notices: who is told of what, once each."""

from collections import Counter
from datetime import timedelta
from typing import Any

import pytest
from django.urls import resolve

from tests.at_once import Meeting, at_once, locks_off
from tests.bought import paid, placed
from tests.cast import NOW, Shop, open_shop, product_of
from wanku.access.actor import Actor
from wanku.audit.models import Move
from wanku.audit.move import By, note
from wanku.flows.buying.expire_trades import expire_trades
from wanku.flows.buying.place_order import Contact
from wanku.flows.buying.withdraw_order import withdraw_order
from wanku.flows.fulfilling.edit_delivery import edit_delivery
from wanku.flows.fulfilling.late_due import late_due
from wanku.flows.fulfilling.receive_due import receive_due
from wanku.flows.fulfilling.record_tracking import record_tracking
from wanku.flows.fulfilling.ship_order import ship_order
from wanku.flows.fulfilling.urge_merchant import urge_merchant
from wanku.flows.policing.decline_merchant import decline_merchant
from wanku.flows.talking._table import TABLE
from wanku.flows.talking.choose_channels import choose_channels
from wanku.flows.talking.tell_moves import tell_moves
from wanku.fulfilment.add_events import Reported
from wanku.kernel.ids import spaced
from wanku.kernel.states import SYSTEM
from wanku.notices.models import Notice
from wanku.notices.texts import WORDINGS
from wanku.people.models import Person


def told(**fields: Any) -> Counter[tuple[str, str, str]]:
    """Kind, reader without its number, and channel of every notice."""
    rows = Notice.objects.filter(**fields).values_list("kind", "reader", "channel")
    return Counter((kind, reader.split(":")[0], channel) for kind, reader, channel in rows)


def test_a_members_purchase_from_two_shops(ann: Person, ann_actor: Actor, bo: Shop, cy: Shop) -> None:
    first, second = paid(ann_actor, (product_of(bo.merchant), 1), (product_of(cy.merchant, "帆布包"), 1))
    assert tell_moves(now=NOW, limit=100) == Move.objects.count()
    assert told() == {
        ("trade_paid", "person", "in_app"): 1,
        ("trade_paid", "person", "email"): 1,
        ("order_to_ship", "merchant", "in_app"): 2,
        ("order_to_ship", "merchant", "email"): 2,
    }
    paid_notice = Notice.objects.get(kind="trade_paid", channel="email")
    assert (paid_notice.address, paid_notice.sent_at, paid_notice.next_try_at) == ("ann@example.com", None, NOW)
    assert paid_notice.facts["amount"] == {"money": [first.trade.amount, "CNY"]}
    assert paid_notice.facts["shop"] == "Bo 茶行, Cy 箱包"
    to_ship = Notice.objects.get(reader=f"merchant:{cy.merchant.pk}", channel="in_app")
    assert to_ship.facts["order"] == spaced(second.number)
    assert to_ship.sent_at == NOW
    assert tell_moves(now=NOW, limit=100) == 0


def test_a_guest_reads_mail_only(guest_actor: Actor, bo: Shop) -> None:
    trade = placed(guest_actor, (product_of(bo.merchant), 1), language="en")
    tell_moves(now=NOW, limit=100)
    notice = Notice.objects.get()
    assert (notice.kind, notice.reader, notice.channel) == ("trade_placed", f"guest:{trade.pk}", "email")
    assert (notice.language, notice.link) == ("en", f"/pay/{trade.number}/")
    expire_trades(now=NOW + timedelta(hours=1), limit=10)
    tell_moves(now=NOW, limit=100)
    assert told(kind="trade_expired") == {("trade_expired", "guest", "email"): 1}


def test_a_guest_without_an_address_is_not_written_to(guest_actor: Actor, bo: Shop) -> None:
    placed(guest_actor, (product_of(bo.merchant), 1), contact=Contact("安", "13800138000"))
    assert tell_moves(now=NOW, limit=100) == 2
    assert not Notice.objects.exists()


def test_from_shipping_to_receipt(ann_actor: Actor, bo: Shop) -> None:
    order = paid(ann_actor, (product_of(bo.merchant), 1))[0]
    tell_moves(now=NOW, limit=100)
    Notice.objects.all().delete()
    ship_order(order.pk, pieces=None, carrier="sf", tracking="SF1234567890123", actor=bo.actor, now=NOW)
    record_tracking("sf", "SF1234567890123", [Reported("1", "delivered", NOW)], now=NOW)
    receive_due(now=NOW + timedelta(days=20), limit=10)
    tell_moves(now=NOW, limit=100)
    assert told(channel="in_app") == {
        ("parcel_shipped", "person", "in_app"): 1,
        ("parcel_delivered", "person", "in_app"): 1,
        ("order_received", "person", "in_app"): 1,
        ("order_completed", "merchant", "in_app"): 1,
    }
    shipped = Notice.objects.get(kind="parcel_shipped", channel="email")
    assert (shipped.facts["carrier"], shipped.facts["tracking"]) == ("sf", "SF1234567890123")
    assert shipped.link == f"/orders/{order.number}/"


def test_late_urged_and_withdrawn(ann_actor: Actor, bo: Shop) -> None:
    order = paid(ann_actor, (product_of(bo.merchant), 1))[0]
    late = NOW + timedelta(hours=48)
    edit_delivery(order.pk, note="请快点", actor=ann_actor, now=NOW)
    for day in range(4):
        late_due(now=late + timedelta(days=day), limit=10)
    urge_merchant(order.pk, actor=ann_actor, now=late)
    withdraw_order(order.pk, actor=ann_actor, because="late", now=late + timedelta(days=4))
    tell_moves(now=NOW, limit=100)
    assert told(channel="in_app") == {
        ("trade_paid", "person", "in_app"): 1,
        ("order_to_ship", "merchant", "in_app"): 1,
        ("delivery_changed", "merchant", "in_app"): 1,
        ("order_overdue", "merchant", "in_app"): 4,
        ("order_late", "person", "in_app"): 1,
        ("order_neglected", "platform", "in_app"): 2,
        ("order_urged", "merchant", "in_app"): 1,
        ("order_withdrawn", "merchant", "in_app"): 1,
        ("order_closed", "person", "in_app"): 1,
    }


def test_a_merchant_is_declined_with_the_reason(di_actor: Actor, db: None) -> None:
    shop = open_shop("new", "新店", state="applying")
    shop.merchant.due_at = NOW
    shop.merchant.save()
    decline_merchant(shop.merchant.pk, because="执照不清楚", actor=di_actor, now=NOW)
    tell_moves(now=NOW, limit=100)
    notice = Notice.objects.get(kind="merchant_declined", channel="email")
    assert (notice.address, notice.facts) == ("new@example.com", {"shop": "新店", "because": "执照不清楚"})


def test_who_wants_no_mail_gets_none(ann_actor: Actor, bo: Shop) -> None:
    choose_channels(email=False, actor=ann_actor, now=NOW)
    choose_channels(email=False, actor=bo.actor, now=NOW)
    paid(ann_actor, (product_of(bo.merchant), 1))
    tell_moves(now=NOW, limit=100)
    assert {channel for _, _, channel in told()} == {"in_app"}


def test_moves_that_cannot_be_told_harm_no_other(ann_actor: Actor, bo: Shop) -> None:
    """They stay for the next time, and those behind them are told, even behind a whole batch of them."""
    nothing = "00000000-0000-0000-0000-000000000000"
    Move.objects.bulk_create(Move(subject_type="parcel", subject_id=nothing, event="deliver", at=NOW) for _ in range(5))
    paid(ann_actor, (product_of(bo.merchant), 1))
    assert tell_moves(now=NOW, limit=2) > 0
    while tell_moves(now=NOW, limit=2):
        pass
    assert Move.objects.filter(sent_at=None).count() == 5
    assert told(channel="in_app")[("order_to_ship", "merchant", "in_app")] == 1


def test_a_fixed_number_of_queries(ann_actor: Actor, bo: Shop, cy: Shop, django_assert_num_queries: Any) -> None:
    for _ in range(3):
        paid(ann_actor, (product_of(bo.merchant), 1), (product_of(cy.merchant), 1))
    with django_assert_num_queries(10):
        tell_moves(now=NOW, limit=100)


def test_every_telling_has_a_wording() -> None:
    kinds = {telling.kind for tellings in TABLE.values() for telling in tellings}
    assert kinds <= set(WORDINGS)
    assert set(WORDINGS) - kinds == {
        "bank_account_changed", "licence_digits", "licence_ends", "licence_ends_for_good", "question_answered",
        "question_asked", "question_waiting", "stock_low",
    }  # fmt: skip


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("locked", [True, False], ids=["locked", "control: locks off"])
def test_two_sweepers(locked: bool, ann_actor: Actor, bo: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    """The lock shares the work; that nobody is told twice is held by the unique cause even without it."""
    order = paid(ann_actor, (product_of(bo.merchant), 1))[0]
    note(order, "ship_part", by=By(SYSTEM), now=NOW)
    meeting = Meeting()
    meeting.before(monkeypatch, "wanku.flows.talking.tell_moves.tell")
    if not locked:
        locks_off(monkeypatch)
    done = at_once(*[lambda: tell_moves(now=NOW, limit=100)] * 2)
    assert all(isinstance(count, int) for count in done), done
    total = Move.objects.count()
    assert sum(count for count in done if isinstance(count, int)) == (total if locked else 2 * total)
    assert set(told().values()) == {1}


def test_links_lead_somewhere(ann_actor: Actor, bo: Shop) -> None:
    order = paid(ann_actor, (product_of(bo.merchant), 1))[0]
    late_due(now=NOW + timedelta(days=9), limit=10)
    withdraw_order(order.pk, actor=ann_actor, because="late", now=NOW + timedelta(days=9))
    tell_moves(now=NOW, limit=100)
    for link in set(Notice.objects.values_list("link", flat=True)):
        resolve(link)
