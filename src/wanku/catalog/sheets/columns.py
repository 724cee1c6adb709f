"""The headings of our own product table, what each means, and what else it may be called."""

from collections.abc import Mapping
from dataclasses import dataclass

from wanku.kernel.refusal import gettext_noop


@dataclass(frozen=True, slots=True)
class Column:
    """One heading.

    Attributes:
        name: as we write it.
        chinese: as a Chinese table may write it.
        meaning: for the template's second page, translated at the edge.
        example: a value that would be right.
        width: of the column in a workbook, in characters.
        once: whether only the first row of a product needs it.
    """

    name: str
    chinese: str
    meaning: str
    example: str
    width: int = 14
    once: bool = True


COLUMNS = (
    Column("handle", "商品标识", gettext_noop(
        "Name of the product in addresses. Rows with the same handle are one product; importing it again updates it."
    ), "longjing-tea", 22, once=False),
    Column("title", "标题", gettext_noop("Title that buyers read, at most 120 characters."), "West Lake Longjing", 32),
    Column("subtitle", "副标题", gettext_noop("A line below the title; may be empty."), "Picked before Qingming", 28),
    Column("category", "类目", gettext_noop("Path or name of a category."), "food/tea"),
    Column("brand", "品牌", gettext_noop("Brand; may be empty."), "Bo Tea"),
    Column("description", "详情", gettext_noop("Plain text, line by line; at most 20,000 characters."), "…", 40),
    Column("state", "状态", gettext_noop("draft, on_sale or off."), "on_sale", 10),
    Column("option1_name", "规格1名称", gettext_noop("Name of the first option; empty without a choice."), "Pack"),
    Column("option1_value", "规格1值", gettext_noop("What this row is of the first option."), "100 g", once=False),
    Column("option2_name", "规格2名称", gettext_noop("Name of the second option."), "Grade"),
    Column("option2_value", "规格2值", gettext_noop("What this row is of the second option."), "Superior", once=False),
    Column("option3_name", "规格3名称", gettext_noop("Name of the third option."), ""),
    Column("option3_value", "规格3值", gettext_noop("What this row is of the third option."), "", once=False),
    Column("sku", "SKU", gettext_noop(
        "Your own number of this variant, unique in your shop; importing it again updates it."
    ), "LJ-100-S", 18, once=False),
    Column("price", "价格", gettext_noop("Price in yuan, for example 12.50."), "128.00", 10, once=False),
    Column("list_price", "划线价", gettext_noop("Price before the reduction, struck out; may be empty."), "168.00", 10,
           once=False),
    Column("stock", "库存", gettext_noop("Pieces that can be ordered now; empty leaves the stock as it is."), "40", 8,
           once=False),
    Column("low_stock_at", "库存预警", gettext_noop("You are told when the stock falls to this many pieces."), "5", 8,
           once=False),
    Column("weight_g", "重量(克)", gettext_noop("Weight of one piece in grams, for freight by weight."), "150", 10,
           once=False),
    Column("barcode", "条码", gettext_noop("Barcode; may be empty."), "6901234567892", 16, once=False),
    Column("ship_within_hours", "发货时限(小时)", gettext_noop(
        "You promise to ship within so many hours: 1 to 48, or up to 360 for a pre-sale."
    ), "48", 10),
    Column("arrives_days_min", "最早到达(天)", gettext_noop("Days from shipping to the earliest arrival."), "2", 10),
    Column("arrives_days_max", "最晚到达(天)", gettext_noop("Days from shipping to the latest arrival."), "5", 10),
    Column("return_rule", "退货规则", gettext_noop("Empty for the category's rule; no_reason is kinder."), "", 12),
    Column("return_days", "退货天数", gettext_noop("Empty for the category's days, or more of them."), "", 10),
    Column("limit_per_order", "每单限购", gettext_noop("Most pieces in one order; may be empty."), "", 10),
    Column("limit_per_person", "每人限购", gettext_noop("Most pieces that one person may have; may be empty."), "", 10),
    Column("waiting_room", "排队购买", gettext_noop("yes to queue buyers when this sells in a rush."), "no", 10),
    Column("parameters", "参数", gettext_noop("One “name=value” on each line."), "Origin=Hangzhou", 28),
    Column("add_ons", "加购项", gettext_noop("One “name=price” on each line."), "Gift wrap=5.00", 24),
    Column("pictures", "图片", gettext_noop(
        "One address on each line, after it a space and what the picture shows. Addresses are kept as text; nothing "
        "is fetched from the network."
    ), "", 40),
)  # fmt: skip
BY_NAME: Mapping[str, Column] = {c.name: c for c in COLUMNS}
ALIASES: Mapping[str, str] = {c.name: c.name for c in COLUMNS} | {c.chinese.lower(): c.name for c in COLUMNS}
"""Lower-case heading to name."""
OPTIONS_MAX = 3
