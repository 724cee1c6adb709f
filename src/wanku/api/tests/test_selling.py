"""A shop's own program: orders, parcels, products, stock, voices and money."""

import io
from datetime import timedelta
from typing import Any

import pytest
from PIL import Image

from tests.bought import paid, placed
from tests.cast import NOW, Shop, category_of, product_of, supply_of, variant_of
from wanku.access.actor import Actor
from wanku.access.can import Permission
from wanku.access.scopes import MERCHANT_SCOPES
from wanku.api.tests.caller import Api, assert_problem, key_of, pages
from wanku.catalog.models import Product, Question
from wanku.flows.settling.release_due import release_due
from wanku.fulfilment.models import Parcel
from wanku.merchants.models import Staff
from wanku.orders.models import Order
from wanku.people.models import Person
from wanku.reviews.models import Review

SF = "SF1234567890123"


@pytest.fixture
def order(ann_actor: Actor, bo: Shop) -> Order:
    """Two paid pieces of Bo's."""
    return paid(ann_actor, (product_of(bo.merchant), 2))[0]


def test_orders_of_the_desk(bo_api: Api, order: Order, ann_actor: Actor, bo: Shop, cy: Shop) -> None:
    placed(ann_actor, (product_of(bo.merchant), 1))
    paid(ann_actor, (product_of(cy.merchant), 1))
    assert [o["number"] for o in bo_api.get("/merchants/bo/orders").json()["items"]] == [order.number]
    assert bo_api.get("/merchants/bo/orders?state=fulfilled").json()["items"] == []
    assert bo_api.get("/merchants/bo/orders?late=true").json()["items"] == []
    whole = bo_api.get(f"/merchants/bo/orders/{order.number}").json()
    assert whole["address"]["city"] == "杭州市"
    assert whole["contact"]["phone"] == "+8613800138000"


def test_queries_of_the_desk(bo_api: Api, ann_actor: Actor, bo: Shop, django_assert_num_queries: Any) -> None:
    tea = product_of(bo.merchant, stock=100)
    for _ in range(4):
        paid(ann_actor, (tea, 1))
    bo_api.get("/categories")
    with django_assert_num_queries(6):
        assert len(bo_api.get("/merchants/bo/orders").json()["items"]) == 4
    for _ in range(3):
        product_of(bo.merchant)
    with django_assert_num_queries(8):
        assert len(bo_api.get("/merchants/bo/products").json()["items"]) == 4


def test_ship_whole_and_in_parts(bo_api: Api, order: Order) -> None:
    line = order.lines.get()
    path = f"/merchants/bo/orders/{order.number}/parcels"
    part = {"carrier": "sf", "tracking": SF, "pieces": [{"line_id": str(line.pk), "quantity": 1}]}
    first = bo_api.post(path, part, Idempotency_Key="key-00000001")
    assert first.status_code == 201, first.content
    assert first.json()["order"]["state"] == "fulfilling"
    again = bo_api.post(path, part, Idempotency_Key="key-00000001")
    assert again.json() == first.json()
    assert Parcel.objects.count() == 1
    assert_problem(bo_api.post(path, {"carrier": "sf", "tracking": SF}), 409, "tracking_used", "tracking")
    rest = bo_api.post(path, {"carrier": "zto", "tracking": "75123456789012"}).json()
    assert rest["order"]["state"] == "fulfilled"
    assert [p["tracking"] for p in rest["order"]["parcels"]] == [SF, "75123456789012"]
    assert_problem(bo_api.post(path, {"carrier": "zto", "tracking": "75123456789013"}), 409, "not_to_ship")


def test_shipping_that_is_refused_changes_nothing(bo_api: Api, order: Order, ann: Person, bo: Shop, cy: Shop) -> None:
    path = f"/merchants/bo/orders/{order.number}/parcels"
    good = {"carrier": "sf", "tracking": SF}
    assert_problem(bo_api.post(path, {**good, "carrier": "pigeon"}), 422, "unknown_carrier", "carrier")
    assert_problem(bo_api.post(path, {**good, "tracking": "1"}), 422, "bad_tracking", "tracking")
    pieces = [{"line_id": str(order.lines.get().pk), "quantity": 3}]
    assert bo_api.post(path, {**good, "pieces": pieces}).status_code == 409
    assert_problem(bo_api.post(path, {**good, "pieces": []}), 422, "invalid", "pieces")
    looker = key_of(bo.owner, Permission.ORDERS_SEE, merchant_id=bo.merchant.pk)
    assert_problem(looker.post(path, good), 403, "not_allowed")
    cy_api = key_of(cy.owner, *MERCHANT_SCOPES, merchant_id=cy.merchant.pk)
    assert_problem(cy_api.post(path, good), 404, "not_found")
    assert_problem(cy_api.post(path.replace("/bo/", "/cy/"), good), 404, "not_found")
    assert_problem(cy_api.get(f"/merchants/cy/orders/{order.number}"), 404, "not_found")
    assert_problem(key_of(ann, "trades.see").post(path, good), 404, "not_found")
    Staff.objects.filter(person=bo.owner).delete()
    assert_problem(bo_api.post(path, good), 404, "not_found")
    assert not Parcel.objects.exists()
    order.refresh_from_db()
    assert order.state == "paid"


def test_bulk(bo_api: Api, order: Order, ann_actor: Actor, bo: Shop) -> None:
    other = paid(ann_actor, (product_of(bo.merchant), 1))[0]
    rows = [
        {"number": order.number, "carrier": "sf", "tracking": SF},
        {"number": other.number, "carrier": "sf", "tracking": "no"},
        {"number": "123", "carrier": "sf", "tracking": SF},
    ]
    answer = bo_api.post("/merchants/bo/parcels", {"rows": rows}).json()
    assert (answer["shipped"], answer["refused"]) == (1, 2)
    assert [item["code"] for item in answer["items"]] == [None, "bad_tracking", "bad_number"]
    assert Parcel.objects.get().order_id == order.pk


def test_give_up(bo_api: Api, order: Order) -> None:
    answer = bo_api.post(f"/merchants/bo/orders/{order.number}/withdraw", {"because": "broken in store"}).json()
    assert answer["state"] == "closed"
    assert answer["refunds"][0]["amount"] == order.amount


def body_of(**fields: Any) -> dict[str, Any]:
    """A product with two sizes."""
    category_of()
    return {
        "title": "青瓷杯",
        "category": "home",
        "options": [{"name": "尺寸", "values": ["大", "小"]}],
        "variants": [
            {"sku": "CUP-L", "price": 5900, "values": ["大"], "stock_change": 5},
            {"sku": "CUP-S", "price": 4900, "values": ["小"], "weight_g": 200},
        ],
        "add_ons": [{"name": "礼盒", "price": 1000}],
        "parameters": [{"name": "材质", "value": "青瓷"}],
        **fields,
    }


def test_a_product_from_draft_to_sale(bo_api: Api, anybody: Api, bo: Shop) -> None:
    made = bo_api.post("/merchants/bo/products", body_of(), Idempotency_Key="key-00000001")
    assert made.status_code == 201, made.content.decode()
    product = made.json()
    assert product["state"] == "draft"
    assert [(v["sku"], v["free"]) for v in product["variants"]] == [("CUP-L", 5), ("CUP-S", 0)]
    again = bo_api.post("/merchants/bo/products", body_of(), Idempotency_Key="key-00000001")
    assert again.json()["id"] == product["id"]
    assert Product.objects.count() == 1
    assert_problem(anybody.get(f"/products/{product['id']}"), 404, "not_found")
    path = f"/merchants/bo/products/{product['id']}"
    assert bo_api("PUT", f"{path}/state", {"state": "on_sale"}).status_code == 204
    assert anybody.get(f"/products/{product['id']}").json()["title"] == "青瓷杯"
    changed = body_of(
        title="青瓷茶杯", variants=[{"sku": "CUP-L", "price": 6900, "values": ["大"], "stock_change": -1}]
    )
    answer = bo_api("PUT", path, changed).json()
    assert [(v["id"], v["price"], v["free"]) for v in answer["variants"]] == [(product["variants"][0]["id"], 6900, 4)]
    assert bo_api("PUT", f"{path}/state", {"state": "removed"}).status_code == 204
    assert_problem(bo_api.get(path), 404, "not_found")


def test_products_that_are_refused(bo_api: Api, cy: Shop, bo: Shop) -> None:
    foreign = product_of(cy.merchant)
    kept = foreign.title
    cases: list[tuple[dict[str, Any], int, str, str]] = [
        ({"category": "none"}, 422, "bad_value", "category"),
        ({"title": " "}, 422, "invalid", "title"),
        ({"variants": []}, 422, "invalid", "variants"),
        ({"variants": [{"sku": "A", "price": 0, "values": ["大"]}]}, 422, "invalid", "variants.0.price"),
        ({"variants": [{"sku": "A", "price": 1, "values": ["中"]}]}, 422, "bad_value", "variants.0.values"),
        ({"variants": [{"sku": "A/B", "price": 1, "values": ["大"]}]}, 422, "bad_value", "variants.0.sku"),
        ({"arrives_days_min": 9, "arrives_days_max": 3}, 422, "bad_value", "arrives_days_max"),
        ({"pictures": [{"picture_id": "00000000-0000-4000-8000-000000000001"}]}, 404, "not_found", "pictures"),
        ({"price": 1}, 422, "invalid", "price"),
    ]
    for change, status, code, field in cases:
        assert_problem(bo_api.post("/merchants/bo/products", body_of(**change)), status, code, field)
    assert_problem(bo_api("PUT", f"/merchants/bo/products/{foreign.pk}", body_of()), 404, "not_found")
    assert_problem(bo_api("PUT", f"/merchants/bo/products/{foreign.pk}/state", {"state": "off"}), 404, "not_found")
    assert_problem(bo_api.post("/merchants/cy/products", body_of()), 404, "not_found")
    assert list(Product.objects.values_list("title", flat=True)) == [kept]
    clerk = key_of(bo.owner, Permission.ORDERS_FULFIL, merchant_id=bo.merchant.pk)
    assert_problem(clerk.post("/merchants/bo/products", body_of()), 403, "not_allowed")
    assert_problem(clerk.get("/merchants/bo/products"), 403, "not_allowed")


def test_stock(bo_api: Api, bo: Shop, cy: Shop) -> None:
    variant = variant_of(product_of(bo.merchant))
    body = {"variant_id": variant.pk, "change": 5, "because": "delivery"}
    assert bo_api.post("/merchants/bo/stock", body, Idempotency_Key="key-00000001").json()["free"] == 15
    assert bo_api.post("/merchants/bo/stock", body, Idempotency_Key="key-00000001").json()["free"] == 15
    assert_problem(bo_api.post("/merchants/bo/stock", {**body, "change": -16}), 409, "stock_held")
    foreign = variant_of(product_of(cy.merchant))
    assert_problem(bo_api.post("/merchants/bo/stock", {**body, "variant_id": foreign.pk}), 404, "not_found")
    assert_problem(bo_api.post("/merchants/bo/stock", {**body, "change": 2**63}), 422, "invalid", "change")
    assert (supply_of(variant).free, supply_of(foreign).free) == (15, 10)


def png() -> bytes:
    """A small picture."""
    out = io.BytesIO()
    Image.new("RGB", (200, 100), "teal").save(out, "PNG")
    return out.getvalue()


def upload(api: Api, path: str, content: bytes, name: str = "a.png") -> Any:
    """Send a file."""
    file = io.BytesIO(content)
    file.name = name
    return api.client.post(f"/api/v1{path}", {"file": file}, headers=api.headers)


def test_pictures(bo_api: Api, ann_api: Api, anybody: Api, bo: Shop) -> None:
    stored = upload(bo_api, "/merchants/bo/pictures", png()).json()
    assert (stored["width"], stored["height"]) == (200, 100)
    product = bo_api.post(
        "/merchants/bo/products", body_of(pictures=[{"picture_id": stored["id"], "alt": "杯"}])
    ).json()
    assert product["picture"]["url"] == stored["url"]
    assert upload(ann_api, "/pictures", png()).status_code == 201
    assert_problem(upload(ann_api, "/pictures", b"<script>alert(1)</script>", "a.png"), 422, "not_a_picture", "file")
    assert_problem(upload(ann_api, "/pictures", b""), 422, "picture_empty", "file")
    assert_problem(upload(anybody, "/pictures", png()), 401, "sign_in")
    assert_problem(upload(ann_api, "/merchants/bo/pictures", png()), 404, "not_found")
    broken = ann_api.client.post(
        "/api/v1/pictures", data=b"junk", content_type="multipart/form-data; boundary=x", headers=ann_api.headers
    )
    assert broken.status_code in (400, 422)
    assert_problem(ann_api.post("/pictures", {"file": "x"}), 415, "unsupported_media_type")


def test_reviews(ann_api: Api, guest_api: Api, bo_api: Api, order: Order, anybody: Api) -> None:
    line = order.lines.get()
    body = {"goods": 5, "service": 4, "delivery": 5, "text": "很好\n会再来"}
    assert_problem(ann_api.post(f"/lines/{line.pk}/review", body), 409, "not_received")
    bo_api.post(f"/merchants/bo/orders/{order.number}/parcels", {"carrier": "sf", "tracking": SF})
    ann_api.post(f"/orders/{order.number}/confirm")
    picture = upload(ann_api, "/pictures", png()).json()["id"]
    assert_problem(guest_api.post(f"/lines/{line.pk}/review", body), 404, "not_found")
    assert_problem(ann_api.post(f"/lines/{line.pk}/review", {**body, "goods": 6}), 422, "invalid", "goods")
    review = ann_api.post(f"/lines/{line.pk}/review", {**body, "picture_ids": [picture]}).json()
    assert review["text"] == "很好\n会再来"
    assert len(review["pictures"]) == 1
    assert_problem(ann_api.post(f"/lines/{line.pk}/review", body), 409, "already_reviewed")
    assert ann_api.get(f"/orders/{order.number}").json()["lines"][0]["review_id"] == review["id"]
    follow = ann_api.post(f"/reviews/{review['id']}/follow-up", {"text": "还是很好"}).json()
    assert follow["follow_up"] == "还是很好"
    assert_problem(guest_api.post(f"/reviews/{review['id']}/follow-up", {"text": "x"}), 404, "not_found")
    path = f"/merchants/bo/reviews/{review['id']}/reply"
    assert bo_api.get("/merchants/bo/reviews?replied=false").json()["items"][0]["id"] == review["id"]
    assert bo_api.post(path, {"text": "谢谢"}).json()["reply"] == "谢谢"
    assert_problem(bo_api.post(path, {"text": "谢谢"}), 409, "already_replied")
    assert anybody.get(f"/products/{line.product_id}/reviews").json()["items"][0]["reply"] == "谢谢"
    Review.objects.update(hidden_because="法律")
    hidden = anybody.get(f"/products/{line.product_id}/reviews").json()["items"][0]
    assert (hidden["text"], hidden["pictures"], hidden["hidden_because"]) == ("", [], "法律")


def test_questions(ann_api: Api, guest_api: Api, bo_api: Api, anybody: Api, bo: Shop, cy: Shop) -> None:
    product = product_of(bo.merchant)
    path = f"/products/{product.pk}/questions"
    question = ann_api.post(path, {"text": "可以放进微波炉吗?"}).json()
    assert_problem(guest_api.post(path, {"text": "可以放进微波炉吗?"}), 401, "sign_in")
    assert_problem(ann_api.post(path, {"text": ""}), 422, "invalid", "text")
    assert_problem(ann_api.post(path, {"text": "?"}), 422, "question_too_short", "text")
    assert [q["id"] for q in bo_api.get("/merchants/bo/questions?answered=false").json()["items"]] == [question["id"]]
    answer = f"/merchants/bo/questions/{question['id']}/answer"
    cy_api = key_of(cy.owner, *MERCHANT_SCOPES, merchant_id=cy.merchant.pk)
    assert_problem(cy_api.post(answer.replace("/bo/", "/cy/"), {"text": "可以"}), 404, "not_found")
    assert bo_api.post(answer, {"text": "可以"}).json()["answer"] == "可以"
    assert_problem(bo_api.post(answer, {"text": "可以"}), 409, "already_answered")
    assert anybody.get(path).json()["items"][0]["answer"] == "可以"
    assert Question.objects.count() == 1


def test_statement(bo_api: Api, ann_api: Api, order: Order, cy: Shop, bo: Shop) -> None:
    statement = bo_api.get("/merchants/bo/statement").json()
    assert {b["account"]: b["amount"] for b in statement["balances"]}["held"] == order.amount
    assert statement["items"][0]["order_number"] == order.number
    bo_api.post(f"/merchants/bo/orders/{order.number}/parcels", {"carrier": "sf", "tracking": SF})
    ann_api.post(f"/orders/{order.number}/confirm")
    release_due(now=NOW + timedelta(days=9), limit=10)
    whole = pages(bo_api, "/merchants/bo/statement?limit=1")
    assert sum(line["amount"] for line in whole) == whole[0]["total"] == order.amount - order.commission
    assert len({line["id"] for line in whole}) == len(whole) == 4
    cy_api = key_of(cy.owner, *MERCHANT_SCOPES, merchant_id=cy.merchant.pk)
    assert cy_api.get("/merchants/cy/statement").json()["items"] == []
    assert_problem(cy_api.get("/merchants/bo/statement"), 404, "not_found")
    looker = key_of(bo.owner, Permission.ORDERS_SEE, merchant_id=bo.merchant.pk)
    assert_problem(looker.get("/merchants/bo/statement"), 403, "not_allowed")


def test_carriers(anybody: Api) -> None:
    assert {"code": "sf", "name": "SF Express", "example": SF} in anybody.get("/carriers").json()["items"]


def test_a_role_limits_its_keys(bo: Shop, order: Order, db: None) -> None:
    finance = Person.objects.create_user(email="fin@example.com", password="x", name="Fin")
    Staff.objects.create(merchant=bo.merchant, person=finance, role="finance", since=NOW)
    api = key_of(finance, *MERCHANT_SCOPES, merchant_id=bo.merchant.pk)
    assert api.get("/merchants/bo/statement").status_code == 200
    path = f"/merchants/bo/orders/{order.number}/parcels"
    assert_problem(api.post(path, {"carrier": "sf", "tracking": SF}), 403, "not_allowed")
