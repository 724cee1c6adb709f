"""Opening the demo's shops through the flows that real merchants take."""

import random
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import connections

from wanku.access.actor import Actor
from wanku.catalog.models import Category, Product
from wanku.catalog.rules import AddOnData, OptionData, PictureData, ProductData, VariantData
from wanku.catalog.write_category import CategoryData
from wanku.files.accept import accept_picture
from wanku.flows.policing.approve_merchant import approve_merchant
from wanku.flows.policing.save_category import save_category
from wanku.flows.selling.apply_merchant import apply_merchant
from wanku.flows.selling.edit_profile import edit_profile
from wanku.flows.selling.list_product import list_product
from wanku.flows.selling.save_freight import save_freight
from wanku.flows.selling.save_product import save_product
from wanku.merchants.details import Details
from wanku.merchants.models import Merchant, Staff
from wanku.people.models import Person
from wanku.pricing.freight import Rate
from wanku.pricing.template_rules import TemplateData
from wanku.runner.demo import shops_care_kids, shops_fashion_digital, shops_food_home, shops_outdoor_study
from wanku.runner.demo._clock import LOADED, START
from wanku.runner.demo._shape import Goods, ShopData
from wanku.runner.demo.categories import TREE, Node
from wanku.runner.demo.people import STAFF, person_of
from wanku.runner.demo.pictures import emblem, illustrate

SHOPS = shops_food_home.SHOPS + shops_fashion_digital.SHOPS + shops_care_kids.SHOPS + shops_outdoor_study.SHOPS
FAR = ("西藏自治区", "新疆维吾尔自治区", "青海省", "内蒙古自治区")
DRAWING_THREADS = 4


@dataclass(frozen=True, slots=True)
class Shop:
    """An opened shop and who works at its desk."""

    merchant: Merchant
    actor: Actor
    products: list[Product]


def open_categories(actor: Actor) -> dict[str, int]:
    """The tree; ids by slug."""
    ids: dict[str, int] = {}
    for position, (parent, children) in enumerate(TREE):
        ids[parent[0]] = _category(parent, None, position, actor).pk
        for place, child in enumerate(children):
            ids[child[0]] = _category(child, ids[parent[0]], place, actor).pk
    return ids


def _category(node: Node, parent_id: int | None, position: int, actor: Actor) -> Category:
    slug, hans, hant, english, icon, rule, days = node
    data = CategoryData(
        slug=slug,
        names={"zh-hans": hans, "zh-hant": hant, "en": english},
        parent_id=parent_id,
        icon=icon,
        position=position,
        return_rule=rule,
        return_days=max(days, 7),
    )
    return save_category(data, actor=actor, now=START)


def open_shops(categories: dict[str, int], operator: Actor) -> list[Shop]:
    """Every shop with its goods on sale."""
    return [open_shop(data, categories, operator) for data in SHOPS]


def apply_and_wait() -> None:
    """One shop that waits for the platform's yes."""
    owner = person_of("hua@demo.example", "花间集店主")
    details = Details(
        name="花间集",
        legal_name="昆明花间集园艺有限公司",
        credit_code="91350211M000100Y46",
        contact_name="花间集店主",
        contact_phone="+8613900139011",
        contact_email="hua@demo.example",
        about="斗南花市直发鲜切花，隔天到家。",
        ships_from="云南昆明",
    )
    apply_merchant(details, slug="huajian", actor=Actor(person_id=owner.pk), now=LOADED)


def open_shop(data: ShopData, categories: dict[str, int], operator: Actor) -> Shop:
    """Apply, be approved, furnish the shop, and offer its goods."""
    owner = person_of(data.owner, f"{data.name}店主")
    details = Details(
        name=data.name,
        legal_name=data.legal_name,
        credit_code=data.credit_code,
        contact_name=f"{data.name}店主",
        contact_phone=data.phone,
        contact_email=data.owner,
        about=data.about,
        notice=data.notice,
        ships_from=data.ships_from,
        return_address=f"{data.ships_from} {data.name}仓库 退货组",
    )
    merchant = apply_merchant(details, slug=data.slug, actor=Actor(person_id=owner.pk), now=START)
    approve_merchant(merchant.pk, actor=operator, now=START)
    actor = Actor(person_id=owner.pk, seats={merchant.pk: "owner"}, merchant_id=merchant.pk)
    logo = accept_picture(emblem(data.icon, data.hue), owner=f"merchant:{merchant.pk}", is_public=True, now=START)
    edit_profile(merchant.pk, details, low_stock_at=5, logo_id=logo.pk, actor=actor, now=START)
    save_freight(merchant.pk, _freight(data), template_id=None, actor=actor, now=START)
    if data.slug == "shanjian":
        _seat(merchant, START)
    pictures = _draw(data, merchant)
    products = [_offer(goods, data, pictures[goods.slug], merchant, categories, actor) for goods in data.goods]
    return Shop(merchant, actor, products)


def _seat(merchant: Merchant, now: datetime) -> None:
    people: list[tuple[Person, str]] = [(person_of(email, name), role) for email, name, role in STAFF]
    Staff.objects.bulk_create(Staff(merchant=merchant, person=p, role=role, since=now) for p, role in people)


def _freight(data: ShopData) -> TemplateData:
    first, step = (round(fee * 100) for fee in data.fees)
    return TemplateData(
        name="标准快递",
        by="count",
        rates=(Rate((), 1, first, 1, step), Rate(FAR, 1, first + 1000, 1, step + 300)),
        free_from=round(data.free_from * 100) if data.free_from else None,
        is_default=True,
    )


def _draw(data: ShopData, merchant: Merchant) -> dict[str, list[UUID]]:
    """Draw and store the pictures of all goods, several at a time."""
    owner = f"merchant:{merchant.pk}"

    def draw(goods: Goods) -> list[UUID]:
        icons = (goods.icon, *goods.more_icons, *([goods.icon] if goods.option else []))
        try:
            return [
                accept_picture(illustrate(icon, data.hue, scene), owner=owner, is_public=True, now=START).pk
                for scene, icon in enumerate(icons)
            ]
        finally:
            connections.close_all()

    with ThreadPoolExecutor(DRAWING_THREADS) as pool:
        return dict(zip((g.slug for g in data.goods), pool.map(draw, data.goods), strict=True))


def _offer(
    goods: Goods, shop: ShopData, pictures: list[UUID], merchant: Merchant, categories: dict[str, int], actor: Actor
) -> Product:
    values = goods.option[1] if goods.option else ()
    variants = tuple(
        VariantData(
            sku=f"{goods.slug}-{index + 1}".upper(),
            price=round(price * 100),
            values=(values[index],) if values else (),
            list_price=round(goods.was * 100) if goods.was and goods.was > price else None,
            weight_g=goods.weight_g,
        )
        for index, price in enumerate(goods.prices)
    )
    data = ProductData(
        title=goods.title,
        slug=goods.slug,
        subtitle=goods.subtitle,
        description=goods.text,
        brand=goods.brand or shop.name,
        category_id=categories[goods.category],
        variants=variants,
        options=(OptionData(goods.option[0], goods.option[1]),) if goods.option else (),
        parameters=tuple(goods.parameters.items()),
        add_ons=tuple(AddOnData(name, round(price * 100)) for name, price in goods.extras),
        pictures=tuple(PictureData(picture_id=p, alt=goods.title) for p in pictures),
        ship_within_hours=goods.ship_within_hours,
    )
    stock = {variant.sku: max(1, goods.stock // len(variants)) + 40 * (goods.stock > 20) for variant in variants}
    product = save_product(merchant.pk, data, product_id=None, stock=stock, low_at={}, actor=actor, now=START)
    # Shops open side by side, so that the newest goods are not all of one.
    minutes = random.Random(goods.slug).randint(0, 47 * 60)  # noqa: S311 the same order every time
    return list_product(product.pk, actor=actor, now=START + timedelta(minutes=minutes))
