"""Houses of the demo: where they are, their rooms, seasons and rates, set up by the flows that real hosts take."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, time, timedelta
from typing import Final
from uuid import UUID

from wanku.access.actor import Actor
from wanku.catalog.rules import ProductData, VariantData
from wanku.flows.offering.paint_nights import paint_nights
from wanku.flows.offering.save_room import save_room
from wanku.flows.offering.set_house import set_house
from wanku.flows.offering.set_seasons import set_seasons
from wanku.flows.selling.list_product import list_product
from wanku.flows.selling.save_product import save_product
from wanku.kinds.stay.models import Place
from wanku.kinds.stay.rules import HouseData, Paint, RateData, RoomData, SeasonData
from wanku.merchants.models import Merchant
from wanku.runner.demo._clock import LOADED
from wanku.runner.demo._shape import ShopData
from wanku.runner.demo.shops import open_shop
from wanku.runner.demo.trade import drawn, gallery

AHEAD_DAYS: Final = 150
EAST: Final = "Asia/Shanghai"
FREE: Final = ((48, 0), (24, 5000))
STRICT: Final = ((24 * 30, 5000),)
LONG: Final = ((3, 500), (7, 1200))
NEW_YEAR: Final = SeasonData("跨年", date(LOADED.year, 12, 30), date(LOADED.year + 1, 1, 2), 0, min_nights=2)
SPRING: Final = SeasonData("春节", date(2027, 2, 5), date(2027, 2, 12), 0, min_nights=2)
NAMES: Final[Mapping[str, str]] = {
    "杭州": "Hangzhou", "苏州": "Suzhou", "大理": "Dali", "桂林": "Guilin", "三亚": "Sanya", "香格里拉": "Shangri-La",
    "京都": "Kyoto", "箱根": "Hakone", "清迈": "Chiang Mai", "柏林": "Berlin", "纽约": "New York", "冰岛": "Iceland",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Room:
    """A room type; yuan for a usual night, and how many rooms."""

    name: str
    about: str
    icon: str
    beds: str
    area: int
    price: int
    rooms: int
    most: int = 2
    has: tuple[str, ...] = ("air", "bathtub", "workplace")


@dataclass(frozen=True, slots=True)
class House:
    """A house; the first icon is its cover."""

    slug: str
    place: str
    title: str
    subtitle: str
    icons: tuple[str, ...]
    address: str
    text: str
    has: tuple[str, ...]
    rooms: tuple[Room, ...]
    stars: int | None = None
    zone: str = EAST
    check_in: time = time(15)
    check_out: time = time(12)


def twin(price: int, rooms: int, about: str = "两张 1.2 米床，窗外是院子") -> Room:
    """A room with two beds."""
    return Room("庭院双床房", about, "bed", "2 张 1.2 米床", 28, price, rooms)


def king(price: int, rooms: int, name: str, about: str) -> Room:
    """A room with one large bed."""
    return Room(
        name, about, "couch-and-lamp", "1 张 1.8 米床", 34, price, rooms, has=("air", "view", "balcony", "fridge")
    )


def family(price: int, rooms: int) -> Room:
    """A suite for a family."""
    about = "一室一厅，加两张小床也不挤"
    return Room(
        "家庭套房", about, "bathtub", "1 张大床与 2 张小床", 52, price, rooms, 4, ("air", "bathtub", "kitchen", "tv")
    )


NEAR: Final = (
    House(
        "hupan",
        "杭州",
        "湖畔小院 · 北山街",
        "推窗见湖，步行到断桥八分钟",
        ("house-with-garden", "lotus", "sailboat"),
        "西湖区北山街 42 号",
        "民国小楼改建，只有九间房。早餐是片儿川与现磨豆浆，院里有两棵百年香樟。",
        ("wifi", "garden", "cafe", "bikes", "luggage", "air", "no_smoking"),
        (twin(588, 4), king(788, 3, "湖景大床房", "三面窗，清晨看雾起"), family(1180, 2)),
        4,
    ),
    House(
        "zhujing",
        "杭州",
        "竹径茶舍 · 龙井村",
        "睡在茶园里，清晨跟着茶农上山",
        ("pine-decoration", "teacup-without-handle", "sunrise-over-mountains"),
        "西湖区龙井路 18 号",
        "十二间房，推门就是茶垄。住客可跟着茶农采茶、看炒茶，茶席每晚开到九点。",
        ("wifi", "parking", "restaurant", "garden", "pets", "air"),
        (twin(458, 6), king(628, 4, "茶园大床房", "露台正对茶山")),
    ),
    House(
        "pingjiang",
        "苏州",
        "平江里 · 水巷宅院",
        "枕河人家，评弹就在楼下",
        ("houses", "bridge-at-night", "lotus"),
        "姑苏区平江路 61 号",
        "三进老宅，石阶直落河埠头。每周五晚天井里听评弹，住客留座。",
        ("wifi", "cafe", "garden", "desk", "luggage", "lift", "air"),
        (twin(498, 5), king(698, 3, "临河大床房", "窗下就是乌篷船"), family(1080, 1)),
        4,
    ),
    House(
        "erhai",
        "大理",
        "洱海边的院子",
        "十步到水边，落地窗里是苍山",
        ("sunrise", "water-wave", "flamingo"),
        "大理市双廊镇岛依旁 9 号",
        "白族老院，主人会做乳扇和酸辣鱼。日出时分湖面最静，天台有望远镜。",
        ("wifi", "parking", "restaurant", "bikes", "shuttle", "pets"),
        (twin(388, 4), king(688, 4, "全海景大床房", "躺在浴缸里看日落")),
    ),
    House(
        "lijiang-water",
        "桂林",
        "漓江竹筏旅舍",
        "窗外即山水，清晨有竹筏来接",
        ("foggy", "national-park", "sailboat"),
        "阳朔县兴坪镇榕潭街 3 号",
        "二十元人民币背后的那段江，就在门前。晚上有渔火，早上有米粉。",
        ("wifi", "restaurant", "bikes", "luggage", "family", "air"),
        (twin(268, 6), king(398, 4, "江景大床房", "整面墙的窗对着江"), family(680, 2)),
        3,
    ),
    House(
        "yalong",
        "三亚",
        "亚龙湾椰影度假酒店",
        "无边泳池连着沙滩，孩子有自己的乐园",
        ("beach-with-umbrella", "palm-tree", "desert-island"),
        "吉阳区亚龙湾路 88 号",
        "一线海景，三个泳池、一间儿童乐园。机场与高铁站免费接送，早餐六点半开始。",
        ("wifi", "pool", "gym", "restaurant", "shuttle", "family", "desk", "lift", "access"),
        (twin(888, 12, "两张 1.35 米床，园景阳台"), king(1288, 10, "海景大床房", "阳台正对海"), family(1988, 4)),
        5,
    ),
    House(
        "shangri",
        "香格里拉",
        "松赞云上山居",
        "雪山下的石头房，壁炉一直烧着",
        ("snow-capped-mountain", "national-park", "snowflake"),
        "建塘镇阿若康巴南路 2 号",
        "海拔三千二百米，每间都有地暖和制氧机。厨师煮一锅牦牛火锅，等你从普达措回来。",
        ("wifi", "heating", "restaurant", "parking", "shuttle", "spring"),
        (twin(780, 5), king(1180, 3, "雪山大床房", "醒来看日照金山")),
        4,
    ),
)
FAR: Final = (
    House(
        "kamo",
        "京都",
        "鸭川町家",
        "百年町家整栋，榻榻米与桧木浴",
        ("shinto-shrine", "cherry-blossom", "bathtub"),
        "京都市東山区川端通 24",
        "一栋町家只住一组客人：坪庭、茶室、桧木浴缸。管家用中文回复，送京果子。",
        ("wifi", "garden", "kitchen", "luggage", "no_smoking"),
        (king(1680, 1, "整栋町家", "两层，最多四位客人"),),
        None,
        "Asia/Tokyo",
        time(16),
        time(10),
    ),
    House(
        "hakone",
        "箱根",
        "雾见温泉旅馆",
        "露天汤池对着富士山，一泊二食",
        ("mount-fuji", "hot-springs", "japanese-castle"),
        "神奈川県箱根町仙石原 1290",
        "十六间和室，含早晚餐的方案是怀石。源泉不加水，男女汤每日交换。",
        ("wifi", "spring", "restaurant", "parking", "shuttle", "heating"),
        (twin(1380, 8, "十叠和室，铺布团"), king(2280, 3, "露天汤池房", "房内有自己的汤池")),
        4,
        "Asia/Tokyo",
        time(15),
        time(11),
    ),
    House(
        "ping",
        "清迈",
        "湄平河柚木屋",
        "河边柚木老屋，泳池边吃早午餐",
        ("tent", "flamingo", "palm-tree"),
        "123 Charoen Rat Rd, Chiang Mai",
        "三栋柚木屋围着一池水。夜市走路十分钟，自行车随便骑。",
        ("wifi", "pool", "bikes", "cafe", "family", "air"),
        (twin(328, 6), king(488, 5, "河景大床房", "木阳台伸到河上")),
        3,
        "Asia/Bangkok",
        time(14),
        time(12),
    ),
    House(
        "spree",
        "柏林",
        "施普雷河畔 Loft",
        "老印刷厂里的挑高公寓，楼下就是面包房",
        ("classical-building", "tram", "cityscape"),
        "Köpenicker Str. 18, Berlin",
        "砖墙与钢窗，自带厨房。晚到也不怕，门码会在入住当天发来。",
        ("wifi", "kitchen", "laundry", "bikes", "lift", "heating", "pets"),
        (king(820, 6, "挑高大床房", "六米挑高，带小阁楼"), family(1260, 3)),
        None,
        "Europe/Berlin",
        time(15),
        time(11),
    ),
    House(
        "hudson",
        "纽约",
        "哈德逊 27 号",
        "高线公园旁，天台看得见帝国大厦",
        ("cityscape-at-dusk", "statue-of-liberty", "night-with-stars"),
        "427 W 27th St, New York",
        "小而全的城市酒店：二十四小时前台、健身房、天台酒吧。地铁站走路四分钟。",
        ("wifi", "gym", "desk", "luggage", "lift", "access", "laundry"),
        (twin(1080, 10, "两张双人床，朝内庭"), king(1380, 8, "城景大床房", "落地窗看得见夕阳")),
        4,
        "America/New_York",
        time(16),
        time(11),
    ),
    House(
        "aurora",
        "冰岛",
        "极光小屋 · 赫拉",
        "玻璃屋顶，夜里有人叫醒你看极光",
        ("milky-way", "hut", "snow-capped-mountain"),
        "Hella, Suðurland",
        "七座小屋散在熔岩地上，屋顶是玻璃。极光来时前台会打电话，热水池全天开着。",
        ("wifi", "parking", "spring", "restaurant", "heating"),
        (king(1980, 5, "玻璃屋顶小屋", "躺着就能看见极光"), family(2680, 2)),
        None,
        "Atlantic/Reykjavik",
        time(15),
        time(11),
    ),
)
NEAR_SHOP: Final = ShopData(
    slug="qian",
    name="栖岸旅居",
    legal_name="杭州栖岸旅居酒店管理有限公司",
    credit_code="91330106MA27Y4L31E",
    owner="qian@demo.example",
    phone="+8613900139051",
    icon="house-with-garden",
    hue=158,
    about="在好山好水旁边经营七处小院与酒店。房间不多，主人都在。",
    notice="入住当天凭订单码办理，无需押金。",
    ships_from="浙江杭州",
    goods=(),
)
FAR_SHOP: Final = ShopData(
    slug="yuanfang",
    name="远方客栈",
    legal_name="上海远方客栈旅行服务有限公司",
    credit_code="91310115MA1K4Q7T6L",
    owner="yuanfang@demo.example",
    phone="+8613900139052",
    icon="luggage",
    hue=232,
    about="京都的町家、柏林的厂房、冰岛的玻璃屋顶，由我们自己住过再签下来。",
    notice="境外住宿以当地时间为准。",
    ships_from="上海",
    goods=(),
)


def open_houses(categories: dict[str, int], operator: Actor) -> None:
    """A host at home, and one abroad, whose nights are those of other zones."""
    for data, houses in ((NEAR_SHOP, NEAR), (FAR_SHOP, FAR)):
        shop = open_shop(data, categories, operator)
        for house in houses:
            _open(house, data.hue, shop.merchant, categories["stays"], shop.actor)
    for place in Place.objects.filter(name__in=NAMES):
        place.names = {"en": NAMES[place.name]}
        place.save(update_fields=["names"])


def _open(house: House, hue: int, merchant: Merchant, category_id: int, actor: Actor) -> None:
    data = ProductData(
        title=house.title,
        slug=house.slug,
        subtitle=house.subtitle,
        description=house.text,
        category_id=category_id,
        # Every product begins with a variant; the rates take its place.
        variants=(VariantData(sku=house.slug.upper(), price=house.rooms[0].price * 100),),
        pictures=gallery(house.icons, hue, merchant.pk, house.title),
        kind="stay",
    )
    product = save_product(merchant.pk, data, product_id=None, stock={}, low_at={}, actor=actor, now=LOADED)
    where = HouseData(
        place=house.place,
        address=house.address,
        zone=house.zone,
        check_in=house.check_in,
        check_out=house.check_out,
        stars=house.stars,
        facilities=house.has,
        rules="入住需出示本人证件。室内禁烟，晚上十一点后请轻声。",
        ahead_days=AHEAD_DAYS,
    )
    set_house(product.pk, where, actor=actor, now=LOADED)
    for n, room in enumerate(house.rooms):
        saved = save_room(
            product.pk,
            _room(room, drawn(room.icon, hue + 40 * (n + 1), n + 1, merchant.pk)),
            room_id=None,
            actor=actor,
            now=LOADED,
        )
        _calendar(saved.pk, room, actor)
    list_product(product.pk, actor=actor, now=LOADED)


def _room(room: Room, picture: UUID) -> RoomData:
    usual, weekend = room.price * 100, round(room.price * 1.2) * 100
    return RoomData(
        name=room.name,
        about=room.about,
        beds=room.beds,
        area=room.area,
        rooms=room.rooms,
        price=usual,
        weekdays=(None, None, None, None, weekend, weekend, None),
        included=2,
        most=room.most,
        adult_fee=12_000 if room.most > 2 else 0,
        child_fee=6_000 if room.most > 2 else 0,
        facilities=room.has,
        pictures=(picture,),
        rates=(
            RateData("含双早", "breakfast", plus=6_800, notice=FREE, long_stays=LONG),
            RateData("不含早", notice=FREE, long_stays=LONG),
            RateData("早订优惠", percent_bp=-1500, notice=STRICT),
        ),
    )


def _calendar(room_id: int, room: Room, actor: Actor) -> None:
    """Dearer days of the year, and a few days off for repairs."""
    price = round(room.price * 1.8) * 100
    seasons = [
        SeasonData(season.name, season.first, season.last, price, min_nights=season.min_nights)
        for season in (NEW_YEAR, SPRING)
    ]
    set_seasons(room_id, seasons, actor=actor, now=LOADED)
    first = LOADED.date() + timedelta(days=45)
    paint_nights(room_id, Paint(first, first + timedelta(days=2), closed=True), actor=actor, now=LOADED)
