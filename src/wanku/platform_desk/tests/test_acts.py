"""What can be done at the desk: the effect, what a form says when it cannot be, and who may not."""

from collections.abc import Callable

from django.test import Client

from tests.cast import NOW, Shop
from wanku.access.seats import platform_roles_of
from wanku.audit import rules
from wanku.audit.models import Act, Move, RuleVersion
from wanku.catalog.models import Category
from wanku.kinds.stay.models import Place
from wanku.people.models import Person
from wanku.platform_desk.tests.conftest import Market

SignIn = Callable[..., Client]


def test_approving_and_declining(desk: Client, market: Market) -> None:
    url = f"/platform/merchants/{market.applicant.pk}/"
    refused = desk.post(f"{url}decline/", {"because": " "})
    assert refused.status_code == 422
    assert 'id="decide-because-error"' in refused.content.decode()
    market.applicant.refresh_from_db()
    assert market.applicant.state == "applying"

    done = desk.post(f"{url}approve/")
    assert (done.status_code, done["Location"]) == (303, url)
    market.applicant.refresh_from_db()
    assert market.applicant.state == "active"
    assert desk.post(f"{url}approve/").status_code == 409
    assert Act.objects.filter(verb="approve_merchant").count() == 1


def test_what_was_typed_stays(desk: Client, market: Market) -> None:
    url = f"/platform/merchants/{market.bo.merchant.pk}/standing/"
    page = desk.post(url, {"step": "fly", "because": "一个很好的理由"})
    assert page.status_code == 422
    assert "一个很好的理由" in page.content.decode()
    page = desk.post(url, {"step": "suspend", "because": ""})
    assert page.status_code == 422
    assert 'value="suspend" required checked' in page.content.decode()
    desk.post(url, {"step": "suspend", "because": "多次售假"})
    market.bo.merchant.refresh_from_db()
    assert market.bo.merchant.state == "suspended"
    assert "多次售假" in desk.get(f"/platform/merchants/{market.bo.merchant.pk}/").content.decode()


def test_revealing_is_shown_once_and_written_down(desk: Client, ann: Person) -> None:
    url = f"/platform/people/{ann.pk}/"
    assert "ann@example.com" not in desk.post(f"{url}reveal/", {"because": ""}).content.decode()
    assert not Act.objects.exists()
    page = desk.post(f"{url}reveal/", {"because": "买家来电核实"})
    assert "ann@example.com" in page.content.decode()
    assert page["Cache-Control"] == "no-store"
    assert Act.objects.get().verb == "reveal_contact"
    assert "ann@example.com" not in desk.get(url).content.decode()


def test_roles_and_accounts(desk: Client, ann: Person, di: Person) -> None:
    url = f"/platform/people/{ann.pk}/"
    desk.post(f"{url}roles/", {"roles": ["finance", "senior"], "because": "新同事"})
    assert platform_roles_of(ann.pk) == {"finance", "senior"}
    assert desk.post(f"{url}disable/", {"because": "试试看"}).status_code == 409
    desk.post(f"{url}roles/", {"because": "离职"})
    assert desk.post(f"{url}disable/", {"because": "账号被盗"}).status_code == 303
    ann.refresh_from_db()
    assert not ann.is_active
    desk.post(f"{url}enable/", {"because": "已找回"})
    assert Person.objects.filter(pk=ann.pk, is_active=True).exists()
    assert desk.post(f"{url}sign-out/", {"because": "手机丢了"}).status_code == 303
    mine = f"/platform/people/{di.pk}/"
    assert desk.post(f"{mine}roles/", {"roles": ["admin"], "because": "我自己"}).status_code == 409
    assert 'name="roles"' not in desk.get(mine).content.decode()


def test_changing_a_rule(desk: Client) -> None:
    url = "/platform/rules/ship/"
    for typed in (
        {"length": "abc", "unit": "hours", "because": "试试看"},
        {"length": "1.5", "unit": "hours", "because": "试试看"},
        {"length": "-1", "unit": "hours", "because": "试试看"},
        {"length": "9" * 30, "unit": "days", "because": "试试看"},
        {"length": "999999999", "unit": "days", "because": "试试看"},
        {"length": "5", "unit": "moons", "because": "试试看"},
        {"length": "60", "unit": "hours", "because": ""},
    ):
        assert desk.post(url, typed).status_code == 422, typed
    assert not RuleVersion.objects.exists()
    assert desk.post(url, {"length": "72", "unit": "hours", "because": "春节放缓"}).status_code == 303
    assert rules.latest("ship") == 72 * 3600
    page = desk.get(url).content.decode()
    assert "春节放缓" in page
    assert 'value="3"' in page


def test_changing_a_limit(desk: Client) -> None:
    url = "/platform/rules/close_alone/"
    for amount in ("", "abc", "-1", "10.5", "9" * 30, "10001"):
        assert desk.post(url, {"length": amount, "because": "试试看"}).status_code == 422, amount
    assert not RuleVersion.objects.exists()
    assert desk.post(url, {"length": "50", "because": "收紧一点"}).status_code == 303
    assert rules.latest("close_alone") == 50
    page = desk.get(url).content.decode()
    assert "¥50.00" in page and "¥100.00" in page and "收紧一点" in page
    assert "¥50.00" in desk.get("/platform/rules/").content.decode()


def test_editing_categories(desk: Client) -> None:
    data = {
        "name_zh_hans": "茶", "slug": "tea", "position": "1", "return_rule": "no_reason", "return_days": "7",
        "is_open": "on",
    }  # fmt: skip
    assert desk.post("/platform/categories/new/", {**data, "slug": ""}).status_code == 422
    assert desk.post("/platform/categories/new/", {**data, "return_days": "3"}).status_code == 422
    assert desk.post("/platform/categories/new/", {**data, "parent": "77"}).status_code == 422
    assert not Category.objects.exists()
    assert desk.post("/platform/categories/new/", data).status_code == 303
    tea = Category.objects.get()
    again = desk.post("/platform/categories/new/", data)
    assert again.status_code == 422
    assert 'id="id_slug_error"' in again.content.decode()
    desk.post(f"/platform/categories/{tea.pk}/", {**data, "name_en": "Tea", "commission_bp": "500"})
    tea.refresh_from_db()
    assert (tea.names, tea.commission_bp) == ({"zh-hans": "茶", "en": "Tea"}, 500)


def test_stuck_refunds_and_reviews(desk: Client, market: Market) -> None:
    assert desk.post(f"/platform/refunds/{market.stuck.pk}/retry/", {"because": "已联系银行"}).status_code == 303
    market.stuck.refresh_from_db()
    assert market.stuck.state == "created"
    assert desk.post(f"/platform/refunds/{market.stuck.pk}/retry/", {"because": "again"}).status_code == 409

    hide = f"/platform/reviews/{market.review.pk}/hide/"
    assert desk.post(hide, {"because": ""}).status_code == 422
    assert desk.post(hide, {"because": "含联系方式广告"}).status_code == 303
    market.review.refresh_from_db()
    assert market.review.hidden_because == "含联系方式广告"
    assert "含联系方式广告" in desk.get("/platform/reviews/?view=hidden").content.decode()
    desk.post(f"/platform/reviews/{market.review.pk}/restore/", {"because": "误判"})
    market.review.refresh_from_db()
    assert market.review.hidden_because == ""


def test_outsiders(client: Client, bo: Shop, ann: Person) -> None:
    answer = client.get("/platform/")
    assert answer["Location"] == "/account/login/?next=%2Fplatform%2F"
    for person in (ann, bo.owner):
        client.force_login(person)
        assert client.get("/platform/").status_code == 403
        assert client.post(f"/platform/merchants/{bo.merchant.pk}/standing/", {"step": "restore"}).status_code == 403
    assert not Move.objects.exists()


def test_each_role_sees_its_places_only(seated: SignIn, market: Market) -> None:
    places = {
        "first_line": {"merchants", "orders", "clocks", "rules"},
        "senior": {"merchants", "orders", "clocks", "rules", "people", "staff"},
        "arbitrator": {"merchants", "orders", "clocks", "rules", "people", "staff", "reviews"},
        "finance": {"merchants", "orders", "clocks", "rules", "refunds", "ledger", "audit"},
        "operations": {
            "merchants",
            "orders",
            "clocks",
            "rules",
            "people",
            "staff",
            "reviews",
            "categories",
            "audit",
            "places",
        },
    }
    every = set().union(*places.values())
    for role, allowed in places.items():
        browser = seated(role)
        page = browser.get("/platform/").content.decode()
        shown = {name for name in every if f'class="desk-link" href="/platform/{name}/"' in page}
        assert shown == allowed, role
        for name in every:
            assert browser.get(f"/platform/{name}/").status_code == (200 if name in allowed else 403), (role, name)


def test_money_of_a_shop_and_of_a_trade_is_for_those_who_see_the_ledger(seated: SignIn, market: Market) -> None:
    shop, trade = f"/platform/merchants/{market.bo.merchant.pk}/", f"/platform/trades/{market.received.trade_id}/"
    support, finance = seated("first_line"), seated("finance")
    assert "release:" not in support.get(trade).content.decode()
    assert "release:" in finance.get(trade).content.decode()
    assert "¥192.06" not in support.get(shop).content.decode()
    assert "¥192.06" in finance.get(shop).content.decode()
    assert 'name="step"' not in finance.get(shop).content.decode()
    assert f"/platform/people/{market.ann.pk}/" not in support.get(trade).content.decode()


def test_now_is_the_door_s(desk: Client, market: Market) -> None:
    desk.post(f"/platform/merchants/{market.applicant.pk}/approve/")
    assert Act.objects.get(verb="approve_merchant").at == NOW


def test_editing_destinations(desk: Client) -> None:
    data = {"name": "杭州", "name_en": "Hangzhou", "is_shown": "on"}
    assert desk.post("/platform/places/new/", {**data, "name": ""}).status_code == 422
    assert not Place.objects.exists()
    assert desk.post("/platform/places/new/", data).status_code == 303
    again = desk.post("/platform/places/new/", {"name": "苏州", "name_en": "hangzhou", "is_shown": "on"})
    assert again.status_code == 422 and 'id="id_name_en_error"' in again.content.decode()
    place = Place.objects.get()
    assert (
        desk.post(f"/platform/places/{place.pk}/", {"name": "杭州西湖", "name_zh_hant": "杭州西湖區"}).status_code
        == 303
    )
    place.refresh_from_db()
    assert (place.name, place.names, place.is_hidden) == ("杭州西湖", {"zh-hant": "杭州西湖區"}, True)
    listed = desk.get("/platform/places/").content.decode()
    assert "杭州西湖區" in listed and f"/platform/places/{place.pk}/" in listed
    form = desk.get(f"/platform/places/{place.pk}/").content.decode()
    assert 'value="杭州西湖區"' in form
    assert desk.get("/platform/places/999999/").status_code == 404
