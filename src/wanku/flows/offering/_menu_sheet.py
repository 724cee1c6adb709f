"""A menu as a table: a row for each size and option of a dish."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Final

from wanku.access.actor import Actor
from wanku.catalog import rules
from wanku.catalog.models import Category, Product
from wanku.catalog.sheets import cells
from wanku.catalog.sheets.columns import Column
from wanku.catalog.sheets.refusals import CELL_MISSING, CELL_NO_CHOICE, UNKNOWN_CATEGORY
from wanku.catalog.sheets.rows import Row
from wanku.flows.offering._kitchen import hold_kitchen
from wanku.flows.offering._sheet import CREATE, SAME, UPDATE, Cells, Form, Outcome, Wrong, mapped, try_out
from wanku.flows.offering.arrange_menu import arrange_menu
from wanku.flows.offering.save_dish import save_dish
from wanku.flows.selling._plan import categories_by_word
from wanku.kernel.refusal import Code, Refusal, gettext_noop
from wanku.kernel.text import clean
from wanku.kinds.meal.kind import MealKind
from wanku.kinds.meal.menu import dishes_data, sections_of
from wanku.kinds.meal.models import Dish
from wanku.kinds.meal.rules import (
    NAME_MAX,
    OPTIONS_MAX,
    PORTIONS_MAX,
    TAG_NAMES,
    DishData,
    GroupData,
    OptionData,
    SectionData,
)

MENU_COLUMNS: Final = (
    Column("dish", "菜品", gettext_noop(
        "Name of the dish. Rows below with the same name, or with none, are its further sizes and options. Importing "
        "it again changes the dish."
    ), "番茄牛腩面", 22, once=False),
    Column("section", "分类", gettext_noop("Part of the menu; a new one is made. Empty for none."), "面"),
    Column("subtitle", "副标题", gettext_noop("A line below the name; may be empty."), "慢炖四小时", 20),
    Column("description", "详情", gettext_noop("Plain text; may be empty."), "…", 28),
    Column("tags", "标签", gettext_noop("Some of new, loved, hot and vegetarian, with commas."), "new, hot", 14),
    Column("portions", "每日份数", gettext_noop("Portions of a day; empty for as many as are wanted."), "40", 10),
    Column("size", "规格", gettext_noop("Name of a size; empty for a dish with one size."), "大碗", 10, once=False),
    Column("price", "价格", gettext_noop("Price of this size in yuan, for example 12.50."), "32.00", 10, once=False),
    Column("group", "选项组", gettext_noop(
        "What is to be chosen with the dish; empty for a further option of the row above."
    ), "辣度", 12, once=False),
    Column("least", "最少选", gettext_noop("At least so many options; 0 when empty."), "1", 8, once=False),
    Column("most", "最多选", gettext_noop("At most so many options; 1 when empty."), "1", 8, once=False),
    Column("option", "选项", gettext_noop("One thing that can be chosen."), "微辣", 12, once=False),
    Column("option_price", "选项加价", gettext_noop("What it costs besides; nothing when empty."), "1.00", 10,
           once=False),
    Column("course", "套餐菜品", gettext_noop("yes when the option is a dish of this menu, for combos."), "no", 10,
           once=False),
    Column("category", "类目", gettext_noop("Path or name of a category of the shop’s; meals when empty."), "", 12),
)  # fmt: skip
FORM: Final = Form(MENU_COLUMNS, ("dish", "price"), 500)
BY_NAME: Final = {column.name: column for column in MENU_COLUMNS}
NO_DISH: Final = Code("no_course", gettext_noop("“%(name)s” is no dish of this menu."), 422)
TWO_DISHES: Final = Code(
    "two_dishes", gettext_noop("The menu has several dishes “%(name)s”. Please change them on their own pages."), 422
)
NO_GROUP: Final = Code("no_group", gettext_noop("Name the group that this option belongs to."), 422)
EMPTY_ROW: Final = Code("empty_row", gettext_noop("A row names a size with its price, an option, or both."), 422)
_BETWEEN: Final = re.compile(r"[,，;；、\s]+")
MEALS: Final = "meals"


def take_menu(merchant_id: int, content: bytes, *, actor: Actor, now: datetime) -> Outcome:
    """Put the dishes of a table on the menu, inside the caller's transaction.

    Raises:
        Refusal: ``no_menu``; those of the file.
    """
    hold_kitchen(merchant_id, actor)
    # All at once and in order of id, so that nobody who changes two of them meets us half-way.
    mine = Product.objects.filter(merchant=merchant_id, kind=MealKind.code).order_by("pk")
    list(mine.select_for_update(no_key=True))
    menu = _Menu(merchant_id, actor, now, categories_by_word())
    for pk, title in Dish.objects.filter(merchant=merchant_id).exclude(product__state="removed").values_list(
        "pk", "product__title"
    ):  # fmt: skip
        menu.dishes.setdefault(title, []).append(pk)
    menu.known = dishes_data([pk for keys in menu.dishes.values() for pk in keys])
    menu.sections = {section.name: section.id for section in sections_of(merchant_id) if section.id is not None}
    return try_out(content, FORM, _groups, menu.write)


def _groups(rows: Sequence[Row]) -> list[tuple[str, list[Row]]]:
    """Rows of one dish: with its name, or without any below it."""
    groups: dict[str, list[Row]] = {}
    name = ""
    for row in rows:
        name = clean(row.cell("dish")) or name
        groups.setdefault(name, []).append(row)
    return list(groups.items())


@dataclass(slots=True)
class _Menu:
    """The menu as it is, and as it becomes row by row.

    Attributes:
        dishes: product ids by name.
        sections: ids by name.
    """

    merchant_id: int
    actor: Actor
    now: datetime
    categories: Mapping[str, Category]
    dishes: dict[str, list[int]] = field(default_factory=dict)
    known: dict[int, DishData] = field(default_factory=dict)
    sections: dict[str, int | None] = field(default_factory=dict)

    def write(self, rows: Sequence[Row]) -> str:
        """Write one dish."""
        first, title = rows[0], clean(rows[0].cell("dish"))
        keys = self.dishes.get(title, [])
        if len(keys) > 1:
            raise Wrong([(first, "dish", Refusal(TWO_DISHES, name=title))])
        product_id = keys[0] if keys else None
        before = self.known[product_id] if product_id is not None else None
        told = _Told(rows)
        data = self._data(told, before)
        if data == before:
            return SAME
        try:
            dish = save_dish(self.merchant_id, data, product_id=product_id, actor=self.actor, now=self.now)
        except Refusal as refusal:
            raise mapped(refusal, told.places(), (first, "dish")) from None
        self.dishes[title] = [dish.pk]
        return UPDATE if keys else CREATE

    def _data(self, told: "_Told", before: DishData | None) -> DishData:
        """A dish as its rows say; a column that is missing leaves things as they are."""
        row, read = told.rows[0], told.read
        fields: dict[str, Any] = {"title": read.needed(row, BY_NAME["dish"], cells.text(rules.TITLE_MAX), "")}
        for name, most in (("subtitle", rules.SUBTITLE_MAX), ("description", rules.DESCRIPTION_MAX)):
            if row.has(name):
                fields[name] = read.read(row, name, cells.text(most, lines=name == "description"), "")
        if row.has("tags"):
            fields["tags"] = read.read(row, "tags", _tags, ())
        if row.has("portions"):
            fields["portions"] = read.read(row, "portions", cells.whole(0, PORTIONS_MAX), None)
        fields["category_id"] = read.read(row, "category", lambda cell: self._category(cell, before), 0)
        fields["sizes"] = told.sizes()
        if row.has("option"):
            fields["groups"] = told.groups(self.dishes)
        section = read.read(row, "section", cells.text(NAME_MAX), "") if row.has("section") else None
        read.check()
        if section is not None:
            fields["section_id"] = self._section(section, row) if section else None
        return replace(before or DishData("", 0, ()), **fields)

    def _category(self, cell: str, before: DishData | None) -> int:
        if not cell and before is not None:
            return before.category_id
        found = self.categories.get(cell.lower() or MEALS)
        if found is None:
            raise Refusal(UNKNOWN_CATEGORY, value=cell or MEALS, example=next(iter(self.categories), MEALS))
        return int(found.pk)

    def _section(self, name: str, row: Row) -> int | None:
        if name not in self.sections:
            kept = [section for section in sections_of(self.merchant_id) if section.id is not None]
            try:
                arrange_menu(self.merchant_id, [*kept, SectionData(name)], actor=self.actor, now=self.now)
            except Refusal as refusal:
                raise mapped(refusal, {}, (row, "section")) from None
            found = {section.name: section.id for section in sections_of(self.merchant_id)}
            self.sections[name] = found[name]
        return self.sections[name]


@dataclass(slots=True)
class _Told:
    """The rows of one dish, with the row of each size, group and option that was read."""

    rows: Sequence[Row]
    read: Cells = field(default_factory=Cells)
    size_rows: list[Row] = field(default_factory=list)
    option_rows: list[list[Row]] = field(default_factory=list)

    def sizes(self) -> tuple[tuple[str, int], ...]:
        """Names and prices; a row without both is about an option alone."""
        found = []
        for row in self.rows:
            if not row.cell("size") and not row.cell("price"):
                if not row.cell("option"):
                    self.read.wrong.append((row, "", Refusal(EMPTY_ROW)))
                continue
            price = self.read.needed(row, BY_NAME["price"], cells.price, None)
            found.append((self.read.read(row, "size", cells.text(NAME_MAX), ""), price or 0))
            self.size_rows.append(row)
        if not found:
            self.read.wrong.append((self.rows[0], "price", Refusal(CELL_MISSING, example=BY_NAME["price"].example)))
        # A single size has no name.
        return tuple(found) if len(found) > 1 else tuple(("", price) for _name, price in found)

    def groups(self, dishes: Mapping[str, Sequence[int]]) -> tuple[GroupData, ...]:
        """What is to be chosen, by group in the order of the rows."""
        found: dict[str, tuple[int, int, list[OptionData]]] = {}
        name = ""
        for row in self.rows:
            if not row.cell("option"):
                if row.cell("group"):
                    self.read.needed(row, BY_NAME["option"], str, "")
                continue
            name = self.read.read(row, "group", cells.text(NAME_MAX), "") or name
            if not name:
                self.read.wrong.append((row, "group", Refusal(NO_GROUP)))
                continue
            if name not in found:
                least = self.read.told(row, "least", cells.whole(0, OPTIONS_MAX), 0) or 0
                most = self.read.told(row, "most", cells.whole(1, OPTIONS_MAX), 1) or 1
                found[name] = (least, most, [])
                self.option_rows.append([])
            found[name][2].append(self._option(row, dishes))
            self.option_rows[list(found).index(name)].append(row)
        return tuple(GroupData(name, least, most, tuple(options)) for name, (least, most, options) in found.items())

    def _option(self, row: Row, dishes: Mapping[str, Sequence[int]]) -> OptionData:
        name = self.read.read(row, "option", cells.text(NAME_MAX), "")
        price = self.read.told(row, "option_price", cells.extra, 0)
        course = self.read.told(row, "course", cells.choice(*cells.YES_NO, words=cells.YES_NO_WORDS), "no")
        if course != "yes":
            return OptionData(name, price)
        keys = dishes.get(name, ())
        if len(keys) != 1:
            code = TWO_DISHES if keys else NO_DISH
            self.read.wrong.append((row, "option", Refusal(code, name=name)))
            return OptionData(name, price)
        return OptionData(name, price, keys[0])

    def places(self) -> dict[str, tuple[Row, str]]:
        """Where the fields of a dish came from."""
        first = self.rows[0]
        found = {name: (first, name) for name in BY_NAME} | {"title": (first, "dish"), "sizes": (first, "size")}
        for at, row in enumerate(self.size_rows):
            found[f"variants.{at}.price"] = (row, "price")
        for at, rows in enumerate(self.option_rows):
            found |= {f"groups.{at}.{name}": (rows[0], name) for name in ("most", "least")}
            found |= {f"groups.{at}.name": (rows[0], "group"), f"groups.{at}.options": (rows[0], "option")}
            for place, row in enumerate(rows):
                field_name = f"groups.{at}.options.{place}"
                found |= {f"{field_name}.name": (row, "option"), f"{field_name}.price": (row, "option_price")}
        found["groups"] = (self.option_rows[0][0] if self.option_rows else first, "group")
        return found


def _tags(cell: str) -> tuple[str, ...]:
    told = {word.lower() for word in _BETWEEN.split(cell) if word}
    unknown = next((word for word in sorted(told) if word not in TAG_NAMES), None)
    if unknown is not None:
        raise Refusal(CELL_NO_CHOICE, value=unknown[: cells.SHOWN], choices=", ".join(TAG_NAMES))
    return tuple(tag for tag in TAG_NAMES if tag in told)
