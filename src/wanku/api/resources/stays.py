"""Stays: looking for a house, and a shop's houses, rooms and calendars."""

from django.http import HttpResponse
from ninja import Path, Query, Router

from wanku.access.can import Permission
from wanku.api.callers import KNOWN, PUBLIC, desk
from wanku.api.fields import IdempotencyKey, PathId, Slug
from wanku.api.read import stays as read
from wanku.api.repeats import repeatable
from wanku.api.shapes.stays import (
    FoundStayShape,
    HouseBody,
    NightsAsked,
    NightShape,
    PaintBody,
    PaintedShape,
    RoomBody,
    RoomTypeShape,
    StayPlaceShape,
    StaySearch,
)
from wanku.flows.offering.paint_nights import paint_nights
from wanku.flows.offering.save_room import save_room
from wanku.flows.offering.set_house import set_house
from wanku.kinds.stay.rules import HouseData, Paint, RateData, RoomData
from wanku.ui.request import Request

router = Router(tags=["stays"], auth=KNOWN)


@router.get("/stay-places", response=list[StayPlaceShape], auth=PUBLIC, summary="Destinations")
def list_stay_places(request: Request) -> list[StayPlaceShape]:
    """Destinations with houses on sale, most first."""
    return read.places()


@router.get("/stays", response=list[FoundStayShape], auth=PUBLIC, summary="Houses that are free")
def list_stays(request: Request, wanted: Query[StaySearch]) -> list[FoundStayShape]:
    """Houses in a destination with a room that is free for all nights, cheapest first, at most 200."""
    return read.found(wanted, now=request.now)


@router.put("/merchants/{slug}/houses/{house_id}", response={204: None}, summary="Set up a house")
def set_stay_house(request: Request, slug: Path[Slug], house_id: Path[PathId], body: HouseBody) -> HttpResponse:
    """Say where the house of a product is; the product then sells stays. Scope `products.edit`."""
    actor, merchant = desk(request, slug, Permission.PRODUCTS_EDIT)
    read.own_product(merchant.pk, house_id)
    set_house(house_id, HouseData(**body.model_dump()), actor=actor, now=request.now)
    return HttpResponse(status=204)


@router.get("/merchants/{slug}/houses/{house_id}/rooms", response=list[RoomTypeShape], summary="Room types of a house")
def list_stay_rooms(request: Request, slug: Path[Slug], house_id: Path[PathId]) -> list[RoomTypeShape]:
    """Room types on offer with their rates. Scope `products.edit`."""
    _, merchant = desk(request, slug, Permission.PRODUCTS_EDIT)
    return read.rooms(merchant.pk, house_id)


@router.post("/merchants/{slug}/houses/{house_id}/rooms", response={201: RoomTypeShape}, summary="Add a room type")
def create_stay_room(
    request: Request,
    slug: Path[Slug],
    house_id: Path[PathId],
    body: RoomBody,
    idempotency_key: IdempotencyKey = None,
) -> HttpResponse:
    """A new room type with its rates; its nights go on sale. Scope `products.edit`."""
    actor, merchant = desk(request, slug, Permission.PRODUCTS_EDIT)
    read.own_product(merchant.pk, house_id)

    def act() -> RoomTypeShape:
        room = save_room(house_id, _room(body), room_id=None, actor=actor, now=request.now)
        return read.room(merchant.pk, house_id, room.pk)

    return repeatable(request, idempotency_key, body, act)


@router.put(
    "/merchants/{slug}/houses/{house_id}/rooms/{room_id}", response=RoomTypeShape, summary="Replace a room type"
)
def replace_stay_room(
    request: Request, slug: Path[Slug], house_id: Path[PathId], room_id: Path[PathId], body: RoomBody
) -> RoomTypeShape:
    """Bring a room type to what the body says; stays that are booked keep price and terms. Scope `products.edit`."""
    actor, merchant = desk(request, slug, Permission.PRODUCTS_EDIT)
    read.room(merchant.pk, house_id, room_id)
    save_room(house_id, _room(body), room_id=room_id, actor=actor, now=request.now)
    return read.room(merchant.pk, house_id, room_id)


@router.get(
    "/merchants/{slug}/houses/{house_id}/rooms/{room_id}/nights",
    response=list[NightShape],
    summary="Calendar of a room type",
)
def list_stay_nights(
    request: Request, slug: Path[Slug], house_id: Path[PathId], room_id: Path[PathId], asked: Query[NightsAsked]
) -> list[NightShape]:
    """Prices, closures and counts from a day on. Scope `products.edit`."""
    _, merchant = desk(request, slug, Permission.PRODUCTS_EDIT)
    return read.nights(merchant.pk, house_id, room_id, asked.first, asked.days, now=request.now)


@router.post(
    "/merchants/{slug}/houses/{house_id}/rooms/{room_id}/nights", response=PaintedShape, summary="Change nights"
)
def paint_stay_nights(
    request: Request, slug: Path[Slug], house_id: Path[PathId], room_id: Path[PathId], body: PaintBody
) -> PaintedShape:
    """Set prices, closures, counts or shortest stays over a range; twice is as once. Scope `products.edit`."""
    actor, merchant = desk(request, slug, Permission.PRODUCTS_EDIT)
    read.room(merchant.pk, house_id, room_id)
    told = body.model_dump() | {"weekdays": frozenset(body.weekdays)}
    return PaintedShape(nights=paint_nights(room_id, Paint(**told), actor=actor, now=request.now))


def _room(body: RoomBody) -> RoomData:
    told = body.model_dump()
    rates = tuple(
        RateData(
            **rate
            | {
                "notice": tuple((row["hours"], row["bp"]) for row in rate["notice"]),
                "long_stays": tuple((row["nights"], row["bp"]) for row in rate["long_stays"]),
            }
        )
        for rate in told["rates"]
    )
    return RoomData(**told | {"rates": rates})
