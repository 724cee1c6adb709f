"""Licences of the demo: a maker of software whose codes we make and sign, and a shop for passes with pools of codes."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product as every

from wanku.access.actor import Actor
from wanku.catalog.models import Product
from wanku.catalog.rules import OptionData, ProductData, VariantData
from wanku.flows.offering.import_codes import import_codes
from wanku.flows.offering.receive_codes import receive_codes
from wanku.flows.offering.set_licence_plan import PlanData, set_licence_plan
from wanku.flows.selling.list_product import list_product
from wanku.flows.selling.restock_variant import restock_variant
from wanku.flows.selling.save_product import save_product
from wanku.kinds.issue.codes import new_code
from wanku.pricing.quote import Wish
from wanku.runner.demo._clock import LOADED
from wanku.runner.demo._shape import ShopData
from wanku.runner.demo.history import Buyer
from wanku.runner.demo.shops import Shop, open_shop
from wanku.runner.demo.trade import gallery, ordered

TERMS: dict[str, int | None] = {"30 天": 30, "90 天": 90, "1 年": 365, "2 年": 730, "永久": None}
SOLD = 500
"""How many of a signed plan the demo's maker wants to sell."""


@dataclass(frozen=True, slots=True)
class Edition:
    """A name, seats, devices per code, and yuan by term in the order of the title's terms."""

    name: str
    seats: int
    machines: int
    prices: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Title:
    """Something to license; ``codes`` in the pool of each variant, none for codes that we make."""

    slug: str
    title: str
    subtitle: str
    icon: str
    text: str
    terms: tuple[str, ...]
    editions: tuple[Edition, ...]
    codes: int = 0
    more_icon: str = ""


MAKER = ShopData(
    slug="mozhou",
    name="墨舟软件",
    legal_name="上海墨舟软件技术有限公司",
    credit_code="91310115MA1K4T8Q6N",
    owner="mozhou@demo.example",
    phone="+8613900139041",
    icon="laptop",
    hue=222,
    about="六个人的小团队，做自己每天都用的工具。买断就是买断，订阅随时可停；付款即得激活码，七天内未激活可退。",
    notice="激活码付款后立即显示在订单页，请勿向任何人透露。",
    ships_from="上海",
    goods=(),
)
TITLES = (
    Title(
        "moke-notes", "墨客笔记", "写得快、找得到，离线也能用", "memo",
        "Markdown 与手写混排，双向链接，全文检索一秒出结果。数据存在自己的硬盘里，可选端到端加密同步。\n"
        "支持 Windows、macOS、Linux、iOS 与 Android。",
        ("1 年", "永久"),
        (Edition("个人版", 1, 3, (68, 198)), Edition("专业版", 1, 5, (128, 368)),
            Edition("团队版", 5, 20, (498, 1488))),
        more_icon="ledger",
    ),
    Title(
        "xiaochuang-photo", "小窗修图", "RAW 冲洗与批量调色", "artist-palette",
        "一百二十款相机的色彩配置，蒙版随主体走。批量导出不卡顿，老电脑也跑得动。",
        ("1 年", "永久"), (Edition("标准版", 1, 2, (158, 398)), Edition("影楼版", 3, 6, (398, 998))),
        more_icon="camera",
    ),
    Title(
        "zhongsheng-studio", "钟声编曲", "从哼唱到成品的音乐工作站", "musical-keyboard",
        "内置四十件国乐采样：古琴、琵琶、编钟、笙。支持 VST3，延迟低至三毫秒。",
        ("1 年", "永久"), (Edition("入门版", 1, 2, (98, 268)), Edition("制作版", 1, 3, (298, 798))),
        more_icon="musical-score",
    ),
    Title(
        "suanpan-sheet", "算盘表格", "一亿行也不转圈", "bar-chart",
        "列式引擎，打开十个 G 的 CSV 只要几秒。公式兼容常用表格软件，图表一键导出。",
        ("30 天", "1 年", "永久"), (Edition("个人版", 1, 2, (19, 148, 428)),
            Edition("企业版", 10, 20, (168, 1280, 3680))),
        more_icon="chart-increasing",
    ),
    Title(
        "tiemen-guard", "铁门安全", "安静的防护，不弹窗", "shield",
        "勒索防护、网页防钓鱼、家长守护。不推广告，不捆绑，不卖数据。",
        ("1 年", "2 年"), (Edition("单机版", 1, 1, (69, 118)), Edition("家庭版", 5, 5, (149, 258))),
        more_icon="locked",
    ),
    Title(
        "yunti-backup", "云梯备份", "误删、坏盘、丢电脑，都找得回来", "floppy-disk",
        "增量加密备份到自己的网盘或移动硬盘，每天一份，保留九十天。恢复只要点一下。",
        ("1 年", "永久"), (Edition("个人版", 1, 2, (88, 238)), Edition("工作室版", 5, 15, (368, 968))),
        more_icon="cloud",
    ),
)  # fmt: skip
PASSES = ShopData(
    slug="diandian",
    name="点点卡券",
    legal_name="深圳点点数字卡券有限公司",
    credit_code="91440300MA5G7R2W9Q",
    owner="diandian@demo.example",
    phone="+8613900139042",
    icon="admission-tickets",
    hue=20,
    about="正版授权的会员与点卡，源头采购，逐批核验。付款秒发，卡密加密保存，店员也看不到。",
    notice="卡密一经查看不退不换，请确认账号区服后再买。",
    ships_from="广东深圳",
    goods=(),
)
CARDS = (
    Title(
        "film-pass", "星河影音会员", "院线新片、纪录片、4K 无广告", "movie-camera",
        "支持电视、平板、手机同时登录。卡密在官方兑换页使用，有效期自兑换起计算。",
        ("30 天", "90 天", "1 年"), (Edition("标准会员", 1, 2, (19.9, 55, 198)),
            Edition("4K 会员", 1, 4, (29.9, 82, 298))),
        codes=8, more_icon="videocassette",
    ),
    Title(
        "music-pass", "回声音乐会员", "无损曲库与播客", "headphone",
        "八千万首无损曲库，离线下载，车载同步。", ("30 天", "1 年"), (Edition("个人会员", 1, 3, (12, 118)),), codes=12,
    ),
    Title(
        "game-card", "山海游戏点卡", "全区服通用", "video-game",
        "直充到账号，山海大陆、云上牧场等全部游戏通用。", ("永久",),
        (Edition("60 元", 1, 1, (58,)), Edition("120 元", 1, 1, (116,)), Edition("300 元", 1, 1, (288,))), codes=6,
        more_icon="joystick",
    ),
    Title(
        "cloud-drive", "拾光网盘会员", "2 TB 空间，不限速", "cloud",
        "照片自动备份，相册按人与地点整理。", ("30 天", "1 年"), (Edition("2 TB", 1, 5, (15, 148)),), codes=3,
    ),
    Title(
        "book-pass", "有座书房读书卡", "三十万册电子书与有声书", "books",
        "一张卡读完一整年。支持墨水屏阅读器。", ("90 天", "1 年"), (Edition("读书卡", 1, 3, (45, 148)),), codes=10,
    ),
    Title(
        "language-class", "鹦鹉口语课", "每天二十分钟，真人纠音", "parrot",
        "英语、日语、法语三门任选，可暂停三次。", ("90 天", "1 年"), (Edition("单语种", 1, 2, (168, 498)),), codes=2,
    ),
)  # fmt: skip


def open_software(categories: dict[str, int], operator: Actor, buyers: Sequence[Buyer]) -> None:
    """Both shops, their titles and codes, and a few licences that were sold."""
    for data, titles in ((MAKER, TITLES), (PASSES, CARDS)):
        shop = open_shop(data, categories, operator)
        offered = [_offer(title, data, shop, categories["software"]) for title in titles]
        for index, one in enumerate(offered[:4]):
            variants = one.variants.order_by("position")
            ordered(Wish(variants[index % len(variants)].pk, 1 + index % 2), buyers[index % len(buyers)])


def _offer(title: Title, data: ShopData, shop: Shop, category_id: int) -> Product:
    editions = tuple(edition.name for edition in title.editions)
    wares = [
        VariantData(sku=f"{title.slug}-{n}".upper(), price=round(edition.prices[at] * 100), values=(edition.name, term))
        for n, (edition, (at, term)) in enumerate(every(title.editions, enumerate(title.terms)), 1)
    ]
    told = ProductData(
        kind="issue",
        title=title.title,
        slug=title.slug,
        subtitle=title.subtitle,
        description=title.text,
        brand=data.name,
        category_id=category_id,
        options=(OptionData("版本", editions), OptionData("期限", title.terms)),
        variants=tuple(wares),
        pictures=gallery((title.icon, title.more_icon or title.icon), data.hue, shop.merchant.pk, title.title),
    )
    row = save_product(shop.merchant.pk, told, product_id=None, stock={}, low_at={}, actor=shop.actor, now=LOADED)
    by_name = {edition.name: edition for edition in title.editions}
    for variant in row.variants.order_by("position"):
        edition, term = by_name[variant.values[0]], variant.values[1]
        plan = PlanData(
            source="pool" if title.codes else "signed",
            edition=edition.name,
            term_days=TERMS[term],
            seats=edition.seats,
            machines=edition.machines,
        )
        set_licence_plan(row.pk, variant.pk, plan, actor=shop.actor, now=LOADED)
        _stock(title, row, variant.pk, shop.actor)
    list_product(row.pk, actor=shop.actor, now=LOADED)
    return row


def _stock(title: Title, row: Product, variant_id: int, actor: Actor) -> None:
    """Codes as the maker of a pass sends them, in a file; of our own only how many may be sold."""
    if not title.codes:
        restock_variant(variant_id, SOLD, because="edit", actor=actor, now=LOADED)
        return
    table = "\n".join(["卡密", *(new_code() for _ in range(title.codes))]).encode()
    file = receive_codes(row.pk, variant_id, table, name=f"{title.slug}.csv", actor=actor, now=LOADED)
    import_codes(file.pk, actor=actor, now=LOADED)
