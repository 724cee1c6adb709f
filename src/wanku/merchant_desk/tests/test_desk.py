"""Who may open which page of a desk."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from tests.architecture.access_world import invoice, to_be_paid
from tests.cast import PASSWORD, Shop, product_of, variant_of
from wanku.access.can import STAFF_MAY, Permission
from wanku.access.models import ApiKey
from wanku.catalog.models import Product
from wanku.kinds.stay.tests.houses import house_of
from wanku.merchant_desk import urls
from wanku.merchants.models import Invitation, Staff
from wanku.orders.models import Order

P = Permission
# Every page that reads, with the permission that it needs; the addresses that need a thing get one of Bo's.
PAGES = {
    "today": P.DESK_SEE,
    "orders": P.ORDERS_SEE,
    "bulk_ship": P.ORDERS_FULFIL,
    "slips": P.ORDERS_FULFIL,
    "order": P.ORDERS_SEE,
    "parcels": P.ORDERS_SEE,
    "bookings": P.ORDERS_SEE,
    "notices": P.DESK_SEE,
    "questions": P.QUESTIONS_ANSWER,
    "reviews": P.REVIEWS_REPLY,
    "products": P.PRODUCTS_EDIT,
    "new_product": P.PRODUCTS_EDIT,
    "low_stock": P.PRODUCTS_EDIT,
    "product": P.PRODUCTS_EDIT,
    "imports": P.PRODUCTS_EDIT,
    "import": P.PRODUCTS_EDIT,
    "export": P.PRODUCTS_EDIT,
    "template": P.PRODUCTS_EDIT,
    "stay": P.PRODUCTS_EDIT,
    "stay_nights": P.PRODUCTS_EDIT,
    "new_stay_room": P.PRODUCTS_EDIT,
    "stay_table": P.PRODUCTS_EDIT,
    "stay_export": P.PRODUCTS_EDIT,
    "stay_room": P.PRODUCTS_EDIT,
    "stay_seasons": P.PRODUCTS_EDIT,
    "money": P.MONEY_SEE,
    "money_days": P.MONEY_SEE,
    "money_export": P.MONEY_SEE,
    "refund": P.REFUNDS_MAKE,
    "settlements": P.MONEY_SEE,
    "settlement": P.MONEY_SEE,
    "bank_account": P.BANK_ACCOUNT_EDIT,
    "invoices": P.INVOICES_ISSUE,
    "invoice_document": P.INVOICES_ISSUE,
    "staff": P.DESK_SEE,
    "profile": P.PROFILE_EDIT,
    "again": P.PROFILE_EDIT,
    "freight": P.PROFILE_EDIT,
    "new_freight": P.PROFILE_EDIT,
    "edit_freight": P.PROFILE_EDIT,
    "keys": P.KEYS_EDIT,
}
ACTS = {
    "ship": P.ORDERS_FULFIL,
    "withdraw": P.ORDERS_FULFIL,
    "booking_step": P.ORDERS_FULFIL,
    "check_in": P.ORDERS_FULFIL,
    "settlement_period": P.BANK_ACCOUNT_EDIT,
    "issuer": P.INVOICES_ISSUE,
    "issue_invoice": P.INVOICES_ISSUE,
    "reverse_invoice": P.INVOICES_ISSUE,
    "answer": P.QUESTIONS_ANSWER,
    "notices_read": P.DESK_SEE,
    "reply": P.REVIEWS_REPLY,
    "many_products": P.PRODUCTS_EDIT,
    "stock": P.PRODUCTS_EDIT,
    "import_commit": P.PRODUCTS_EDIT,
    "remove_stay_room": P.PRODUCTS_EDIT,
    "invite": P.STAFF_EDIT,
    "withdraw_invitation": P.STAFF_EDIT,
    "resend_invitation": P.STAFF_EDIT,
    "change_role": P.STAFF_EDIT,
    "remove_staff": P.DESK_SEE,
    "remove_freight": P.PROFILE_EDIT,
    "create_key": P.KEYS_EDIT,
    "revoke_key": P.KEYS_EDIT,
}
OPEN = {"choose", "apply", "invitation"}
# Pages of food, departures, licences and visits, and their tables: opened with things of theirs by every role, with the
# owner of another shop among them, in tests/architecture/test_access.py; whoever may is shown them (200), nobody else.
TRIED_THERE = ("/kitchen/", "/menu/", "/departures/", "/licences/", "/visits/", "/tables/")


@pytest.fixture
def address(bo: Shop, order: Order, owner: Client) -> Callable[[str], str]:
    """Address of a page of Bo's, with things of Bo's."""
    from tests.cast import NOW
    from wanku.catalog.models import ImportFile, Question
    from wanku.pricing.models import FreightTemplate
    from wanku.reviews.models import Review

    product = product_of(bo.merchant)
    line = order.lines.get()
    file = ImportFile.objects.create(
        merchant=bo.merchant,
        by_id=bo.owner.pk,
        name="a.csv",
        content=b"handle,title,sku,price,category\na,A,A-1,1,home\n",
        received_at=NOW,
    )
    question = Question.objects.create(product=product, merchant=bo.merchant, text="?", asked_at=NOW)
    review = Review.objects.create(
        line=line,
        order=order,
        merchant_id=bo.merchant.pk,
        product_id=line.product_id,
        author_name="A**",
        goods=5,
        service=5,
        delivery=5,
        written_at=NOW,
    )
    template = FreightTemplate.objects.create(merchant=bo.merchant, name="x", is_default=True)
    invitation = Invitation.objects.create(
        merchant=bo.merchant, email="x@example.com", role="clerk", token_hash=b"x", invited_by=1, expires_at=NOW
    )
    key = ApiKey.objects.create(
        person=bo.owner, merchant_id=bo.merchant.pk, name="k", prefix="k", key_hash=b"k", created_at=NOW
    )
    paper = invoice(order)
    things: dict[str, list[Any]] = {
        **of_house(bo),
        "order": [order.number],
        "ship": [order.number],
        "withdraw": [order.number],
        "booking_step": [order.number],
        "refund": [order.number],
        "money_export": ["csv"],
        "settlement": [to_be_paid(bo, maker=bo.owner.pk)["settlement_number"]],
        "issue_invoice": [paper.number],
        "reverse_invoice": [paper.number],
        "invoice_document": [paper.number],
        "answer": [question.pk],
        "reply": [review.pk],
        "product": [product.pk],
        "stock": [variant_of(product).pk],
        "import": [file.pk],
        "import_commit": [file.pk],
        "export": ["csv"],
        "template": ["xlsx"],
        "withdraw_invitation": [invitation.pk],
        "resend_invitation": [invitation.pk],
        "change_role": [Staff.objects.get(merchant=bo.merchant).pk],
        "remove_staff": [Staff.objects.get(merchant=bo.merchant).pk],
        "edit_freight": [template.pk],
        "remove_freight": [template.pk],
        "revoke_key": [key.pk],
    }
    return lambda name: reverse(f"merchant_desk:{name}", args=[bo.merchant.slug, *things.get(name, [])])


def of_house(shop: Shop) -> dict[str, list[Any]]:
    """Where a house's pages are."""
    house = house_of(shop.merchant, nights=3)
    room = [house.pk, house.room_types.get().pk]
    of_rooms = dict.fromkeys(("stay_room", "stay_seasons", "remove_stay_room"), room)
    of_house = {name: [house.pk] for name in ("stay", "stay_nights", "new_stay_room", "stay_table")}
    return {**of_house, **of_rooms, "stay_export": [house.pk, "csv"]}


def test_every_route_is_listed() -> None:
    routes: list[Any] = urls.urlpatterns
    here = [route for route in routes if not any(part in f"/{route.pattern}" for part in TRIED_THERE)]
    assert {route.name for route in here} == {*PAGES, *ACTS, *OPEN}


def test_strangers_are_sent_to_sign_in(stranger: Client, address: Callable[[str], str]) -> None:
    for name in (*PAGES, *ACTS):
        send = stranger.get if name in PAGES else stranger.post
        answer = send(address(name))
        assert (name, answer.status_code) == (name, 302)
        assert answer["Location"].startswith("/account/login/")


def test_another_shop_is_told_nothing(other: Client, address: Callable[[str], str]) -> None:
    for name in (*PAGES, *ACTS):
        send = other.get if name in PAGES else other.post
        assert (name, send(address(name)).status_code) == (name, 404)


def test_the_owner_opens_every_page(owner: Client, address: Callable[[str], str]) -> None:
    # Where the money goes is shown only to who has just given the password again.
    assert owner.get(address("bank_account"))["Location"].startswith("/account/reauthenticate/")
    owner.post("/account/reauthenticate/", {"password": PASSWORD})
    for name in PAGES:
        assert (name, owner.get(address(name)).status_code) == (name, 200)
    for name in ACTS:
        assert (name, owner.get(address(name)).status_code) == (name, 405)


@pytest.mark.parametrize("role", ["manager", "clerk", "finance", "service"])
def test_each_role_opens_what_it_may(role: str, seat: Callable[[str], Client], address: Callable[[str], str]) -> None:
    client = seat(role)
    for name, permission in PAGES.items():
        wanted = 200 if permission in STAFF_MAY[role] else 403
        assert (name, client.get(address(name)).status_code) == (name, wanted)
    for name, permission in ACTS.items():
        if permission not in STAFF_MAY[role]:
            assert (name, client.post(address(name)).status_code) == (name, 403)


def test_things_of_another_shop_do_not_exist_at_ones_own_desk(
    other: Client, cy: Shop, address: Callable[[str], str]
) -> None:
    for name in (*PAGES, *ACTS):
        mine = address(name).replace("/desk/bo/", "/desk/cy/")
        if mine.count("/") <= 4 and name not in ("export", "template"):
            continue
        send = other.get if name in PAGES else other.post
        wanted = {404} if any(c.isdigit() for c in mine) else {200, 303, 422}
        assert (name, send(mine).status_code in wanted) == (name, True)


def test_choosing_a_desk(stranger: Client, owner: Client, bo: Shop) -> None:
    assert stranger.get("/desk/").status_code == 302
    assert owner.get("/desk/")["Location"] == "/desk/bo/"
    Staff.objects.all().delete()
    assert b"You have no shop yet" in owner.get("/desk/").content


def names(client: Client) -> set[str]:
    """Places that the desk offers, by the last part of their address."""
    page = client.get("/desk/bo/").content.decode().partition('id="places"')[2].partition("</nav>")[0]
    return set(re.findall(r'href="/desk/bo/([a-z-]*)/?"', page))


def test_the_places_are_those_of_what_the_shop_sells(owner: Client, bo: Shop) -> None:
    # A new shop may still become anything.
    assert {"parcels", "freight"} <= names(owner)
    assert not {"bookings", "visits", "kitchen", "licences", "departures"} & names(owner)
    for kind, there, gone in (
        ("issue", {"licences"}, {"bookings", "parcels", "freight"}),
        ("meal", {"kitchen", "menu"}, {"bookings", "parcels", "freight"}),
        ("visit", {"bookings", "visits"}, {"kitchen", "parcels"}),
        ("seat", {"bookings", "departures"}, {"visits", "freight"}),
    ):
        product_of(bo.merchant, kind=kind)
        assert there <= names(owner)
        assert not gone & names(owner)
        Product.objects.update(state="removed")
    product_of(bo.merchant, kind="meal")
    product_of(bo.merchant, kind="visit")
    product_of(bo.merchant)
    assert {"bookings", "visits", "kitchen", "menu", "parcels", "freight"} <= names(owner)
