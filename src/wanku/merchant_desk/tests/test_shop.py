"""The shop itself: application, profile, staff, freight, keys, money, questions and reviews."""

import re
from collections.abc import Callable

from django.core import mail
from django.test import Client

from tests.cast import NOW, Shop, open_shop, product_of
from wanku.access.actor import Actor
from wanku.access.models import ApiKey
from wanku.catalog.models import Question
from wanku.flows.fulfilling.confirm_receipt import confirm_receipt
from wanku.flows.fulfilling.ship_order import ship_order
from wanku.flows.reviewing.write_review import write_review
from wanku.merchant_desk.tests.conftest import signed_in
from wanku.merchants.models import Invitation, Merchant, Staff
from wanku.orders.models import Order
from wanku.people.models import Person
from wanku.pricing.models import FreightTemplate
from wanku.reviews.models import Review

DETAILS = {
    "name": "安的茶",
    "legal_name": "杭州安茶有限公司",
    "credit_code": "91350100M000100Y43",
    "contact_name": "Ann",
    "contact_phone": "138 0013 8000",
    "contact_email": "ann@example.com",
    "zone": "Asia/Shanghai",
}


def test_applying_through_the_form(stranger: Client, ann: Person) -> None:
    assert stranger.get("/desk/apply/").status_code == 302
    client = signed_in(ann)
    assert b'value="ann@example.com"' in client.get("/desk/apply/").content
    bad = client.post("/desk/apply/", {**DETAILS, "credit_code": "1", "about": "<b>x</b>"})
    assert bad.status_code == 422
    assert bad.context["errors"].keys() == {"credit_code"}
    assert b"&lt;b&gt;x" in bad.content
    done = client.post("/desk/apply/", {**DETAILS, "slug": "ann-tea"})
    assert (done.status_code, done["Location"]) == (303, "/desk/ann-tea/")
    assert b"Your application is being looked at" in client.get("/desk/ann-tea/").content


def test_a_declined_one_applies_again(db: None) -> None:
    shop = open_shop("dee", "Dee", state="declined")
    client = signed_in(shop.owner)
    assert b"apply again" in client.get("/desk/dee/").content
    assert client.post("/desk/dee/profile/again/", DETAILS)["Location"] == "/desk/dee/"
    assert Merchant.objects.get(slug="dee").state == "applying"


def test_profile(owner: Client) -> None:
    assert owner.post("/desk/bo/profile/", {**DETAILS, "low_stock_at": "9"}).status_code == 303
    merchant = Merchant.objects.get(slug="bo")
    assert (merchant.name, merchant.low_stock_at, merchant.legal_name) == ("安的茶", 9, "Bo 茶行有限公司")
    bad = owner.post("/desk/bo/profile/", {**DETAILS, "name": "x" * 99, "low_stock_at": "many"})
    assert bad.status_code == 422
    assert b"xxxx" in bad.content


def test_the_time_zone_of_the_shop(owner: Client, stranger: Client, ann: Person) -> None:
    page = owner.get("/desk/bo/profile/").content.decode()
    assert '<option value="Asia/Shanghai" selected>' in page
    typed = {**DETAILS, "low_stock_at": "5"}
    for wrong in ("", "Mars/Base", "../../etc/passwd"):
        bad = owner.post("/desk/bo/profile/", {**typed, "zone": wrong})
        assert (bad.status_code, list(bad.context["errors"])) == (422, ["zone"])
    assert Merchant.objects.get(slug="bo").zone == "Asia/Shanghai"
    assert owner.post("/desk/bo/profile/", {**typed, "zone": "America/New_York"}).status_code == 303
    assert Merchant.objects.get(slug="bo").zone == "America/New_York"
    assert (
        '<option value="America/New_York" selected>America/New York' in owner.get("/desk/bo/profile/").content.decode()
    )
    client = signed_in(ann)
    asked = {**DETAILS, "name": "Anne", "slug": "anne", "zone": "Europe/Berlin"}
    assert client.post("/desk/apply/", asked).status_code == 303
    assert Merchant.objects.get(slug="anne").zone == "Europe/Berlin"


def test_inviting_and_accepting(owner: Client, bo: Shop, ann: Person, stranger: Client) -> None:
    page = owner.post("/desk/bo/staff/invite/", {"email": "kim@example.com", "role": "clerk"})
    assert page.status_code == 200
    assert mail.outbox == []  # a worker sends it
    found = re.search(r"http://testserver(/desk/invitation/[^\s/]+/)", page.content.decode())
    assert found is not None
    path = found[1]
    assert path not in owner.get("/desk/bo/staff/").content.decode()
    assert stranger.get(path).status_code == 302
    client = signed_in(ann)
    assert b"Clerk" in client.get(path).content
    assert client.post(path)["Location"] == "/desk/bo/"
    assert client.get(path).status_code == 410
    assert client.post(path).status_code == 410
    assert client.get("/desk/bo/").status_code == 200


def test_seats_through_the_page(owner: Client, bo: Shop, seat: Callable[[str], Client]) -> None:
    clerk = seat("clerk")
    key = Staff.objects.get(role="clerk").pk
    own = Staff.objects.get(role="owner").pk
    assert "b***@example.com" in clerk.get("/desk/bo/staff/").content.decode()
    assert owner.post(f"/desk/bo/staff/{key}/role/", {"role": "finance"}).status_code == 303
    assert Staff.objects.get(pk=key).role == "finance"
    assert owner.post(f"/desk/bo/staff/{own}/remove/").status_code == 409
    assert clerk.post(f"/desk/bo/staff/{own}/remove/").status_code == 403
    assert clerk.post(f"/desk/bo/staff/{key}/remove/")["Location"] == "/desk/"
    assert clerk.get("/desk/bo/").status_code == 404
    owner.post("/desk/bo/staff/invite/", {"email": "kim@example.com", "role": "clerk"})
    invitation = Invitation.objects.get().pk
    again = f"/desk/bo/staff/invitations/{invitation}/resend/"
    page = owner.get("/desk/bo/staff/").content.decode()
    assert "The letter is being sent" in page
    assert again not in page
    Invitation.objects.update(failed="SMTPRecipientsRefused: <b>no such user</b>")
    page = owner.get("/desk/bo/staff/").content.decode()
    assert "The letter could not be delivered" in page
    assert "&lt;b&gt;no such user" in page
    assert again in page
    assert seat("manager").post(again).status_code == 403
    assert owner.post(again).status_code == 303
    assert "The letter is being sent" in owner.get("/desk/bo/staff/").content.decode()
    Invitation.objects.update(sent_at=NOW)
    assert "Letter sent" in owner.get("/desk/bo/staff/").content.decode()
    assert owner.post(f"/desk/bo/staff/invitations/{invitation}/withdraw/").status_code == 303
    assert owner.post("/desk/bo/staff/invite/", {"email": "", "role": ""}).status_code == 422


def test_freight_form(owner: Client, bo: Shop) -> None:
    typed = {
        "name": "标准",
        "by": "count",
        "free_from": "99",
        "rates": "3",
        "r0-first": "1",
        "r0-first_fee": "10",
        "r0-step": "1",
        "r0-step_fee": "2.5",
        "r1-provinces": ["西藏自治区", "青海省"],
        "r1-refused": "1",
        "r2-first_fee": "left blank on purpose",
    }
    assert len(owner.post("/desk/bo/freight/new/", {**typed, "step": "row"}).context["form"]["rates"]) == 4
    assert not FreightTemplate.objects.exists()
    assert owner.post("/desk/bo/freight/new/", typed).status_code == 303
    template = FreightTemplate.objects.get()
    assert (template.is_default, template.free_from) == (True, 9900)
    assert [(r.provinces, r.first_fee, r.step_fee, r.refused) for r in template.rates.all()] == [
        ([], 1000, 250, False),
        (["西藏自治区", "青海省"], 0, 0, True),
    ]
    for more in ({"free_from": "x"}, {"r0-first": "0"}, {"r0-first_fee": "-1"}, {"r1-provinces": "Mars"}, {"by": "x"}):
        page = owner.post(f"/desk/bo/freight/{template.pk}/", {**typed, **more})
        assert page.status_code == 422, more
    assert owner.post(f"/desk/bo/freight/{template.pk}/remove/").status_code == 303
    assert not FreightTemplate.objects.exists()


def test_a_key_is_shown_once(owner: Client, bo: Shop) -> None:
    assert owner.post("/desk/bo/keys/create/", {"name": "", "scopes": []}).status_code == 422
    assert owner.post("/desk/bo/keys/create/", {"name": "x", "scopes": ["staff.edit"]}).status_code == 422
    page = owner.post("/desk/bo/keys/create/", {"name": "stock", "scopes": ["orders.see", "products.edit"]})
    secret = page.context["secret"]
    assert secret in page.content.decode()
    assert page["Cache-Control"] == "no-store"
    assert secret not in owner.get("/desk/bo/keys/").content.decode()
    key = ApiKey.objects.get()
    assert owner.post(f"/desk/bo/keys/{key.pk}/revoke/").status_code == 303
    key.refresh_from_db()
    assert key.revoked_at is not None


def test_answering_once(owner: Client, bo: Shop) -> None:
    question = Question.objects.create(
        product=product_of(bo.merchant), merchant=bo.merchant, text="多大？", asked_at=NOW
    )
    page = f"/desk/bo/questions/{question.pk}/"
    assert owner.post(page, {"text": " "}).status_code == 422
    assert owner.post(page, {"text": "一升"}).status_code == 303
    assert owner.post(page, {"text": "again"}).status_code == 409
    assert "一升" in owner.get("/desk/bo/questions/?tab=answered").content.decode()


def test_replying_once(owner: Client, bo: Shop, order: Order, ann_actor: Actor) -> None:
    ship_order(order.pk, pieces=None, carrier="sf", tracking="SF1234567890123", actor=bo.actor, now=NOW)
    confirm_receipt(order.pk, actor=ann_actor, now=NOW)
    write_review(
        order.lines.get().pk,
        goods=2,
        service=5,
        delivery=5,
        text="坏了 <script>",
        picture_ids=(),
        actor=ann_actor,
        now=NOW,
    )
    review = Review.objects.get()
    page = f"/desk/bo/reviews/{review.pk}/"
    assert b"&lt;script&gt;" in owner.get("/desk/bo/reviews/?tab=low").content
    assert owner.post(page, {"text": ""}).status_code == 422
    assert owner.post(page, {"text": "抱歉"}).status_code == 303
    assert owner.post(page, {"text": "again"}).status_code == 409
    review.refresh_from_db()
    assert review.reply == "抱歉"
