"""The shop that is measured: 20 merchants, 2,500 products, 10,000 SKUs with stock that never ends."""

import time
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from django.db import connection
from django.urls import reverse
from django.utils import timezone

from wanku.catalog.models import Category, Product, ProductPicture, ProductState, Variant
from wanku.files.models import WIDTHS, Picture
from wanku.inventory.models import StockLog, Supply
from wanku.merchants.models import Merchant
from wanku.pricing.load import load_quote
from wanku.pricing.models import FreightRate, FreightTemplate
from wanku.pricing.quote import Wish

MERCHANTS = 20
SKUS_EACH = 500
VARIANTS_EACH = 4
SKUS = MERCHANTS * SKUS_EACH
STOCK = 1_000_000_000
PIECES = 500
FLASH_PRICE = 19_900
FREIGHT = 800
PROVINCE = "浙江省"
HOT = (1, 2)
"""The pair of SKUs that everybody wants."""
WORDS = ["白瓷", "茶壶", "亚麻", "衬衫", "手冲", "咖啡", "竹编", "收纳", "羊毛", "围巾", "便携", "水壶", "护眼", "台灯"]
SEARCH = "UPDATE catalog_product SET words = to_tsvector('simple', title), search_text = title"

Pair = tuple[int, int]


def price_of(variant_id: int) -> int:
    """What a variant costs, minor units; bench/sql says the same to pgbench."""
    return 990 + variant_id * 37 % 500 * 100


def total_of(pair: Pair) -> int:
    """What one piece of each of two SKUs of one merchant costs with its freight, minor units."""
    return price_of(pair[0]) + price_of(pair[1]) + FREIGHT


def random_pairs(seed: int) -> Iterator[Pair]:
    """Two different SKUs of one merchant, for ever; pgbench draws from the same."""
    draw = Random(seed)
    while True:
        first = draw.randrange(MERCHANTS) * SKUS_EACH + 1
        a, b = draw.sample(range(first, first + SKUS_EACH), 2)
        yield a, b


def hot_pairs() -> Iterator[Pair]:
    """The same two SKUs, for ever."""
    while True:
        yield HOT


@dataclass(frozen=True, slots=True)
class Shop:
    """What was filled.

    Attributes:
        product_paths, list_paths: where all products and categories are shown, in random order.
        flash: the variant of which there are `PIECES` only.
        seconds: how long filling took.
    """

    product_paths: tuple[str, ...]
    list_paths: tuple[str, ...]
    flash: int
    seconds: float


def fill(now: datetime) -> Shop:
    """Fill an empty installation. Ids of variants and supplies then run from 1 to `SKUS` alike.

    Raises:
        RuntimeError: it was not empty, or prices are not what pgbench is told.
    """
    began = time.monotonic()
    merchants = _merchants(now)
    categories = _categories()
    products = _products(merchants, categories, now)
    _variants(products, now)
    _pictures(products, now)
    flash = _flash(merchants[0], categories[0], now)
    with connection.cursor() as cursor:
        cursor.execute(SEARCH)
        cursor.execute("ANALYZE")
    _check()
    shown = [reverse("storefront:product", args=[p.merchant.slug, p.slug]) for p in products]
    Random(2).shuffle(shown)
    lists = [f"{reverse('storefront:list', args=[c.path])}?page={page}" for page in (1, 2, 3) for c in categories]
    return Shop(
        product_paths=tuple(shown),
        list_paths=tuple(lists),
        flash=flash,
        seconds=time.monotonic() - began,
    )


def _merchants(now: datetime) -> list[Merchant]:
    rows = [
        Merchant(
            slug=f"shop-{n}",
            name=f"第{n}号店",
            legal_name=f"第{n}号店有限公司",
            credit_code="91350100M000100Y43",
            contact_name="店主",
            contact_phone="+8613900139000",
            contact_email=f"shop-{n}@example.com",
            applied_at=now,
            state="active",
        )
        for n in range(1, MERCHANTS + 1)
    ]
    Merchant.objects.bulk_create(rows)
    templates = FreightTemplate.objects.bulk_create(
        [FreightTemplate(merchant=m, name="全国", by=FreightTemplate.By.COUNT, is_default=True) for m in rows]
    )
    FreightRate.objects.bulk_create(
        [FreightRate(template=t, first=1000, first_fee=FREIGHT, step=1000, step_fee=FREIGHT) for t in templates]
    )
    return rows


def _categories() -> list[Category]:
    return Category.objects.bulk_create(
        [
            Category(
                slug=f"c{n}", path=f"c{n}", names={"zh-hans": f"类目{n}", "zh-hant": f"類目{n}", "en": f"Shelf {n}"}
            )
            for n in range(1, 11)
        ]
    )


def _products(merchants: list[Merchant], categories: list[Category], now: datetime) -> list[Product]:
    draw = Random(1)
    rows = []
    for n in range(SKUS // VARIANTS_EACH):
        variants = range(n * VARIANTS_EACH + 1, (n + 1) * VARIANTS_EACH + 1)
        prices = [price_of(v) for v in variants]
        rows.append(
            Product(
                merchant=merchants[n * VARIANTS_EACH // SKUS_EACH],
                category=categories[n % len(categories)],
                slug=f"p{n + 1}",
                title=f"{''.join(draw.sample(WORDS, 3))} {n + 1}",
                subtitle="每一件都经过检查",
                description="\n\n".join(" ".join(draw.choices(WORDS, k=60)) for _ in range(4)),
                state=ProductState.ON_SALE,
                parameters=[{"name": name, "value": draw.choice(WORDS)} for name in ("材质", "产地", "尺寸", "颜色")],
                options=[{"name": "款式", "values": [f"{i + 1}号" for i in range(VARIANTS_EACH)]}],
                price_min=min(prices),
                price_max=max(prices),
                created_at=now,
                updated_at=now,
                listed_at=now - timedelta(minutes=n),
            )
        )
    return Product.objects.bulk_create(rows, batch_size=500)


def _variants(products: list[Product], now: datetime) -> None:
    variants = Variant.objects.bulk_create(
        [
            Variant(
                product=product,
                merchant=product.merchant,
                sku=f"SKU-{index * VARIANTS_EACH + i + 1}",
                values=[f"{i + 1}号"],
                price=price_of(index * VARIANTS_EACH + i + 1),
                weight_g=500,
                position=i,
            )
            for index, product in enumerate(products)
            for i in range(VARIANTS_EACH)
        ],
        batch_size=1000,
    )
    supplies = Supply.objects.bulk_create(
        [Supply(merchant_id=v.merchant_id, key=v.supply_key, free=STOCK, put_in=STOCK) for v in variants],
        batch_size=1000,
    )
    StockLog.objects.bulk_create(
        [StockLog(supply=s, change=STOCK, because="opening", at=now) for s in supplies], batch_size=1000
    )


def _flash(merchant: Merchant, category: Category, now: datetime) -> int:
    """A product that soon is gone."""
    product = Product.objects.create(
        merchant=merchant,
        category=category,
        slug="flash",
        title="秒杀 白瓷 茶壶",
        state=ProductState.ON_SALE,
        price_min=FLASH_PRICE,
        price_max=FLASH_PRICE,
        created_at=now,
        updated_at=now,
        listed_at=now,
    )
    variant = Variant.objects.create(product=product, merchant=merchant, sku="FLASH", price=FLASH_PRICE, weight_g=500)
    supply = Supply.objects.create(merchant=merchant, key=variant.supply_key, free=PIECES, put_in=PIECES)
    StockLog.objects.create(supply=supply, change=PIECES, because="opening", at=now)
    return variant.pk


def _pictures(products: list[Product], now: datetime) -> None:
    """Rows only: pages name pictures, browsers fetch them."""
    pictures = Picture.objects.bulk_create(
        [
            Picture(
                owner=f"merchant:{p.merchant_id}",
                sha256=uuid.uuid4().bytes * 2,
                width=960,
                height=960,
                widths=list(WIDTHS),
                bytes=60_000,
                created_at=now,
            )
            for p in products
        ],
        batch_size=500,
    )
    ProductPicture.objects.bulk_create(
        [ProductPicture(product=p, picture_id=i.pk, alt=p.title) for p, i in zip(products, pictures, strict=True)],
        batch_size=500,
    )


def _check() -> None:
    """What pgbench is told about ids and prices must be so."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*), min(v.id), max(v.id), count(*) FILTER (WHERE s.id = v.id AND s.merchant_id = m.rank)"
            " FROM catalog_variant v JOIN inventory_supply s ON s.key = 'sku:' || v.id"
            " JOIN (SELECT id, rank() OVER (ORDER BY id) FROM merchants_merchant) m ON m.id = v.merchant_id"
        )
        if cursor.fetchone() != (SKUS + 1, 1, SKUS + 1, SKUS + 1):
            raise RuntimeError("the shop was not empty before it was filled: ids do not run from 1")
    for pair in (HOT, (SKUS - 1, SKUS), next(random_pairs(7))):
        priced = load_quote([Wish(pair[0], 1), Wish(pair[1], 1)], address={"province": PROVINCE}, now=timezone.now())
        if priced.total != total_of(pair) or priced.refusals:
            raise RuntimeError(f"{pair} costs {priced.total}, and not {total_of(pair)}: {priced.refusals}")
