"""The cast of every test: buyers Ann and Guest, merchants Bo and Cy, operator Di, and goods to sell."""

import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pytest
from django.core.cache import cache

from wanku.access.actor import Actor
from wanku.access.models import PlatformRole, PlatformSeat
from wanku.audit import rules
from wanku.catalog.models import AddOn, Category, Product, ProductState, Variant
from wanku.flows.buying.place_orders import SHELF
from wanku.inventory.gone import GONE
from wanku.inventory.models import Supply
from wanku.merchants.models import Merchant, Staff, StaffRole
from wanku.payments import accounts
from wanku.people.models import Person
from wanku.storefront.kept import PAGES

NOW = datetime(2026, 11, 11, 2, 0, tzinfo=UTC)
"""Singles' Day, ten in the morning in Shanghai."""
PASSWORD = "correct horse battery 1"
ADDRESS = {
    "name": "安小姐",
    "phone": "+8613800138000",
    "province": "浙江省",
    "city": "杭州市",
    "district": "西湖区",
    "line": "文三路 1 号",
    "postcode": "310012",
}


@dataclass(frozen=True, slots=True)
class Shop:
    """A merchant with its owner and the actor that works at its desk."""

    merchant: Merchant
    owner: Person
    actor: Actor


@pytest.fixture(autouse=True)
def _fresh_memory() -> None:
    """What a process keeps of one test's database is not true of the next: some tests give out the same ids again, and
    all of them sign in from one address, which may fail ten times a minute.
    """
    cache.clear()
    rules.forget()
    accounts.forget()
    SHELF.forget()
    GONE.forget()


@pytest.fixture(autouse=True)
def _no_kept_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every page asks at once whether what is kept still holds; tests of the times in between set them."""
    PAGES.forget()
    monkeypatch.setattr(PAGES, "poll", 0.0)
    monkeypatch.setattr(PAGES, "check", 0.0)


@pytest.fixture
def ann(db: None) -> Person:
    """A member."""
    return Person.objects.create_user(email="ann@example.com", password=PASSWORD, name="Ann")


@pytest.fixture
def ann_actor(ann: Person) -> Actor:
    """Ann at the storefront."""
    return Actor(person_id=ann.pk)


@pytest.fixture
def guest_actor() -> Actor:
    """Somebody without an account."""
    return Actor(guest_key=uuid.UUID("00000000-0000-4000-8000-000000000007"))


@pytest.fixture
def other_actor(db: None) -> Actor:
    """A member who owns nothing of what the test is about."""
    eve = Person.objects.create_user(email="eve@example.com", password=PASSWORD, name="Eve")
    return Actor(person_id=eve.pk)


@pytest.fixture
def bo(db: None) -> Shop:
    """A shop for tea."""
    return open_shop("bo", "Bo 茶行")


@pytest.fixture
def cy(db: None) -> Shop:
    """A shop for bags."""
    return open_shop("cy", "Cy 箱包")


@pytest.fixture
def di(db: None) -> Person:
    """An operator with every platform role."""
    person = Person.objects.create_user(email="di@example.com", password=PASSWORD, name="Di")
    PlatformSeat.objects.bulk_create(PlatformSeat(person=person, role=role, since=NOW) for role in PlatformRole)
    return person


@pytest.fixture
def di_actor(di: Person) -> Actor:
    """Di at the platform desk."""
    return Actor(person_id=di.pk, platform=frozenset(PlatformRole))


@pytest.fixture
def make_product(db: None) -> Callable[..., Product]:
    """`product_of` as a fixture, for tests that cannot import this module."""
    return product_of


def open_shop(slug: str, name: str, state: str = "active") -> Shop:
    """A merchant in a standing, with an owner."""
    owner = Person.objects.create_user(email=f"{slug}@example.com", password=PASSWORD, name=slug.title())
    merchant = Merchant.objects.create(
        slug=slug,
        name=name,
        legal_name=f"{name}有限公司",
        credit_code="91350100M000100Y43",
        contact_name=slug.title(),
        contact_phone="+8613900139000",
        contact_email=f"{slug}@example.com",
        applied_at=NOW,
        state=state,
    )
    Staff.objects.create(merchant=merchant, person=owner, role=StaffRole.OWNER, since=NOW)
    actor = Actor(person_id=owner.pk, seats={merchant.pk: StaffRole.OWNER.value}, merchant_id=merchant.pk)
    return Shop(merchant, owner, actor)


def category_of(slug: str = "home", **fields: Any) -> Category:
    """A category, made once."""
    names = {"zh-hans": "家居", "zh-hant": "家居", "en": "Home"}
    return Category.objects.get_or_create(slug=slug, defaults={"path": slug, "names": names, **fields})[0]


def product_of(
    merchant: Merchant,
    title: str = "白瓷茶壶",
    *,
    prices: Sequence[int] = (9900,),
    stock: int = 10,
    add_ons: Sequence[tuple[str, int]] = (),
    category: Category | None = None,
    **fields: Any,
) -> Product:
    """A product on sale with a variant per price, each with ``stock`` pieces."""
    number = Product.objects.count() + 1
    many = len(prices) > 1
    product = Product.objects.create(
        merchant=merchant,
        category=category or category_of(),
        slug=fields.pop("slug", f"p{number}"),
        title=title,
        state=fields.pop("state", ProductState.ON_SALE),
        options=[{"name": "款式", "values": [f"{i + 1}号" for i in range(len(prices))]}] if many else [],
        price_min=min(prices),
        price_max=max(prices),
        created_at=NOW,
        updated_at=NOW,
        listed_at=NOW,
        **fields,
    )
    for index, price in enumerate(prices):
        variant = Variant.objects.create(
            product=product,
            merchant=merchant,
            sku=f"SKU-{number}-{index + 1}",
            values=[f"{index + 1}号"] if many else [],
            price=price,
            weight_g=500,
            position=index,
        )
        Supply.objects.create(merchant=merchant, key=variant.supply_key, free=stock, put_in=stock)
    for index, (name, price) in enumerate(add_ons):
        AddOn.objects.create(product=product, name=name, price=price, position=index)
    return product


def variant_of(product: Product, index: int = 0) -> Variant:
    """A variant of a product."""
    return product.variants.all()[index]


def supply_of(variant: Variant) -> Supply:
    """The stock of a variant as it is in the database now."""
    return Supply.objects.get(key=variant.supply_key)
