"""Kitchens of the demo: their hours, zones, tables and menus, set up by the flows that real kitchens take."""

from dataclasses import dataclass, field
from datetime import date, time

from wanku.access.actor import Actor
from wanku.catalog.rules import PictureData
from wanku.flows.offering.arrange_menu import arrange_menu
from wanku.flows.offering.save_dish import save_dish
from wanku.flows.offering.save_kitchen import save_kitchen
from wanku.flows.offering.set_delivery_zones import set_delivery_zones
from wanku.flows.offering.set_opening_hours import set_opening_hours
from wanku.flows.offering.set_tables import set_tables
from wanku.kinds.meal.hours import Hours, Special
from wanku.kinds.meal.models import Section
from wanku.kinds.meal.rules import DishData, GroupData, KitchenData, OptionData, SectionData, ZoneData
from wanku.merchants.models import Merchant
from wanku.runner.demo._clock import LOADED
from wanku.runner.demo._shape import ShopData
from wanku.runner.demo.shops import open_shop
from wanku.runner.demo.trade import drawn

Choices = tuple[str, int, int, tuple[tuple[str, float], ...]]
"""A group: name, least, most, and options with their prices in yuan."""


@dataclass(frozen=True, slots=True)
class Food:
    """A dish; prices in yuan. Options that name another dish of the menu are that dish (``courses``)."""

    section: str
    title: str
    subtitle: str
    icon: str
    sizes: tuple[tuple[str, float], ...]
    groups: tuple[Choices, ...] = ()
    portions: int | None = None
    tags: tuple[str, ...] = ()
    courses: bool = False


@dataclass(frozen=True, slots=True)
class KitchenPlan:
    """A kitchen of a demo shop."""

    kitchen: KitchenData
    hours: Hours
    zones: tuple[ZoneData, ...]
    tables: tuple[str, ...]
    menu: tuple[Food, ...]
    hue: int
    special: tuple[Special, ...] = field(default=())


SPICE: Choices = ("辣度", 1, 1, (("不辣", 0), ("微辣", 0), ("中辣", 0), ("特辣", 0)))
NOODLE: Choices = ("面条", 1, 1, (("细面", 0), ("宽面", 0), ("荞麦面", 2)))
TOPPINGS: Choices = ("加料", 0, 3, (("溏心蛋", 3), ("青菜", 2), ("豆干", 2), ("牛肉", 9)))
SUGAR: Choices = ("甜度", 1, 1, (("无糖", 0), ("三分糖", 0), ("七分糖", 0)))
ICE: Choices = ("温度", 1, 1, (("热", 0), ("去冰", 0), ("少冰", 0)))
HANGZHOU = ("浙江省", "杭州市")

NOODLES = KitchenPlan(
    kitchen=KitchenData(capacity=12, prepare_minutes=20, ahead_days=6, delivers=True, hands_out=True, serves=True),
    hours=Hours(time(0), time(0)),
    zones=(
        ZoneData("西湖与上城", *HANGZHOU, districts=("西湖区", "上城区"), fee=400, minimum=2000, minutes=25),
        ZoneData("滨江与拱墅", *HANGZHOU, districts=("滨江区", "拱墅区"), fee=700, minimum=3500, minutes=40),
        ZoneData("杭州其他", *HANGZHOU, fee=1200, minimum=6000, minutes=60),
    ),
    tables=("A1", "A2", "A3", "A4", "B1", "B2", "窗边 1", "窗边 2"),
    hue=24,
    special=(Special(date(2027, 2, 6), date(2027, 2, 8), None, "春节休息"),),
    menu=(
        Food(
            "招牌面",
            "番茄牛腩面",
            "牛腩慢炖四小时，番茄现熬",
            "steaming-bowl",
            (("小碗", 26), ("大碗", 32)),
            (NOODLE, SPICE, TOPPINGS),
            60,
            ("loved",),
        ),
        Food(
            "招牌面",
            "葱油拌面",
            "小葱慢熬两小时，一拌就香",
            "spaghetti",
            (("", 16),),
            (NOODLE, TOPPINGS),
            None,
            ("vegetarian",),
        ),
        Food(
            "招牌面", "红烧大排面", "大排先煎后焖，汤底清亮", "cut-of-meat", (("", 28),), (NOODLE, SPICE, TOPPINGS), 40
        ),
        Food("招牌面", "麻辣小面", "自炒豌豆与红油", "hot-pepper", (("", 18),), (SPICE, TOPPINGS), None, ("hot",)),
        Food("饭与小菜", "鸡腿饭", "去骨鸡腿现煎，配时蔬", "curry-rice", (("", 29),), (SPICE, TOPPINGS), 30, ("new",)),
        Food("饭与小菜", "清炒时蔬", "今天是广东菜心", "leafy-green", (("", 15),), (), None, ("vegetarian",)),
        Food("饭与小菜", "卤蛋两只", "茶香入味", "egg", (("", 6),)),
        Food("饭与小菜", "煎饺六只", "猪肉白菜馅，底脆皮软", "dumpling", (("", 14),), (), 25),
        Food("饮料甜品", "桂花酸梅汤", "乌梅山楂现熬", "cup-with-straw", (("中杯", 9), ("大杯", 12)), (SUGAR, ICE)),
        Food("饮料甜品", "冰豆浆", "黄豆现磨", "glass-of-milk", (("", 6),), (SUGAR,)),
        Food("饮料甜品", "红糖糍粑", "外脆里糯", "dango", (("", 12),), (), 20),
        Food(
            "套餐",
            "一人午餐",
            "主食、小菜、饮料各选一样",
            "bento-box",
            (("", 36),),
            (
                ("主食", 1, 1, (("番茄牛腩面", 4), ("葱油拌面", 0), ("鸡腿饭", 3))),
                ("小菜", 1, 1, (("清炒时蔬", 0), ("卤蛋两只", 0), ("煎饺六只", 3))),
                ("饮料", 1, 1, (("冰豆浆", 0), ("桂花酸梅汤", 2))),
            ),
            courses=True,
            tags=("loved",),
        ),
    ),
)
GRILL = KitchenPlan(
    kitchen=KitchenData(capacity=20, prepare_minutes=30, ahead_days=3, delivers=True, hands_out=True, serves=True),
    hours=Hours(time(17), time(2)),
    zones=(ZoneData("天河与越秀", "广东省", "广州市", ("天河区", "越秀区"), fee=600, minimum=5000, minutes=35),),
    tables=("露台 1", "露台 2", "露台 3", "室内 1", "室内 2"),
    hue=350,
    menu=(
        Food("炭火", "羊肉串五支", "内蒙古羊腿，孜然现磨", "oden", (("", 30),), (SPICE,), 80, ("loved", "hot")),
        Food("炭火", "蒜蓉烤生蚝", "湛江生蚝，半打", "oyster", (("半打", 36), ("一打", 68)), (), 40),
        Food("炭火", "烤鱿鱼", "现刷酱，外焦里弹", "squid", (("", 26),), (SPICE,)),
        Food("炭火", "烤玉米", "甜玉米刷黄油", "ear-of-corn", (("", 10),), (), None, ("vegetarian",)),
        Food("炭火", "烤茄子", "蒜蓉剁椒", "eggplant", (("", 18),), (SPICE,), None, ("vegetarian",)),
        Food("主食", "炒牛河", "镬气足，芽菜脆", "spaghetti", (("", 28),), (SPICE,)),
        Food("主食", "艇仔粥", "鱼片、花生、油条丝", "pot-of-food", (("", 22),), (), 30),
        Food("冷饮", "冰柠檬茶", "手打香水柠檬", "cup-with-straw", (("", 15),), (SUGAR,)),
        Food("冷饮", "西瓜汁", "现榨", "watermelon", (("", 18),)),
        Food("冷饮", "椰子冻", "一整只泰国椰青", "coconut", (("", 32),), (), 12, ("new",)),
    ),
)


NOODLE_SHOP = ShopData(
    slug="xiaoman",
    name="小满面馆",
    legal_name="杭州小满餐饮管理有限公司",
    credit_code="91330106MA2CFD8K1L",
    owner="xiaoman@demo.example",
    phone="+8613900139021",
    icon="steaming-bowl",
    hue=24,
    about="文三路口一间面馆，汤头每天凌晨四点开熬。昼夜开门，堂食扫码即点。",
    notice="高峰时段请提前半小时预订。",
    ships_from="浙江杭州",
    goods=(),
)
GRILL_SHOP = ShopData(
    slug="wuding",
    name="屋顶烧烤",
    legal_name="广州屋顶餐饮有限公司",
    credit_code="91440101MA9UQ7TT37",
    owner="wuding@demo.example",
    phone="+8613900139022",
    icon="fire",
    hue=350,
    about="天河城边的露台炭火，傍晚五点开炉，凌晨两点收档。",
    notice="露台座位扫桌上的码点单。",
    ships_from="广东广州",
    goods=(),
)


def open_kitchens(categories: dict[str, int], operator: Actor) -> None:
    """A noodle house that never closes, and a grill that is open past midnight."""
    for data, plan in ((NOODLE_SHOP, NOODLES), (GRILL_SHOP, GRILL)):
        shop = open_shop(data, categories, operator)
        _set_up(shop.merchant, plan, category_id=categories["meals"], actor=shop.actor)


def _set_up(merchant: Merchant, plan: KitchenPlan, *, category_id: int, actor: Actor) -> None:
    """Open a kitchen with its whole menu."""
    save_kitchen(merchant.pk, plan.kitchen, actor=actor, now=LOADED)
    week = dict.fromkeys(range(7), (plan.hours,))
    set_opening_hours(merchant.pk, week, plan.special, actor=actor, now=LOADED)
    set_delivery_zones(merchant.pk, plan.zones, actor=actor, now=LOADED)
    set_tables(merchant.pk, plan.tables, actor=actor, now=LOADED)
    names = list(dict.fromkeys(food.section for food in plan.menu))
    arrange_menu(merchant.pk, [SectionData(name) for name in names], actor=actor, now=LOADED)
    sections = dict(Section.objects.filter(merchant=merchant).values_list("name", "pk"))
    dishes: dict[str, int] = {}
    for food in plan.menu:
        picture = drawn(food.icon, plan.hue, len(dishes) % 3, merchant.pk)
        dish = save_dish(
            merchant.pk,
            _data(food, sections[food.section], dishes, category_id),
            picture=PictureData(picture_id=picture, alt=food.title),
            actor=actor,
            now=LOADED,
        )
        dishes[food.title] = dish.pk


def _data(food: Food, section_id: int, dishes: dict[str, int], category_id: int) -> DishData:
    return DishData(
        title=food.title,
        subtitle=food.subtitle,
        category_id=category_id,
        sizes=tuple((name, round(price * 100)) for name, price in food.sizes),
        section_id=section_id,
        portions=food.portions,
        tags=food.tags,
        groups=tuple(
            GroupData(
                name,
                least,
                most,
                tuple(
                    OptionData(option, round(price * 100), dishes.get(option) if food.courses else None)
                    for option, price in options
                ),
            )
            for name, least, most, options in food.groups
        ),
    )
