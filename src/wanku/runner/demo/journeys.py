"""Journeys of the demo: flights and trains every day, tours that go with a group, some of them booked already."""

import json
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import time, timedelta
from zoneinfo import ZoneInfo

from wanku.access.actor import Actor
from wanku.catalog.models import Product
from wanku.catalog.rules import OptionData, ProductData, VariantData
from wanku.flows.offering.add_departures import add_departures
from wanku.flows.offering.set_seat_terms import set_seat_terms
from wanku.flows.selling.list_product import list_product
from wanku.flows.selling.save_product import save_product
from wanku.kinds.seat.models import Departure
from wanku.kinds.seat.rules import CabinData, Journey
from wanku.kinds.seat.series import EVERY_DAY, Series
from wanku.merchants.models import Merchant
from wanku.pricing.quote import Wish
from wanku.runner.demo._clock import LOADED
from wanku.runner.demo._shape import ShopData
from wanku.runner.demo.history import Buyer
from wanku.runner.demo.shops import open_shop
from wanku.runner.demo.trade import gallery, ordered

CHINA, JAPAN, SINGAPORE, BERLIN = "Asia/Shanghai", "Asia/Tokyo", "Asia/Singapore", "Europe/Berlin"
WEEKEND = frozenset({5, 6})
DAYS = 45
FLIGHT_NOTICE = ((168, 0), (48, 20), (4, 60))
TOUR_NOTICE = ((168, 0), (72, 30), (24, 60))
Cabins = tuple[tuple[str, float, int], ...]
"""Name, price in yuan, seats."""


@dataclass(frozen=True, slots=True)
class Way:
    """A product that leaves again and again; wall times on the clocks of the places, hours before the start."""

    slug: str
    title: str
    subtitle: str
    text: str
    icons: tuple[str, ...]
    route: tuple[str, str]
    leaves: time
    arrives: time
    cabins: Cabins
    days: int = 0
    zones: tuple[str, str] = (CHINA, CHINA)
    weekdays: frozenset[int] = EVERY_DAY
    meeting: str = ""
    minimum: int = 1
    decide_hours: int = 72
    parties: int = 1
    parameters: Mapping[str, str] = field(default_factory=dict)


FLIGHTS: tuple[Way, ...] = (
    Way(
        "sha-nrt",
        "上海浦东 → 东京成田 直飞",
        "WK501 · 空客 A321neo",
        "含 23 公斤托运行李与一份热餐，提前 45 分钟停止值机。",
        ("airplane", "tokyo-tower", "luggage"),
        ("上海", "东京"),
        time(9, 15),
        time(13, 5),
        (("经济舱", 1280, 132), ("超级经济舱", 1980, 24), ("商务舱", 4680, 12)),
        zones=(CHINA, JAPAN),
        meeting="浦东机场 T2",
        parameters={"航班号": "WK501", "机型": "空客 A321neo", "行李": "托运 23 公斤，手提 7 公斤"},
    ),
    Way(
        "sha-ctu",
        "上海虹桥 → 成都天府",
        "WK218 · 每天两顿火锅都来得及",
        "含 20 公斤托运行李。",
        ("airplane-departure", "panda", "hot-pepper"),
        ("上海", "成都"),
        time(7, 40),
        time(11, 10),
        (("经济舱", 680, 150), ("商务舱", 2280, 8)),
        meeting="虹桥机场 T2",
        parameters={"航班号": "WK218", "行李": "托运 20 公斤"},
    ),
    Way(
        "can-sin",
        "广州白云 → 新加坡樟宜",
        "WK703 · 夜里出发，清晨到",
        "含 23 公斤托运行李与早餐。",
        ("airplane", "cityscape-at-dusk", "night-with-stars"),
        ("广州", "新加坡"),
        time(23, 50),
        time(4, 5),
        (("经济舱", 1180, 140), ("商务舱", 3980, 12)),
        days=1,
        zones=(CHINA, SINGAPORE),
        weekdays=frozenset({0, 2, 4, 6}),
        meeting="白云机场 T1",
        parameters={"航班号": "WK703", "行李": "托运 23 公斤"},
    ),
    Way(
        "pvg-ber",
        "上海浦东 → 柏林 直飞",
        "WK901 · 夏令时起降时刻不变",
        "宽体客机，含两餐与 2 × 23 公斤托运行李。",
        ("airplane-arrival", "castle", "globe-showing-europe-africa"),
        ("上海", "柏林"),
        time(1, 20),
        time(6, 30),
        (("经济舱", 3980, 180), ("超级经济舱", 6280, 32), ("商务舱", 15800, 20)),
        zones=(CHINA, BERLIN),
        weekdays=frozenset({1, 3, 5}),
        meeting="浦东机场 T2",
        parameters={"航班号": "WK901", "机型": "空客 A350"},
    ),
    Way(
        "hgh-xiy",
        "杭州东 → 西安北 高铁",
        "G1886 · 一觉到长安",
        "二代身份证直接进站，无需取票。",
        ("bullet-train", "railway-track"),
        ("杭州", "西安"),
        time(8, 6),
        time(14, 52),
        (("二等座", 779, 90), ("一等座", 1238, 28), ("商务座", 2437, 5)),
        meeting="杭州东站",
        parameters={"车次": "G1886"},
    ),
    Way(
        "sha-zhoushan",
        "上海南浦 → 舟山嵊泗 客轮",
        "海上四小时，带上自行车也可以",
        "甲板有咖啡与露天座位，自行车免费。",
        ("ferry", "sailboat", "bicycle"),
        ("上海", "嵊泗"),
        time(8, 30),
        time(12, 30),
        (("普通舱", 168, 200), ("观景舱", 258, 40)),
        meeting="南浦大桥码头",
        parameters={"船型": "双体客轮"},
    ),
)
TOURS: tuple[Way, ...] = (
    Way(
        "xihu-day", "西湖半日 步行小团", "苏堤、花港、茶园，四人成行", "领队全程讲解，含龙井村喝茶。雨天照常，备雨衣。",
        ("sunrise-over-mountains", "teacup-without-handle", "bridge-at-night"), ("杭州", "杭州"), time(9), time(13),
        (("成人", 158, 16), ("儿童", 88, 8)), weekdays=WEEKEND, meeting="断桥 东侧石碑", minimum=4,
        parameters={"人数": "至多 24 人", "强度": "轻松，步行 6 公里"},
    ),
    Way(
        "huangshan", "黄山两日 看日出", "住山顶，少爬台阶", "含索道、山顶酒店与早餐。日出看天，看不到也不退。",
        ("sunrise-over-mountains", "mountain-cableway", "hiking-boot"), ("上海", "黄山"), time(7), time(19, 30),
        (("双人间一位", 1280, 24), ("单人间一位", 1780, 6)), days=1, weekdays=frozenset({5}), meeting="人民广场 1 号口",
        minimum=6, parameters={"交通": "大巴 5 小时", "住宿": "山顶酒店"},
    ),
    Way(
        "dunhuang", "敦煌五日 石窟与沙漠", "莫高窟特窟一座，骆驼过鸣沙山", "小车六人一组，含特窟票与沙漠露营一晚。",
        ("camel", "desert", "full-moon"), ("兰州", "敦煌"), time(8, 30), time(18),
        (("成人", 4280, 12),), days=4, weekdays=frozenset({2}), meeting="兰州西站 南广场",
        minimum=4, parties=2, decide_hours=168,
        parameters={"团型": "至多 12 人", "海拔": "1200 米"},
    ),
    Way(
        "suzhou-night", "苏州园林夜游与评弹", "网师园夜花园，四人成行", "含门票与一段评弹，结束后可送回地铁站。",
        ("red-paper-lantern", "waxing-crescent-moon"), ("苏州", "苏州"), time(18, 30), time(21),
        (("成人", 238, 18),), weekdays=frozenset({4, 5, 6}), meeting="网师园 正门", minimum=4,
    ),
    Way(
        "moganshan", "莫干山徒步一日", "竹海、剑池，傍晚回到杭州", "含午餐与保险，登山鞋可租。",
        ("hiking-boot", "leaf-fluttering-in-wind", "camping"), ("杭州", "杭州"), time(7, 30), time(18),
        (("成人", 268, 20), ("学生", 198, 10)), weekdays=WEEKEND, meeting="武林广场 东侧", minimum=6,
    ),
    Way(
        "kyoto-maple", "京都赏枫四日", "岚山、东福寺、一保堂茶席", "不含机票，京都站集合。两人一室。",
        ("maple-leaf", "shinto-shrine", "map-of-japan"), ("京都", "京都"), time(10), time(16),
        (("成人", 5680, 16),), days=3, zones=(JAPAN, JAPAN), weekdays=frozenset({3}), meeting="京都站 八条口",
        minimum=4, decide_hours=240,
    ),
)  # fmt: skip
AIR_SHOP = ShopData(
    slug="yunjian",
    name="云间航旅",
    legal_name="上海云间航空服务有限公司",
    credit_code="91310115MA1K4QF937",
    owner="yunjian@demo.example",
    phone="+8613900139031",
    icon="airplane",
    hue=210,
    about="机票、车票、船票，一个地方订好。座位实时扣减，付完即出票。",
    notice="登机前 45 分钟停止值机，请带好证件。",
    ships_from="上海",
    goods=(),
)
TOUR_SHOP = ShopData(
    slug="zouzou",
    name="走走旅行",
    legal_name="杭州走走旅行社有限公司",
    credit_code="91330102MA2H2UX57K",
    owner="zouzou@demo.example",
    phone="+8613900139032",
    icon="hiking-boot",
    hue=140,
    about="不进购物店的小团。人数不够就不发团，一分不少退给你。",
    notice="成团情况在每个日期旁边写明。",
    ships_from="浙江杭州",
    goods=(),
)


def open_journeys(categories: dict[str, int], operator: Actor, buyers: Sequence[Buyer]) -> None:
    """A travel desk for flights and trains, and one for tours, with some seats sold."""
    for data, ways, notice, category in (
        (AIR_SHOP, FLIGHTS, FLIGHT_NOTICE, "flights"),
        (TOUR_SHOP, TOURS, TOUR_NOTICE, "tours"),
    ):
        shop = open_shop(data, categories, operator)
        for way in ways:
            product = _offer(way, shop.merchant, category_id=categories[category], hue=data.hue, actor=shop.actor)
            table = [{"hours": hours, "bp": percent * 100} for hours, percent in notice]
            set_seat_terms(
                product.pk, real_name=category == "flights", cancellation=table, actor=shop.actor, now=LOADED
            )
            _leave(way, product, actor=shop.actor)
            list_product(product.pk, actor=shop.actor, now=LOADED)
            _sell(product, buyers, way.parties)


def _offer(way: Way, merchant: Merchant, *, category_id: int, hue: int, actor: Actor) -> Product:
    names = tuple(name for name, _price, _seats in way.cabins)
    data = ProductData(
        title=way.title,
        slug=way.slug,
        subtitle=way.subtitle,
        description=way.text,
        category_id=category_id,
        options=(OptionData("舱位" if merchant.slug == AIR_SHOP.slug else "类型", names),) if len(names) > 1 else (),
        variants=tuple(
            VariantData(f"{way.slug}-{n}".upper(), round(price * 100), (name,) if len(names) > 1 else ())
            for n, (name, price, _seats) in enumerate(way.cabins, start=1)
        ),
        parameters=tuple(way.parameters.items()),
        pictures=gallery(way.icons, hue, merchant.pk, way.title),
        kind="seat",
    )
    return save_product(merchant.pk, data, product_id=None, stock={}, low_at={}, actor=actor, now=LOADED)


def _leave(way: Way, product: Product, *, actor: Actor) -> None:
    """The next weeks; what would have to be decided already is left out."""
    ahead = max(2, way.decide_hours // 24 + 2 if way.minimum > 1 else 2)
    first = LOADED.astimezone(ZoneInfo(way.zones[0])).date() + timedelta(days=ahead)
    variants = list(product.variants.order_by("position"))
    cabins = tuple(
        CabinData(variant.pk, seats) for variant, (_name, _price, seats) in zip(variants, way.cabins, strict=True)
    )
    journey = Journey(
        origin=way.route[0],
        destination=way.route[1],
        zone_from=way.zones[0],
        zone_to=way.zones[1],
        cabins=cabins,
        meeting_point=way.meeting,
        sale_hours=3,
        minimum=way.minimum,
        decide_hours=way.decide_hours,
    )
    last = first + timedelta(days=DAYS)
    series = Series(first, last, way.leaves, way.arrives, days=way.days, weekdays=way.weekdays)
    add_departures(product.pk, journey, series, actor=actor, now=LOADED)


def _sell(product: Product, buyers: Sequence[Buyer], parties: int) -> None:
    """Some seats on the first departure: a group that is complete, and others where some are still missing."""
    dice = random.Random(product.slug)  # noqa: S311 the same seats every time
    variant = product.variants.order_by("position")[0]
    row = Departure.objects.filter(product=product).order_by("starts_at")[0]
    for _ in range(parties):
        buyer = dice.choice(list(buyers))
        travellers = [_traveller(dice, buyer[1].name), _traveller(dice, "同行")]
        choice, details = json.dumps({"departure": row.pk}), json.dumps({"travellers": travellers})
        ordered(Wish(variant.pk, 2, choice=choice, details=details), buyer)


def _traveller(dice: random.Random, name: str) -> dict[str, str]:
    born = f"{dice.randint(1960, 2005)}-0{dice.randint(1, 9)}-{dice.randint(10, 28)}"
    number = f"E{dice.randint(10_000_000, 99_999_999)}"
    return {"name": name, "document": "passport", "number": number, "birth_date": born}
