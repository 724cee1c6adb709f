"""Kept pages: the same for everybody, with each reader's own parts, and never older than they say."""

import gzip
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from tests.cast import PASSWORD, Shop, product_of, supply_of, variant_of
from wanku.access.actor import Actor
from wanku.catalog.models import Product
from wanku.flows.buying.fill_cart import fill_cart
from wanku.inventory.models import Supply
from wanku.merchants.models import Merchant
from wanku.people.models import Person
from wanku.storefront.kept import PAGES
from wanku.storefront.tests.shopping import guest_browser, member_browser
from wanku.ui.kept.page import Pages
from wanku.ui.middleware import ZONE_COOKIE

pytestmark = pytest.mark.django_db
PAGE = "/p/bo/pot/"


@pytest.fixture
def pot(bo: Shop) -> Product:
    """A pot in two sizes."""
    return product_of(bo.merchant, prices=(9900, 12900), slug="pot")


@pytest.fixture
def drawn(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Addresses of pages that were drawn, in order."""
    found: list[str] = []
    real = Pages._make

    def make(self: Pages, request: Any, draw: Any, now: float) -> Any:
        found.append(request.get_full_path())
        return real(self, request, draw, now)

    monkeypatch.setattr(Pages, "_make", make)
    return found


def token_of(response: Any) -> str:
    """The token that the page's forms send."""
    return str(re.findall(r'name="csrfmiddlewaretoken" value="(\w{64})"', response.text)[0])


def test_every_page_is_drawn_once(client: Client, pot: Product, drawn: list[str]) -> None:
    addresses = ["/", "/c/home/", "/search?sort=newest", "/s/bo/", PAGE]
    for _ in range(3):
        for address in addresses:
            response = client.get(address)
            assert response.status_code == 200
            assert "白瓷茶壶" in response.text
            assert not re.search("[\ue000\ue001]", response.text), "no mark is left"
    assert len(drawn) == len(addresses)


def test_a_warm_page_costs_a_stranger_no_query(
    client: Client, pot: Product, monkeypatch: pytest.MonkeyPatch, django_assert_num_queries: Any
) -> None:
    monkeypatch.setattr(PAGES, "poll", 60.0)
    monkeypatch.setattr(PAGES, "check", 60.0)
    for address in ("/", "/c/home/", "/s/bo/", PAGE):
        client.get(address)
        with django_assert_num_queries(0):
            assert client.get(address).status_code == 200
    monkeypatch.setattr(PAGES, "poll", 0.0)
    monkeypatch.setattr(PAGES, "check", 0.0)
    for address in ("/", "/c/home/", "/s/bo/", PAGE):
        with django_assert_num_queries(2):  # the catalogue's version, and whether what is shown still holds
            assert client.get(address).status_code == 200


def test_readers_see_their_own_things_alone(
    pot: Product, ann: Person, ann_actor: Actor, guest_actor: Actor, drawn: list[str]
) -> None:
    eve = Person.objects.create_user(email="eve@example.com", password=PASSWORD, name="Eve <b>")
    fill_cart(variant_of(pot).pk, 3, (), actor=ann_actor, now=pot.created_at)
    fill_cart(variant_of(pot).pk, 7, (), actor=guest_actor, now=pot.created_at)
    browsers = {"ann": member_browser(ann), "eve": member_browser(eve), "guest": guest_browser(guest_actor)}
    browsers["stranger"] = Client()
    pages = {name: browser.get(PAGE) for name, browser in browsers.items()}
    assert len(drawn) == 2, "one for members, one for the others"
    count = '<span class="count count-primary">%s</span>'
    for name, cart in {"ann": 3, "eve": 0, "guest": 7, "stranger": 0}.items():
        shown = {n for n in (3, 7) if count % n in pages[name].text}
        assert shown == ({cart} if cart else set()), name
    assert [name for name, page in pages.items() if ">Ann<" in page.text] == ["ann"]
    assert [name for name, page in pages.items() if "Eve &lt;b&gt;" in page.text] == ["eve"]
    assert [name for name, page in pages.items() if "/account/logout/" in page.text] == ["ann", "eve"]
    assert len({token_of(page) for page in pages.values()}) == 4
    assert len({page["ETag"] for page in pages.values()}) == 4
    for page in pages.values():
        assert page["Cache-Control"] == "private, no-cache"
        assert "Cookie" in page["Vary"]


def test_the_token_of_a_kept_page_is_good_for_its_reader_alone(pot: Product, drawn: list[str]) -> None:
    first, second = Client(enforce_csrf_checks=True), Client(enforce_csrf_checks=True)
    tokens = [token_of(browser.get(PAGE)) for browser in (first, second)]
    again = token_of(first.get(PAGE))
    assert len(drawn) == 1
    body = {"variant": variant_of(pot).pk, "quantity": 1}
    assert second.post("/cart/add/", {**body, "csrfmiddlewaretoken": tokens[0]}).status_code == 403
    assert first.post("/cart/add/", {**body, "csrfmiddlewaretoken": again}).status_code == 302
    assert second.post("/cart/add/", {**body, "csrfmiddlewaretoken": tokens[1]}).status_code == 302
    assert 'hx-headers=\'{"X-CSRFToken": "' in first.get(PAGE).text


def test_what_waits_to_be_said_is_said_once_to_its_reader(pot: Product, ann: Person, drawn: list[str]) -> None:
    browser, other = member_browser(ann), Client()
    browser.get(PAGE)
    browser.post(f"{PAGE}ask", {"text": "能装多少水？"})
    said = "问题已提交"
    assert said in browser.get(PAGE).text
    assert said not in browser.get(PAGE).text
    assert said not in other.get(PAGE).text
    assert "能装多少水" in other.get(PAGE).text


def test_each_language_and_zone_has_its_own(client: Client, pot: Product, drawn: list[str]) -> None:
    seen = []
    for language in ("zh-hans", "zh-hant", "en"):
        client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
        seen.append(client.get(PAGE).text)
    assert [re.findall('<html lang="([^"]+)"', text) for text in seen] == [["zh-Hans"], ["zh-Hant"], ["en"]]
    client.cookies[ZONE_COOKIE] = "America/New_York"
    client.get(PAGE)
    client.cookies[ZONE_COOKIE] = "No/Such"
    client.get(PAGE)
    assert len(drawn) == 4, "a zone that does not exist is the platform's"


def test_a_shop_sees_its_draft_and_nobody_else_does(pot: Product, bo: Shop, cy: Shop, drawn: list[str]) -> None:
    Product.objects.filter(pk=pot.pk).update(state="off")
    owner = member_browser(bo.owner)
    assert owner.get(PAGE).status_code == 200
    assert member_browser(cy.owner).get(PAGE).status_code == 404
    assert Client().get(PAGE).status_code == 404
    assert drawn == [PAGE], "people of desks get no kept page; for the stranger nothing was there to keep"
    assert len(PAGES.plain) == 0


@pytest.mark.parametrize(
    "change", ["stock", "sold out elsewhere", "rating", "answer", "review hidden", "price", "category", "shop"]
)
def test_what_changes_is_drawn_anew(
    client: Client, pot: Product, ann_actor: Actor, drawn: list[str], change: str, review_of: Any
) -> None:
    other = product_of(pot.merchant, "别的壶")
    review = review_of(pot, ann_actor)
    question = pot.questions.create(merchant=pot.merchant, text="问", asked_at=pot.created_at)
    client.get(PAGE)
    client.get(PAGE)
    assert len(drawn) == 1
    match change:
        case "stock":
            Supply.objects.filter(pk=supply_of(variant_of(pot)).pk).update(free=4, put_in=5)
        case "sold out elsewhere":
            Supply.objects.filter(pk=supply_of(variant_of(other)).pk).update(free=0, put_in=0)
        case "rating":
            Product.objects.filter(pk=pot.pk).update(rating_sum=5, rating_count=1)
        case "answer":
            pot.questions.filter(pk=question.pk).update(answer="一升", answered_at=pot.created_at)
        case "review hidden":
            type(review).objects.filter(pk=review.pk).update(hidden_because="广告")
        case "price":
            pot.variants.update(price=8800)
        case "category":
            pot.category.names = {"zh-hans": "厨房"}
            pot.category.save()
        case "shop":
            Merchant.objects.filter(pk=pot.merchant_id).update(name="新名字")
    client.get(PAGE)
    client.get(PAGE)
    assert len(drawn) == 2


def test_a_grid_says_what_is_sold_out(client: Client, pot: Product, drawn: list[str]) -> None:
    assert "已售罄" not in client.get("/c/home/").text
    Supply.objects.filter(key__in=[v.supply_key for v in pot.variants.all()]).update(free=0, put_in=0)
    assert "已售罄" in client.get("/c/home/").text
    assert len(drawn) == 2


def test_within_a_second_stock_is_not_asked_for(
    client: Client, pot: Product, monkeypatch: pytest.MonkeyPatch, drawn: list[str]
) -> None:
    """Control of the test above: it is the check that notices, and it is not made with every look."""
    monkeypatch.setattr(PAGES, "check", 60.0)
    client.get("/c/home/")
    Supply.objects.filter(key__in=[v.supply_key for v in pot.variants.all()]).update(free=0, put_in=0)
    assert "已售罄" not in client.get("/c/home/").text
    assert len(drawn) == 1


def test_an_unchanged_page_is_answered_in_a_line(client: Client, pot: Product) -> None:
    first = client.get(PAGE)
    tag = first["ETag"]
    assert tag.startswith('W/"')
    for asked in (tag, f'"other", {tag}', tag.removeprefix("W/")):
        response = client.get(PAGE, headers={"If-None-Match": asked})
        assert (response.status_code, response.content, response["ETag"]) == (304, b"", tag)
        assert "Content-Security-Policy" in response
    assert client.get(PAGE, headers={"If-None-Match": 'W/"other"'}).status_code == 200


def test_what_belongs_to_another_is_never_unchanged(pot: Product, ann: Person, client: Client) -> None:
    tag = client.get(PAGE)["ETag"]
    browser = member_browser(ann)
    own = browser.get(PAGE, headers={"If-None-Match": tag})
    assert own.status_code == 200
    assert browser.get(PAGE, headers={"If-None-Match": own["ETag"]}).status_code == 304
    # A browser whose cookie is another by now would send forms that are refused.
    client.cookies.clear()
    assert client.get(PAGE, headers={"If-None-Match": tag}).status_code == 200


def test_a_full_cart_is_a_change(pot: Product, guest_actor: Actor) -> None:
    browser = guest_browser(guest_actor)
    tag = browser.get(PAGE)["ETag"]
    fill_cart(variant_of(pot).pk, 2, (), actor=guest_actor, now=pot.created_at)
    response = browser.get(PAGE, headers={"If-None-Match": tag})
    assert response.status_code == 200
    assert '<span class="bubble">2</span>' in browser.get("/").text


@pytest.mark.parametrize(
    ("accepts", "packed"),
    [("gzip, deflate, br, zstd", True), ("GZIP;q=0.5", True), ("", False), ("gzip;q=0", False), ("br", False)],
)
def test_packed_for_who_takes_it(client: Client, pot: Product, accepts: str, packed: bool) -> None:
    response = client.get(PAGE, headers={"Accept-Encoding": accepts})
    assert (response.get("Content-Encoding") == "gzip") is packed
    body = gzip.decompress(response.content) if packed else response.content
    assert pot.title in body.decode()
    assert "Accept-Encoding" in response["Vary"]
    if packed:
        assert len(response.content) < len(body) / 3


def test_a_crowd_of_addresses_stays_within_bounds(client: Client, pot: Product, monkeypatch: Any) -> None:
    client.get(PAGE)
    monkeypatch.setattr(PAGES.asked, "_bytes_max", 200_000)
    for number in range(12):
        assert client.get(f"{PAGE}?quantity={number}").status_code == 200
    assert PAGES.asked.bytes_kept <= 200_000
    assert len(PAGES.plain) == 1, "what few ask for takes no room from what many ask for"
    assert client.get(f"{PAGE}?x={'y' * 400}").status_code == 200


def test_what_is_not_there_is_not_kept(client: Client, bo: Shop) -> None:
    assert client.get("/p/bo/later/").status_code == 404
    product_of(bo.merchant, "迟到的壶", slug="later")
    assert client.get("/p/bo/later/").status_code == 200
    Merchant.objects.filter(pk=bo.merchant.pk).update(state="suspended")
    assert client.get("/p/bo/later/").status_code == 404


@pytest.fixture
def review_of(bo: Shop) -> Callable[[Product, Actor], Any]:
    """Writes a review of a product by its buyer."""
    from tests.bought import paid
    from wanku.reviews.models import Review

    def write(product: Product, actor: Actor) -> Review:
        order = paid(actor, (product, 1), now=product.created_at)[0]
        return Review.objects.create(
            line=order.lines.get(), order=order, merchant_id=bo.merchant.pk, product_id=product.pk, author_name="A",
            goods=5, service=5, delivery=5, text="好", written_at=product.created_at,
        )  # fmt: skip

    return write
