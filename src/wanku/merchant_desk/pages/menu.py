"""The menu at the desk: its sections, the order of its dishes, and each dish with its options."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final, TypeVar

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from wanku.access.can import Permission
from wanku.catalog.models import Category, Product, Variant
from wanku.catalog.rules import PictureData
from wanku.catalog.sheets.cells import price_text
from wanku.files.accept import accept_picture
from wanku.flows.offering.arrange_menu import arrange_menu
from wanku.flows.offering.save_dish import save_dish
from wanku.kernel.refusal import BAD_VALUE, NOT_FOUND, Code, Refusal, gettext_noop
from wanku.kinds.meal.kind import MealKind
from wanku.kinds.meal.menu import sections_of
from wanku.kinds.meal.models import Dish, Group, Kitchen, Option, Section
from wanku.kinds.meal.rules import DishData, GroupData, OptionData, SectionData
from wanku.kinds.meal.words import TAGS
from wanku.merchant_desk import asked
from wanku.merchant_desk.desk import act, link, page, show
from wanku.merchant_desk.pages.editing import categories
from wanku.merchants.models import Merchant
from wanku.ui.request import Request

T = TypeVar("T")
METHODS: Final = ["GET", "HEAD", "POST"]
TEXTS: Final = ("title", "subtitle", "description", "category", "section", "sizes", "portions")
SPARE: Final = 2
GROUPS_MAX: Final = 14
NO_PRICE = gettext_noop("Write “name=price” on each line, or one price.")
NO_COURSE: Final = Code("no_course", gettext_noop("“%(name)s” is no dish of this menu."), 422)


@require_http_methods(METHODS)
@page(Permission.PRODUCTS_EDIT)
def menu(request: Request, shop: Merchant) -> HttpResponse:
    """Sections with their dishes; each moves by one place with a button."""
    sections = sections_of(shop.pk)
    if request.method != "POST":
        return _menu(request, shop, sections)
    return act(
        request,
        lambda: arrange_menu(shop.pk, _arranged(request, sections), actor=request.actor, now=request.now),
        done=_("The menu is saved."),
        back=link(shop, "menu"),
    )


@require_http_methods(METHODS)
@page(Permission.PRODUCTS_EDIT)
def dish(request: Request, shop: Merchant, dish_id: int | None = None) -> HttpResponse:
    """One dish: what it is, its sizes, portions and options."""
    product = None
    if dish_id is not None:
        product = Product.objects.filter(pk=dish_id, merchant=shop, kind=MealKind.code).first()
        if product is None:
            raise Refusal(NOT_FOUND)
    if request.method != "POST":
        return _form(request, shop, product, _of(product))
    typed = _typed(request)
    if request.POST.get("step") == "group":
        return _form(request, shop, product, replace(typed, groups=[*typed.groups, *[_blank()] * SPARE][:GROUPS_MAX]))

    def deed() -> None:
        save_dish(
            shop.pk,
            _data(typed, shop),
            product_id=dish_id,
            picture=_picture(request, shop, typed.texts["title"]),
            actor=request.actor,
            now=request.now,
        )

    return act(
        request,
        deed,
        done=_("The dish is on the menu. Orders that were placed keep what they were."),
        back=link(shop, "menu"),
        again=lambda no: _form(request, shop, product, typed, no),
    )


@dataclass(frozen=True, slots=True)
class _Form:
    """What stands in the fields of a dish."""

    texts: Mapping[str, str]
    tags: list[str]
    groups: list[dict[str, Any]]


def _menu(request: Request, shop: Merchant, sections: list[SectionData]) -> HttpResponse:
    rows = Dish.objects.filter(merchant=shop).select_related("product")
    dishes = {row.pk: row for row in rows}
    prices = {
        v.product_id: v.price for v in Variant.objects.filter(product__in=dishes, is_active=True).order_by("-price")
    }
    shown = [
        {"id": s.id, "name": s.name, "dishes": [(dishes[pk], prices.get(pk, 0)) for pk in s.dishes]}
        for s in sections
        if s.id is not None or s.dishes
    ]
    context = {"sections": shown, "has_kitchen": Kitchen.objects.filter(pk=shop.pk).exists()}
    return show(request, shop, "menu.html", context)


def _arranged(request: Request, sections: list[SectionData]) -> list[SectionData]:
    """The menu as one button of its page wants it."""
    post, named = request.POST, [s for s in sections if s.id is not None]
    what, _colon, text = post.get("do", "").partition(":")
    key = asked.whole(text) or 0
    if what == "add":
        return [*named, SectionData(post.get("name", ""))]
    if what == "rename":
        return [replace(s, name=post.get("name", "")) if s.id == key else s for s in named]
    if what == "remove":
        return [s for s in named if s.id != key]
    if what in ("up", "down"):
        keys = [s.id for s in named]
        return _moved(named, keys.index(key), what) if key in keys else named
    if what in ("dish-up", "dish-down"):
        return [_shifted(s, key, what.removeprefix("dish-")) for s in named]
    raise Refusal(BAD_VALUE, field="do", problem=gettext_noop("Choose one of the steps that are offered."))


def _shifted(section: SectionData, dish_id: int, way: str) -> SectionData:
    if dish_id not in section.dishes:
        return section
    return replace(section, dishes=tuple(_moved(list(section.dishes), section.dishes.index(dish_id), way)))


def _moved(items: list[T], at: int, way: str) -> list[T]:
    to = at - 1 if way == "up" else at + 1
    if 0 <= to < len(items):
        items[at], items[to] = items[to], items[at]
    return items


def _blank() -> dict[str, Any]:
    return {"name": "", "least": "0", "most": "1", "options": "", "courses": False}


def _of(product: Product | None) -> _Form:
    row = Dish.objects.filter(pk=product.pk).first() if product else None
    if product is None:
        category = Category.objects.filter(slug="meals", is_open=True).first()
        texts = {**dict.fromkeys(TEXTS, ""), "category": str(category.pk) if category else ""}
        return _Form(texts, [], [_blank()] * SPARE)
    variants = Variant.objects.filter(product=product, is_active=True)
    sizes = "\n".join(f"{v.label}={price_text(v.price)}" if v.label else price_text(v.price) for v in variants)
    texts = {
        "title": product.title,
        "subtitle": product.subtitle,
        "description": product.description,
        "category": str(product.category_id),
        "section": str(row.section_id or "") if row else "",
        "sizes": sizes,
        "portions": "" if row is None or row.portions is None else str(row.portions),
    }
    groups = [
        {
            "name": group.name,
            "least": str(group.least),
            "most": str(group.most),
            "options": "\n".join(_option_text(option) for option in group.options.all()),
            "courses": any(option.of_id for option in group.options.all()),
        }
        for group in Group.objects.filter(dish=product.pk).prefetch_related("options")
    ]
    return _Form(texts, list(row.tags) if row else [], [*groups, _blank()])


def _option_text(option: Option) -> str:
    return f"{option.name}={price_text(option.price)}" if option.price else option.name


def _typed(request: Request) -> _Form:
    post = request.POST
    groups = []
    for at in range(min(asked.whole(post.get("groups", "")) or 0, GROUPS_MAX)):
        row: dict[str, Any] = {name: post.get(f"g{at}-{name}", "") for name in ("name", "least", "most", "options")}
        groups.append({**row, "courses": bool(post.get(f"g{at}-courses"))})
    # A group without a name and without options is a spare that nobody filled in.
    kept = [group for group in groups if group["name"].strip() or group["options"].strip()]
    return _Form({name: post.get(name, "") for name in TEXTS}, post.getlist("tag")[:8], kept)


def _data(typed: _Form, shop: Merchant) -> DishData:
    texts = typed.texts
    titles = dict(Dish.objects.filter(merchant=shop).values_list("product__title", "pk"))
    portions = asked.whole(texts["portions"], -1) if texts["portions"].strip() else None
    return DishData(
        title=texts["title"],
        subtitle=texts["subtitle"],
        description=texts["description"],
        category_id=asked.whole(texts["category"]) or 0,
        sizes=tuple(_priced(texts["sizes"], "sizes", needs_price=True)),
        size_word=_("Size"),
        section_id=asked.whole(texts["section"]),
        portions=portions,
        tags=tuple(tag for tag in TAGS if tag in typed.tags),
        groups=tuple(_group(at, group, titles) for at, group in enumerate(typed.groups)),
    )


def _group(at: int, group: Mapping[str, Any], titles: Mapping[str, int]) -> GroupData:
    options = _priced(group["options"], f"groups.{at}.options", needs_price=False)
    if group["courses"]:
        for name, _price in options:
            if name not in titles:
                raise Refusal(NO_COURSE, field=f"groups.{at}.options", name=name)
    least, most = asked.whole(group["least"], -1), asked.whole(group["most"], -1)
    return GroupData(
        name=group["name"].strip(),
        least=-1 if least is None else least,
        most=-1 if most is None else most,
        options=tuple(
            OptionData(name, price, titles.get(name) if group["courses"] else None) for name, price in options
        ),
    )


def _priced(text: str, field: str, *, needs_price: bool) -> list[tuple[str, int]]:
    """Lines such as ``大碗=32.00``; a line without a sign is a price where one is needed, else a name that is free."""
    found = []
    for line in (line.strip() for line in text.replace("＝", "=").splitlines()[:40] if line.strip()):
        name, sign, told = line.rpartition("=")
        if not sign:
            name, told = ("", line) if needs_price else (line, "0")
        price = asked.money(told)
        if price is None:
            raise Refusal(BAD_VALUE, field=field, problem=NO_PRICE)
        found.append((name.strip(), price))
    return found


def _picture(request: Request, shop: Merchant, title: str) -> PictureData | None:
    upload = request.FILES.get("picture")
    if upload is None:
        return None
    owner = f"merchant:{shop.pk}"
    kept = accept_picture(upload.read(), owner=owner, is_public=True, now=request.now, field="picture")
    return PictureData(picture_id=kept.pk, alt=title)


def _form(
    request: Request, shop: Merchant, product: Product | None, form: _Form, problem: Refusal | None = None
) -> HttpResponse:
    context = {
        "product": product,
        "form": form,
        "sections": [("", _("None")), *((s.pk, s.name) for s in Section.objects.filter(merchant=shop))],
        "categories": categories(),
        "tags": [(tag, word, tag in form.tags) for tag, word in TAGS.items()],
        "picture": product.pictures.first() if product else None,
    }
    return show(request, shop, "dish.html", context, problem=problem)
