"""Kitchens: a shop's menu, what is sold out, and when it is open."""

from datetime import time

from django.http import HttpResponse
from ninja import Path, Router, Status

from wanku.access.can import Permission
from wanku.api.callers import KNOWN, desk
from wanku.api.fields import IdempotencyKey, PathId, Slug
from wanku.api.naming import renaming
from wanku.api.read import meals as read
from wanku.api.read import selling
from wanku.api.repeats import repeatable
from wanku.api.shapes.meals import (
    DishBody,
    DishShape,
    HoursBody,
    KitchenBody,
    KitchenShape,
    MenuBody,
    OpeningHours,
    PauseBody,
    SectionShape,
    SoldOutBody,
    Zones,
)
from wanku.flows.offering.arrange_menu import arrange_menu
from wanku.flows.offering.pause_kitchen import pause_kitchen
from wanku.flows.offering.save_dish import save_dish
from wanku.flows.offering.save_kitchen import save_kitchen
from wanku.flows.offering.set_delivery_zones import set_delivery_zones
from wanku.flows.offering.set_opening_hours import set_opening_hours
from wanku.flows.offering.switch_dish import switch_dish
from wanku.kernel.refusal import Refusal
from wanku.kinds.meal.hours import Hours, Special
from wanku.kinds.meal.models import Kitchen
from wanku.kinds.meal.rules import NO_MENU, DishData, GroupData, KitchenData, OptionData, SectionData, ZoneData
from wanku.ui.request import Request

router = Router(tags=["meals"], auth=KNOWN)


@router.get("/merchants/{slug}/kitchen", response=KitchenShape, summary="How a kitchen works")
def get_kitchen(request: Request, slug: Path[Slug]) -> KitchenShape:
    """Capacity, times and ways; `no_menu` before it was set up. Scope `products.edit`."""
    _, merchant = desk(request, slug, Permission.PRODUCTS_EDIT)
    kitchen = Kitchen.objects.filter(pk=merchant.pk).first()
    if kitchen is None:
        raise Refusal(NO_MENU)
    return KitchenShape.model_validate(kitchen)


@router.put("/merchants/{slug}/kitchen", response=KitchenShape, summary="Set up a kitchen")
def set_kitchen(request: Request, slug: Path[Slug], body: KitchenBody) -> KitchenShape:
    """Set it up, or change how it works; what was ordered stands. Scope `products.edit`."""
    actor, merchant = desk(request, slug, Permission.PRODUCTS_EDIT)
    row = save_kitchen(merchant.pk, KitchenData(**body.model_dump()), actor=actor, now=request.now)
    return KitchenShape.model_validate(row)


@router.put("/merchants/{slug}/kitchen/pause", response=KitchenShape, summary="Pause a kitchen")
def set_kitchen_pause(request: Request, slug: Path[Slug], body: PauseBody) -> KitchenShape:
    """Take nothing more for a while; it goes on by itself. What was ordered stands. Scope `orders.fulfil`."""
    actor, merchant = desk(request, slug, Permission.ORDERS_FULFIL)
    return KitchenShape.model_validate(pause_kitchen(merchant.pk, body.minutes, actor=actor, now=request.now))


@router.get("/merchants/{slug}/opening-hours", response=OpeningHours, summary="When a kitchen is open")
def get_opening_hours(request: Request, slug: Path[Slug]) -> OpeningHours:
    """The week and the special days. Scope `products.edit`."""
    _, merchant = desk(request, slug, Permission.PRODUCTS_EDIT)
    return read.hours(merchant.pk)


@router.put("/merchants/{slug}/opening-hours", response=OpeningHours, summary="Say when a kitchen is open")
def replace_opening_hours(request: Request, slug: Path[Slug], body: OpeningHours) -> OpeningHours:
    """The week and the special days anew; days long past are dropped, what was ordered stands.

    Scope `products.edit`.
    """
    actor, merchant = desk(request, slug, Permission.PRODUCTS_EDIT)
    week = {day: [_hours(each) for each in hours] for day, hours in enumerate(body.week)}
    special = [Special(d.first, d.last, _hours(d.hours) if d.hours else None, d.note) for d in body.special]
    set_opening_hours(merchant.pk, week, special, actor=actor, now=request.now)
    return read.hours(merchant.pk)


@router.get("/merchants/{slug}/delivery-zones", response=Zones, summary="Where a kitchen delivers to")
def get_delivery_zones(request: Request, slug: Path[Slug]) -> Zones:
    """Zones in order, with fee, minimum and minutes. Scope `products.edit`."""
    _, merchant = desk(request, slug, Permission.PRODUCTS_EDIT)
    return read.zones(merchant.pk)


@router.put("/merchants/{slug}/delivery-zones", response=Zones, summary="Say where a kitchen delivers to")
def replace_delivery_zones(request: Request, slug: Path[Slug], body: Zones) -> Zones:
    """All zones anew; orders that were placed keep their fee. Scope `products.edit`."""
    actor, merchant = desk(request, slug, Permission.PRODUCTS_EDIT)
    told = [ZoneData(**{**zone.model_dump(), "districts": tuple(zone.districts)}) for zone in body.zones]
    set_delivery_zones(merchant.pk, told, actor=actor, now=request.now)
    return read.zones(merchant.pk)


@router.get("/merchants/{slug}/menu", response=list[SectionShape], summary="The menu of a shop")
def get_menu(request: Request, slug: Path[Slug]) -> list[SectionShape]:
    """Sections with their dishes, sizes, portions and options, in order. Scope `products.edit`."""
    _, merchant = desk(request, slug, Permission.PRODUCTS_EDIT)
    return read.menu(merchant.pk, now=request.now)


@router.put("/merchants/{slug}/menu", response=list[SectionShape], summary="Arrange the menu")
def arrange_desk_menu(request: Request, slug: Path[Slug], body: MenuBody) -> list[SectionShape]:
    """Bring the menu to these sections. Others end; dishes that no section names stand at the end, without one.

    Scope `products.edit`.
    """
    actor, merchant = desk(request, slug, Permission.PRODUCTS_EDIT)
    sections = [SectionData(each.name, each.id, tuple(each.dishes)) for each in body.sections]
    arrange_menu(merchant.pk, sections, actor=actor, now=request.now)
    return read.menu(merchant.pk, now=request.now)


@router.get("/merchants/{slug}/dishes/{dish_id}", response=DishShape, summary="One dish of a menu")
def get_dish(request: Request, slug: Path[Slug], dish_id: Path[PathId]) -> DishShape:
    """A dish; its id is that of its product. Scope `products.edit`."""
    _, merchant = desk(request, slug, Permission.PRODUCTS_EDIT)
    return read.dish(merchant.pk, dish_id, now=request.now)


@router.post("/merchants/{slug}/dishes", response={201: DishShape}, summary="Put a dish on the menu")
def create_dish(
    request: Request, slug: Path[Slug], body: DishBody, idempotency_key: IdempotencyKey = None
) -> HttpResponse:
    """A new dish, on sale at once. Scope `products.edit`."""
    _, merchant = desk(request, slug, Permission.PRODUCTS_EDIT)
    return repeatable(request, idempotency_key, body, lambda: _save(request, merchant.pk, body, None))


@router.put("/merchants/{slug}/dishes/{dish_id}", response=DishShape, summary="Replace a dish")
def replace_dish(request: Request, slug: Path[Slug], dish_id: Path[PathId], body: DishBody) -> DishShape:
    """Bring a dish to what the body says; sizes and options keep their ids by name, pictures stay.

    Scope `products.edit`.
    """
    _, merchant = desk(request, slug, Permission.PRODUCTS_EDIT)
    read.dish(merchant.pk, dish_id, now=request.now)
    return _save(request, merchant.pk, body, dish_id)


@router.put("/merchants/{slug}/dishes/{dish_id}/sold-out", response={204: None}, summary="Sold out today, or not")
def set_dish_sold_out(request: Request, slug: Path[Slug], dish_id: Path[PathId], body: SoldOutBody) -> Status[None]:
    """For the day of what is ordered now; the day after the dish is there by itself. Scope `orders.fulfil`."""
    actor, merchant = desk(request, slug, Permission.ORDERS_FULFIL)
    switch_dish(merchant.pk, dish_id, on=not body.sold_out, actor=actor, now=request.now)
    return Status(204, None)


def _save(request: Request, merchant_id: int, body: DishBody, dish_id: int | None) -> DishShape:
    with renaming({"section": "section_id", "variants.": "sizes."}):
        data = DishData(
            title=body.title,
            category_id=selling.open_category(body.category).pk,
            sizes=tuple((size.name, size.price) for size in body.sizes),
            subtitle=body.subtitle,
            description=body.description,
            size_word=body.size_word,
            section_id=body.section_id,
            portions=body.portions,
            tags=tuple(dict.fromkeys(body.tags)),
            groups=tuple(
                GroupData(g.name, g.least, g.most, tuple(OptionData(o.name, o.price, o.of) for o in g.options))
                for g in body.groups
            ),
        )
        row = save_dish(merchant_id, data, product_id=dish_id, actor=request.actor, now=request.now)
    return read.dish(merchant_id, row.pk, now=request.now)


def _hours(told: HoursBody) -> Hours:
    return Hours(time.fromisoformat(told.opens), time.fromisoformat(told.closes))
