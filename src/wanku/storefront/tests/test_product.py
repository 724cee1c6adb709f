"""A product's page: what it promises, what it costs, who may see it, and asking."""

import uuid
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from tests.cast import NOW, Shop, category_of, supply_of, variant_of
from wanku.catalog.models import Product, ProductPicture, Question
from wanku.inventory.models import Supply
from wanku.people.models import Person
from wanku.pricing.models import FreightRate, FreightTemplate
from wanku.storefront.read.terms import promise, return_words

pytestmark = pytest.mark.django_db
Make = Callable[..., Product]


@pytest.fixture
def pot(bo: Shop, make_product: Make) -> Product:
    """A pot in two sizes with an extra, and freight by pieces."""
    template = FreightTemplate.objects.create(merchant=bo.merchant, name="x", free_from=30000, is_default=True)
    FreightRate.objects.create(template=template, first=1, first_fee=800, step=1, step_fee=200)
    pot = make_product(
        bo.merchant,
        prices=(9900, 12900),
        add_ons=(("礼盒", 1500),),
        slug="pot",
        parameters=[{"name": "材质", "value": "陶瓷"}],
        description="一把<b>好</b>壶",
    )
    for place in range(2):
        ProductPicture.objects.create(product=pot, picture_id=uuid.uuid4(), position=place)
    for place in range(7):
        make_product(bo.merchant, f"别的壶{place}")
    return pot


def test_the_page_leaves_no_doubt(
    client: Client, pot: Product, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    # the catalogue's version, by which the page is kept; product, variants, offers, pictures, two for freight, two for
    # related, two for questions (one when there are none), one for reviews, and the tree
    with django_assert_num_queries(14):
        response = client.get("/p/bo/pot/")
    text = response.text
    for part in ("白瓷茶壶", "¥99.00", "礼盒", "+¥15.00", "材质", "48 小时内发货", "7 天无理由退货", "别的壶"):
        assert part in text, part
    assert "一把&lt;b&gt;好" in text
    assert "暂无评价" in text
    assert "107" in text, "one piece and its freight"


def test_the_price_follows_what_is_chosen(client: Client, pot: Product) -> None:
    big, extra = variant_of(pot, 1), pot.add_ons.get()
    text = client.get(f"/p/bo/pot/?variant={big.pk}&quantity=2&add_on={extra.pk}").text
    cost = text[text.index('id="cost"') : text.index("</section>", text.index('id="cost"'))]
    for amount in ("¥258.00", "¥30.00", "¥10.00", "298"):
        assert amount in cost, amount
    free = client.get(f"/p/bo/pot/?variant={big.pk}&quantity=3").text
    assert "满" in free or "Free from" in free


def test_options_without_script_are_links(client: Client, pot: Product) -> None:
    text = client.get("/p/bo/pot/").text
    assert f'href="?variant={variant_of(pot, 1).pk}"' in text


def test_what_is_sold_out_cannot_be_bought_but_the_next_is_offered(client: Client, pot: Product) -> None:
    small, big = variant_of(pot, 0), variant_of(pot, 1)
    Supply.objects.filter(pk=supply_of(small).pk).update(free=0, put_in=0)
    text = client.get("/p/bo/pot/").text
    assert f'name="variant" value="{big.pk}"' in text
    text = client.get(f"/p/bo/pot/?variant={small.pk}").text
    assert text.count("data-buy disabled") + text.count("disabled>") >= 2


def test_drafts_are_for_their_own_shop_and_the_platform(
    client: Client, pot: Product, bo: Shop, cy: Shop, di: Person, ann: Person
) -> None:
    Product.objects.filter(pk=pot.pk).update(state="off")
    assert client.get("/p/bo/pot/").status_code == 404
    for person, status in ((ann, 404), (cy.owner, 404), (bo.owner, 200), (di, 200)):
        client.force_login(person)
        assert client.get("/p/bo/pot/").status_code == status
    assert "商品未上架" in client.get("/p/bo/pot/").text


@pytest.mark.parametrize(
    "query",
    [
        "variant=abc&quantity=-1&add_on=x",
        "variant=99999999999999999999&quantity=999999999999&add_on=99999999999999999999",
        "reviews=x&questions=-3&show=<script>",
        "quantity=0",
        "quantity=²",
    ],
)
def test_hostile_parameters_never_break_the_page(client: Client, pot: Product, query: str) -> None:
    response = client.get(f"/p/bo/pot/?{query}")
    assert response.status_code == 200
    assert "show=<script>" not in response.text
    assert pot.title in response.text


def test_a_nul_in_the_address_is_refused_at_the_door(client: Client, pot: Product) -> None:
    assert client.get("/p/bo/pot/?variant=%00&quantity=%00").status_code == 404


def test_data_for_the_script_cannot_end_its_element(client: Client, pot: Product) -> None:
    Product.objects.filter(pk=pot.pk).update(options=[{"name": "</script><b>", "values": ["1号", "2号"]}])
    text = client.get("/p/bo/pot/").text
    assert "</script><b>" not in text
    assert "\\u003C/script\\u003E" in text


def test_the_csrf_token_leaves_the_address(client: Client, pot: Product) -> None:
    response = client.get("/p/bo/pot/?csrfmiddlewaretoken=secret&quantity=2")
    assert response.status_code == 302
    assert response["Location"].endswith("/p/bo/pot/?quantity=2")


def test_asking_in_public(client: Client, pot: Product, ann: Person) -> None:
    client.force_login(ann)
    response = client.post("/p/bo/pot/ask", {"text": "壶盖会漏水吗？"})
    assert response.status_code == 302
    assert "壶盖会漏水吗？" in client.get("/p/bo/pot/").text


def test_a_refused_question_stays_typed(client: Client, pot: Product, ann: Person) -> None:
    client.force_login(ann)
    long = "长" * 400
    response = client.post("/p/bo/pot/ask", {"text": long})
    assert response.status_code == 422
    assert long in response.text
    assert "field-error" in response.text
    assert not Question.objects.exists()


def test_a_stranger_is_asked_to_sign_in(client: Client, pot: Product) -> None:
    response = client.post("/p/bo/pot/ask", {"text": "壶盖会漏水吗？"})
    assert response.status_code == 302
    assert "login" in response["Location"]
    assert not Question.objects.filter(product=pot).exists()


def test_hidden_questions_are_not_shown(client: Client, pot: Product, ann: Person) -> None:
    for text, hidden in (("看得见", False), ("看不见", True)):
        Question.objects.create(
            product=pot, merchant=pot.merchant, asker=ann, text=text, asked_at=NOW, is_hidden=hidden, answer="好"
        )
    page = client.get("/p/bo/pot/").text
    assert "看得见" in page
    assert "看不见" not in page


def test_return_terms_in_plain_words() -> None:
    assert return_words({"rule": "no_reason", "days": 15}).kind_to_buyer
    assert not return_words({"rule": "never", "days": 7}).kind_to_buyer
    assert return_words({"rule": "excludable", "days": 7}).kind == "excludable"
    assert category_of(return_rule="never").return_rule == "never"


def test_a_promise_counts_from_now_in_the_readers_zone() -> None:
    late_evening = datetime(2026, 5, 1, 15, 0, tzinfo=UTC)  # 23:00 in Shanghai
    found = promise(48, (2, 5), late_evening)
    assert (found.first.isoformat(), found.last.isoformat()) == ("2026-05-03", "2026-05-08")
    assert found.ship_by == late_evening + timedelta(hours=48)
    assert not found.is_presale
    assert promise(240, (2, 5), late_evening).is_presale
