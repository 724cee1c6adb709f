"""Visits of the demo: a house-keeping company that comes, and a salon that one goes to, set up as real shops do it."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from wanku.access.actor import Actor
from wanku.catalog.rules import AddOnData, OptionData, ProductData, VariantData
from wanku.flows.booking.accept_booking import accept_booking
from wanku.flows.offering.save_worker import save_worker
from wanku.flows.offering.set_areas import set_areas
from wanku.flows.offering.set_service import set_service
from wanku.flows.selling.list_product import list_product
from wanku.flows.selling.save_product import save_product
from wanku.kinds.visit.hours import Window
from wanku.kinds.visit.rules import AreaData, ServiceData, WorkerData
from wanku.kinds.visit.show import show_slots
from wanku.orders.models import Order
from wanku.pricing.quote import Wish
from wanku.runner.demo._clock import LOADED
from wanku.runner.demo._shape import ShopData
from wanku.runner.demo.history import Buyer
from wanku.runner.demo.shops import Shop, open_shop
from wanku.runner.demo.trade import drawn, gallery, ordered

Sizes = tuple[tuple[str, float, int], ...]
"""Name, yuan, quarters of an hour."""
KIND: tuple[dict[str, int], ...] = ({"hours": 12, "bp": 0}, {"hours": 2, "bp": 2000}, {"hours": 0, "bp": 5000})


@dataclass(frozen=True, slots=True)
class Offer:
    """A service; extras are name, yuan and quarters of an hour."""

    slug: str
    title: str
    subtitle: str
    icon: str
    sizes: Sizes
    text: str
    extras: Sizes = ()
    option: str = "时长"


@dataclass(frozen=True, slots=True)
class Helper:
    """Somebody who does services: windows from Monday to Friday and at the weekend, and what they do by slug."""

    name: str
    title: str
    about: str
    icon: str
    week: tuple[Window, ...]
    weekend: tuple[Window, ...]
    does: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """A shop that sells visits; ``address`` is where one goes, empty where they come."""

    shop: ShopData
    category: str
    address: str
    travel: tuple[int, int]
    offers: tuple[Offer, ...]
    helpers: tuple[Helper, ...]
    areas: tuple[AreaData, ...] = ()


DAY: tuple[Window, ...] = ((8 * 60, 12 * 60), (13 * 60, 18 * 60))
LATE: tuple[Window, ...] = ((13 * 60, 21 * 60),)
OPEN: tuple[Window, ...] = ((10 * 60, 14 * 60), (15 * 60, 21 * 60))

HOME = Plan(
    ShopData(
        slug="qinghe",
        name="清和到家",
        legal_name="杭州清和家政服务有限公司",
        credit_code="91330106MA2H1R2T37",
        owner="qinghe@demo.example",
        phone="+8613900139031",
        icon="house-with-garden",
        hue=168,
        about="十年的家政团队，人员实名、持健康证，自带工具和环保清洁剂。您选人、选时间，准点到家。",
        notice="师傅出发前会先打电话；超时未到，全额退款。",
        ships_from="浙江杭州",
        goods=(),
    ),
    "home-services",
    "",
    (2, 0),
    (
        Offer(
            "daily-cleaning", "日常保洁", "地面、台面、厨卫，一次做到位", "broom",
            (("2 小时", 98, 8), ("3 小时", 138, 12), ("4 小时", 178, 16)),
            "适合每周或隔周维护。自带拖把、抹布和三种清洁剂，不用您准备任何东西。\n不含高空擦窗和家电拆洗。",
            (("擦窗（室内面）", 30, 2), ("冰箱除味", 25, 1)),
        ),
        Offer(
            "deep-cleaning", "深度保洁", "厨房重油污、卫浴水垢、缝隙除霉", "bucket",
            (("4 小时（60 ㎡以内）", 268, 16), ("6 小时（60–100 ㎡）", 388, 24)),
            "两遍清洁加消毒，含油烟机表面、灶台、瓷砖缝、马桶和花洒除垢。\n完成后拍照验收，不满意当场返工。",
            (("除螨吸尘", 60, 2),),
        ),
        Offer(
            "window-cleaning", "擦窗", "双面擦净，轨道槽一并清理", "window",
            (("6 扇以内", 120, 6), ("12 扇以内", 210, 12)),
            "磁力双面擦配合手工收边，安全不探身。纱窗拆洗装回。", option="数量",
        ),
        Offer(
            "aircon-cleaning", "空调清洗", "拆面板、洗滤网、高温蒸汽除菌", "snowflake",
            (("挂机 1 台", 99, 4), ("挂机 2 台", 178, 7), ("柜机 1 台", 159, 6)),
            "入夏换季各一次为宜。全程防水罩接污水，墙面不留痕。", option="台数",
        ),
        Offer(
            "tidying", "收纳整理", "衣橱、厨房、玩具区，分类到抽屉", "basket",
            (("半天 4 小时", 360, 16), ("全天 8 小时", 680, 32)),
            "先沟通习惯，再断舍离，最后做标签。需要的收纳盒现场量好尺寸再买，不推销。",
        ),
        Offer(
            "repairs", "上门维修", "水龙头、门锁、灯具、家具安装", "toolbox",
            (("1 小时", 80, 4), ("2 小时", 140, 8)),
            "电工、木工证齐全。材料另计，先报价后动手；修不好不收费。",
        ),
    ),
    (
        Helper(
            "王阿姨", "金牌保洁师", "做事细，话不多，八年经验。", "woman", DAY, DAY,
            ("daily-cleaning", "deep-cleaning", "window-cleaning"),
        ),
        Helper(
            "李阿姨", "保洁师", "手脚快，擅长厨房。", "old-woman", DAY, (), ("daily-cleaning", "deep-cleaning"),
        ),
        Helper(
            "陈整理", "收纳师", "日本整理师协会一级。", "woman-office-worker", DAY, DAY, ("tidying", "daily-cleaning"),
        ),
        Helper(
            "周师傅", "家电与维修", "二十年老师傅，说得清楚修得好。", "man-mechanic", DAY, LATE,
            ("aircon-cleaning", "repairs", "window-cleaning"),
        ),
    ),
    (
        AreaData("杭州市", "西湖区", 0), AreaData("杭州市", "拱墅区", 0), AreaData("杭州市", "上城区", 1000),
        AreaData("杭州市", "滨江区", 1500), AreaData("杭州市", "", 3000), AreaData("上海市", "", 6000),
        AreaData("北京市", "", 6000), AreaData("广州市", "", 6000),
    ),
)  # fmt: skip

SALON = Plan(
    ShopData(
        slug="yijian",
        name="一间理发",
        legal_name="上海一间造型设计有限公司",
        credit_code="91310106MA1FY8X957",
        owner="yijian@demo.example",
        phone="+8613900139032",
        icon="barber-pole",
        hue=334,
        about="武康路转角的小店，一次只接待几位客人。不办卡、不推销，剪完就走。",
        notice="请准时到店；迟到 15 分钟以上可能需要改期。",
        ships_from="上海",
        goods=(),
    ),
    "salon",
    "上海市徐汇区武康路 210 号一层",
    (0, 0),
    (
        Offer(
            "haircut", "剪发", "洗、剪、吹，先聊再动剪", "person-getting-haircut",
            (("短发", 128, 3), ("长发", 158, 4)),
            "先看发流和脸型，再定长度。含洗发与吹干造型。", (("头皮按摩", 30, 1),), "发长",
        ),
        Offer(
            "hair-colour", "染发", "植物染膏，发根到发尾一次上色", "paintbrush",
            (("短发", 398, 8), ("长发", 558, 11)),
            "含护色洗护。孕期及头皮敏感请先咨询。", (("护理发膜", 88, 2),), "发长",
        ),
        Offer(
            "perm", "烫发", "蛋白温塑，弹性自然", "scissors",
            (("局部", 320, 6), ("全头", 620, 12)), "含剪发与基础护理。", option="范围",
        ),
        Offer(
            "scalp-care", "头皮护理", "检测、去角质、舒缓，安静一小时", "lotion-bottle",
            (("45 分钟", 198, 3), ("60 分钟", 258, 4)), "每月一次为宜，头皮出油、发痒、掉发适用。",
        ),
        Offer(
            "manicure", "美甲", "单色、猫眼、手绘，卸甲免费", "nail-polish",
            (("单色", 138, 4), ("设计款", 238, 7)), "甲油胶有检测报告，工具一客一消毒。", option="款式",
        ),
        Offer(
            "facial", "面部舒缓", "清洁、按摩、面膜，素颜出门", "person-getting-massage",
            (("60 分钟", 298, 4), ("90 分钟", 428, 6)), "敏感肌可做，全程不推销。",
        ),
    ),
    (
        Helper("阿澈", "店长 · 发型师", "短发专门，讲究层次。", "man", OPEN, OPEN, ("haircut", "hair-colour", "perm")),
        Helper(
            "小满", "发型师", "染烫温柔，细节控。", "woman-curly-hair", OPEN, LATE,
            ("haircut", "hair-colour", "scalp-care"),
        ),
        Helper(
            "栀子", "美容师", "手法轻，会讲笑话。", "woman-red-hair", LATE, OPEN, ("facial", "scalp-care", "manicure"),
        ),
    ),
)  # fmt: skip


def open_services(categories: dict[str, int], operator: Actor, buyers: Sequence[Buyer]) -> None:
    """Both shops with their people, and a few visits of the coming days."""
    for plan in (HOME, SALON):
        shop = open_shop(plan.shop, categories, operator)
        products = {offer.slug: _offer(offer, plan, shop, categories[plan.category]) for offer in plan.offers}
        for helper in plan.helpers:
            _helper(helper, plan, shop, products)
        if plan.areas:
            set_areas(shop.merchant.pk, plan.areas, actor=shop.actor, now=LOADED)
        _book(shop, list(products.values()), buyers)


def _offer(offer: Offer, plan: Plan, shop: Shop, category_id: int) -> "Offered":
    data = ProductData(
        kind="visit",
        title=offer.title,
        slug=offer.slug,
        subtitle=offer.subtitle,
        description=offer.text,
        brand=plan.shop.name,
        category_id=category_id,
        options=(OptionData(offer.option, tuple(name for name, _price, _quarters in offer.sizes)),),
        variants=tuple(
            VariantData(sku=f"{offer.slug}-{n}".upper(), price=round(price * 100), values=(name,))
            for n, (name, price, _quarters) in enumerate(offer.sizes, 1)
        ),
        add_ons=tuple(AddOnData(name, round(price * 100)) for name, price, _quarters in offer.extras),
        pictures=gallery((offer.icon, offer.icon), plan.shop.hue, shop.merchant.pk, offer.title),
    )
    product = save_product(shop.merchant.pk, data, product_id=None, stock={}, low_at={}, actor=shop.actor, now=LOADED)
    variants = [v.pk for v in product.variants.order_by("position")]
    add_ons = [a.pk for a in product.add_ons.order_by("position")]
    set_service(
        product.pk,
        ServiceData(
            place="shop" if plan.address else "home",
            shop_address=plan.address,
            quarters={pk: size[2] for pk, size in zip(variants, offer.sizes, strict=True)},
            longer={pk: extra[2] for pk, extra in zip(add_ons, offer.extras, strict=True)},
            step=1 if plan.address else 2,
            lead_minutes=60 if plan.address else 180,
            days_ahead=28,
            cancellation=KIND,
        ),
        actor=shop.actor,
        now=LOADED,
    )
    list_product(product.pk, actor=shop.actor, now=LOADED)
    return Offered(product.pk, tuple(variants))


@dataclass(frozen=True, slots=True)
class Offered:
    """What a service became."""

    product_id: int
    variants: tuple[int, ...]


def _helper(helper: Helper, plan: Plan, shop: Shop, products: dict[str, Offered]) -> None:
    data = WorkerData(
        name=helper.name,
        title=helper.title,
        about=helper.about,
        picture_id=drawn(helper.icon, plan.shop.hue, 1, shop.merchant.pk),
        week={day: helper.week if day < 5 else helper.weekend for day in range(7)},
        skills=frozenset(pk for slug in helper.does for pk in products[slug].variants),
        travel_before=plan.travel[0],
        travel_after=plan.travel[1],
    )
    save_worker(shop.merchant.pk, data, worker_id=None, actor=shop.actor, now=LOADED)


def _book(shop: Shop, products: Sequence[Offered], buyers: Sequence[Buyer]) -> None:
    """One visit a day or so, most of them accepted; what does not fit is left out."""
    for index, product in enumerate(products):
        for more in (0, 3):
            buyer = buyers[(index + more) % len(buyers)]
            day = (LOADED + timedelta(days=1 + (index + more) % 5)).date().isoformat()
            slots: Sequence[Any] = show_slots(product.product_id, {"day": day}, now=LOADED).get("slots", ())
            if not slots:
                continue
            choice = {"at": slots[(index * 3 + more) % len(slots)].at}
            wish = Wish(product.variants[0], 1, (), choice=json.dumps(choice))
            trade_id = ordered(wish, buyer, comes=True)
            if trade_id is not None and (index + more) % 4:
                accept_booking(Order.objects.get(trade_id=trade_id).pk, actor=shop.actor, now=LOADED)
