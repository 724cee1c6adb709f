"""Order list and order page: who sees them, what they say, what can be done, and that they live."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client

from tests.bought import paid, placed
from tests.cast import ADDRESS, Shop, product_of
from wanku.access.actor import Actor
from wanku.carts.queries import read_cart
from wanku.flows.fulfilling.confirm_receipt import confirm_receipt
from wanku.flows.fulfilling.record_tracking import record_tracking
from wanku.flows.fulfilling.ship_order import ship_order
from wanku.fulfilment.add_events import Reported
from wanku.orders.models import Order
from wanku.people.models import Person
from wanku.reviews.models import Review
from wanku.storefront.kept import PAGES
from wanku.storefront.tests.shopping import guest_browser, member_browser

NOW = datetime.now(UTC)


@pytest.fixture
def order(bo: Shop, ann_actor: Actor) -> Order:
    """A paid order of Ann."""
    return paid(ann_actor, (product_of(bo.merchant, "龙井茶"), 2), now=NOW)[0]


def ship(order: Order, shop: Shop, number: str = "SB0123456789") -> None:
    ship_order(order.pk, pieces=None, carrier="sandbox", tracking=number, actor=shop.actor, now=NOW)


def page_of(order: Order) -> str:
    return f"/orders/{order.number}/"


ACTS = ["withdraw/", "confirm/", "extend/", "urge/", "again/"]


@pytest.mark.parametrize("act", ACTS)
def test_only_the_buyer_acts(order: Order, bo: Shop, cy: Shop, guest_actor: Actor, client: Client, act: str) -> None:
    for browser in (client, guest_browser(guest_actor), member_browser(bo.owner), member_browser(cy.owner)):
        assert browser.post(page_of(order) + act).status_code == 404
    order.refresh_from_db()
    assert order.state == "paid"


def test_only_the_buyer_sees(order: Order, ann: Person, bo: Shop, client: Client) -> None:
    assert "龙井茶" in member_browser(ann).get(page_of(order)).content.decode()
    assert client.get(page_of(order))["Location"] == f"/track/?number={order.number}"
    for path in ("", "live/", "edit/"):
        assert member_browser(bo.owner).get(page_of(order) + path).status_code == 404
    assert client.get("/orders/00000000000000001/").status_code == 404
    assert "龙井茶" not in client.get("/orders/").content.decode()


def test_the_page_lives(order: Order, ann: Person, bo: Shop) -> None:
    browser = member_browser(ann)
    page = browser.get(page_of(order))
    version = page.context["view"].version
    live = page_of(order) + "live/"
    assert browser.get(live, {"v": version}).status_code == 204
    ship(order, bo)
    part = browser.get(live, {"v": version})
    assert "SB0123456789" in part.content.decode()
    assert "<html" not in part.content.decode()
    version = part.context["view"].version
    record_tracking("sandbox", "SB0123456789", [Reported("e1", "in_transit", NOW, "上海", "到达上海")], now=NOW)
    assert "到达上海" in browser.get(live, {"v": version}).content.decode()


def test_from_shipping_to_review(order: Order, ann: Person, bo: Shop) -> None:
    browser = member_browser(ann)
    refused = browser.post(page_of(order) + "confirm/", follow=True)
    assert refused.content.decode().count("note-error") == 1
    ship(order, bo)
    browser.post(page_of(order) + "extend/")
    order.refresh_from_db()
    assert order.extended_at is not None
    assert "extend" not in browser.get(page_of(order)).context["view"].acts
    browser.post(page_of(order) + "confirm/")
    order.refresh_from_db()
    assert order.state == "completed"
    line = order.lines.get()
    address = f"{page_of(order)}review/{line.pk}/"
    assert address in browser.get(page_of(order)).content.decode()
    bad = browser.post(address, {"goods": 6, "service": 5, "text": "好" * 10})
    assert bad.status_code == 422
    assert "好" * 10 in bad.content.decode()
    assert not Review.objects.exists()
    browser.post(address, {"goods": 5, "service": 4, "delivery": 3, "text": "茶香很足"})
    assert Review.objects.get().text == "茶香很足"
    assert browser.get(address)["Location"] == page_of(order)
    more = address + "more/"
    assert browser.post(more, {"text": ""}).status_code == 422
    browser.post(more, {"text": "喝了一个月，仍然满意"})
    assert "仍然满意" in browser.get(page_of(order)).content.decode()


def test_reviews_take_pictures_and_refuse_junk(order: Order, ann: Person, bo: Shop, ann_actor: Actor) -> None:
    from io import BytesIO

    from django.core.files.uploadedfile import SimpleUploadedFile
    from PIL import Image

    ship(order, bo)
    confirm_receipt(order.pk, actor=ann_actor, now=NOW)
    picture = BytesIO()
    Image.new("RGB", (300, 300), (120, 90, 60)).save(picture, "PNG")
    good = SimpleUploadedFile("tea.png", picture.getvalue(), "image/png")
    junk = SimpleUploadedFile("evil.png", b"<script>alert(1)</script>", "image/png")
    browser, scores = member_browser(ann), {"goods": 5, "service": 5, "delivery": 5}
    address = f"{page_of(order)}review/{order.lines.get().pk}/"
    told = browser.post(address, {**scores, "pictures": [good, junk]})
    assert told.status_code == 422
    assert "evil.png" in told.content.decode()
    (kept,) = told.context["kept"]
    good.seek(0)
    too_many = browser.post(address, {**scores, "pictures": [SimpleUploadedFile(f"{i}.png", b"x") for i in range(10)]})
    assert too_many.status_code == 422
    browser.post(address, {**scores, "kept": [str(kept.pk), "nonsense"]})
    assert [p.picture_id for p in Review.objects.get().pictures.all()] == [kept.pk]


def test_take_it_back_before_shipping(order: Order, ann: Person) -> None:
    browser = member_browser(ann)
    assert "withdraw" in browser.get(page_of(order)).context["view"].acts
    browser.post(page_of(order) + "withdraw/", {"because": "too_slow"})
    order.refresh_from_db()
    assert order.state == "closed"
    page = browser.get(page_of(order)).content.decode()
    assert "发货太慢" in page
    assert "退款" in page


def test_urge_a_late_shop(bo: Shop, ann: Person, ann_actor: Actor) -> None:
    late = paid(ann_actor, (product_of(bo.merchant, ship_within_hours=1), 1), now=NOW - timedelta(hours=3))[0]
    browser = member_browser(ann)
    assert "urge" in browser.get(page_of(late)).context["view"].acts
    browser.post(page_of(late) + "urge/")
    shown = browser.get(page_of(late)).context["view"]
    assert "urge" not in shown.acts
    assert shown.urge_after is not None


def test_change_the_delivery_until_it_ships(order: Order, ann: Person) -> None:
    browser = member_browser(ann)
    form = {**ADDRESS, "phone": "13900139000", "line": "新街 3 号", "note": "放门卫"}
    wrong = browser.post(page_of(order) + "edit/", {**form, "phone": "1"})
    assert wrong.status_code == 422
    assert "新街 3 号" in wrong.content.decode()
    assert browser.post(page_of(order) + "edit/", form).status_code == 302
    order.refresh_from_db()
    assert (order.address["line"], order.note) == ("新街 3 号", "放门卫")


def test_cancel_an_unpaid_trade(bo: Shop, guest_actor: Actor) -> None:
    trade = placed(guest_actor, (product_of(bo.merchant), 1), now=NOW)
    guest_browser(guest_actor).post(f"/pay/{trade.number}/cancel/")
    trade.refresh_from_db()
    assert trade.state == "cancelled"


def test_order_again_fills_the_cart_as_far_as_possible(bo: Shop, ann: Person, ann_actor: Actor) -> None:
    tea, cup = product_of(bo.merchant, "茶", add_ons=[("礼盒", 500)]), product_of(bo.merchant, "杯")
    order = paid(ann_actor, (tea, 1), (cup, 1), now=NOW)[0]
    cup.state = "off"
    cup.save()
    response = member_browser(ann).post(page_of(order) + "again/", follow=True)
    assert response.redirect_chain[-1][0] == "/cart/"
    assert [i.offer.title for i in read_cart(ann_actor, now=NOW).items] == ["茶"]
    assert "杯" in "".join(str(m) for m in response.context["messages"])


def test_the_list_by_tab_and_search(bo: Shop, cy: Shop, ann: Person, ann_actor: Actor) -> None:
    placed(ann_actor, (product_of(bo.merchant, "待付的茶"), 1), now=NOW)
    paid(ann_actor, (product_of(cy.merchant, "已付的箱子"), 1), now=NOW)
    browser = member_browser(ann)
    both = browser.get("/orders/").content.decode()
    assert "待付的茶" in both
    assert "已付的箱子" in both
    assert browser.get("/orders/").context["shown"].counts == {
        "to_pay": 1,
        "to_ship": 1,
        "to_receive": 0,
        "to_review": 0,
    }
    to_pay = browser.get("/orders/?tab=to_pay").content.decode()
    assert "待付的茶" in to_pay
    assert "已付的箱子" not in to_pay
    assert "已付的箱子" in browser.get("/orders/", {"q": "箱子"}).content.decode()
    assert "没有找到" in browser.get("/orders/", {"q": "'\"<%_"}).content.decode()
    assert browser.get("/orders/", {"tab": "zzz", "page": "99999999999"}).status_code == 200


def test_queries(bo: Shop, cy: Shop, ann: Person, ann_actor: Actor, django_assert_num_queries: Any) -> None:
    several = [paid(ann_actor, (product_of(s.merchant), 1), (product_of(s.merchant), 1), now=NOW) for s in (bo, cy, bo)]
    orders = several[0]
    ship(orders[0], bo)
    browser = member_browser(ann)
    browser.get("/orders/")
    browser.get(page_of(orders[0]))
    # The frame costs eight: session, person, its activity, seats, roles, categories, cart, messages.
    with django_assert_num_queries(LIST_QUERIES):
        browser.get("/orders/")
    PAGES.forget()
    # Session, person, how far the order is with the frame; the page itself is read with ten.
    with time_machine.travel(datetime.now(UTC), tick=False):
        with django_assert_num_queries(PAGE_QUERIES):
            version = browser.get(page_of(orders[0])).context["view"].version
        with django_assert_num_queries(KEPT_QUERIES):
            browser.get(page_of(orders[0]))
    with django_assert_num_queries(LIVE_QUERIES):
        assert browser.get(page_of(orders[0]) + "live/", {"v": version}).status_code == 204


# One of the page's tells how far the story has come, for the stream.
LIST_QUERIES, PAGE_QUERIES, KEPT_QUERIES, LIVE_QUERIES = 14, 14, 3, 3
