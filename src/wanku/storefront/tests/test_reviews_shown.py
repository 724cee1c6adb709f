"""Reviews on a product's page: counted, filtered, never quietly gone."""

import uuid
from collections.abc import Callable

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from tests.bought import placed
from tests.cast import NOW, Shop
from wanku.access.actor import Actor
from wanku.catalog.models import Product
from wanku.orders.models import Line
from wanku.reviews.models import Review, ReviewPicture
from wanku.storefront.read.reviews import product_reviews

pytestmark = pytest.mark.django_db
Make = Callable[..., Product]


def bought(product: Product, actor: Actor) -> Line:
    return Line.objects.get(order__trade=placed(actor, (product, 1)))


@pytest.fixture
def pot(bo: Shop, make_product: Make, guest_actor: Actor) -> Product:
    """A pot with five reviews: two good ones, one of them with a picture, and one that is hidden."""
    pot = make_product(bo.merchant, slug="pot")
    for goods, text, hidden in (
        (5, "很好", ""),
        (4, "好看", ""),
        (3, "一般", ""),
        (1, "坏了", ""),
        (1, "骂人", "广告"),
    ):
        line = bought(pot, guest_actor)
        review = Review.objects.create(
            line=line,
            order=line.order,
            merchant_id=bo.merchant.pk,
            product_id=pot.pk,
            author_name="安***",
            goods=goods,
            service=5,
            delivery=5,
            text=text,
            written_at=NOW,
            hidden_because=hidden,
            reply="抱歉，给您换一个" if goods == 1 else "",
            replied_at=NOW if goods == 1 else None,
        )
        if goods == 5:
            ReviewPicture.objects.create(review=review, picture_id=uuid.uuid4(), position=0)
    return pot


def test_the_distribution_counts_what_is_not_hidden(
    pot: Product, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(3):
        found = product_reviews(pot.pk, page="1", chosen="all")
    assert [(bar.score, bar.count, bar.share) for bar in found.bars] == [
        (5, 1, 25),
        (4, 1, 25),
        (3, 1, 25),
        (2, 0, 0),
        (1, 1, 25),
    ]
    assert (found.total, found.mean) == (4, 3.25)
    assert found.counts == {"all": 5, "pictures": 1, "good": 2, "middling": 1, "poor": 1}


@pytest.mark.parametrize(("chosen", "count"), [("all", 5), ("pictures", 1), ("good", 2), ("poor", 1), ("nonsense", 5)])
def test_chosen_kinds(pot: Product, chosen: str, count: int) -> None:
    assert len(product_reviews(pot.pk, page="1", chosen=chosen).shown) == count


def test_the_page_shows_them_and_says_why_one_is_hidden(client: Client, pot: Product) -> None:
    text = client.get("/p/bo/pot/").text
    assert "很好" in text
    assert "抱歉，给您换一个" in text
    assert "骂人" not in text
    assert "这条评价已屏蔽：广告" in text


def test_reviewed_products_stand_on_the_start_page(
    client: Client, pot: Product, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    # one query more than without reviews: the products they praise
    with django_assert_num_queries(10):
        text = client.get("/").text
    assert "买家说" in text
    assert text.count(f"/p/bo/{pot.slug}/#reviews") == 1


def test_nothing_to_show_is_one_query(pot: Product, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    with django_assert_num_queries(1):
        assert product_reviews(pot.pk + 1, page="1", chosen="all").mean is None
