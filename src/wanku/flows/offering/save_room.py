"""A room type with its rates, from a form."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db import transaction

from wanku.access.actor import Actor
from wanku.audit.record import record
from wanku.catalog.models import Variant
from wanku.files.models import Picture
from wanku.flows.offering._house import hold_house
from wanku.flows.offering._room_variants import offer_rooms
from wanku.inventory.models import Supply
from wanku.kernel.refusal import BAD_VALUE, NOT_FOUND, Refusal, gettext_noop, refuse_all
from wanku.kernel.text import clean
from wanku.kinds.stay.models import Property, Rate, RoomType
from wanku.kinds.stay.open_nights import nights_ahead, open_nights, set_rooms
from wanku.kinds.stay.prices import rate_price, supply_key
from wanku.kinds.stay.rules import ROOM_TYPES_MAX, RateData, RoomData, room_problems

SAME_NAME: Final = gettext_noop("Another room type of this house has this name.")
TOO_MANY: Final = gettext_noop("At most 30 room types.")


def save_room(house_id: int, data: RoomData, *, room_id: int | None, actor: Actor, now: datetime) -> RoomType:
    """Store a room type and its rates, one variant each, and open its nights as far ahead as the house sells.

    Nights whose count of rooms nobody set by itself follow the room type's; rates that are not in the form any more
    are no longer offered. Stays that are booked keep their price and terms.

    Raises:
        Refusal: ``not_found``, also for a rate of another room type or another shop's picture; ``not_allowed``;
            ``bad_value`` for each field that is wrong.
    """
    with transaction.atomic():
        house = hold_house(house_id, actor)
        refuse_all(room_problems(data))
        others = RoomType.objects.filter(property=house, is_active=True)
        room = RoomType(property=house, merchant_id=house.merchant_id, position=others.count())
        if room_id is not None:
            found = others.filter(pk=room_id).first()
            if found is None:
                raise Refusal(NOT_FOUND)
            room = found
        _check(house, room, data, others.exclude(pk=room.pk), fresh=room_id is None)
        before = room.rooms if room.pk else data.rooms
        _fill(room, data)
        room.save()
        _save_rates(room, data.rates)
        offer_rooms(house.product, now=now)
        nights = nights_ahead(house, now=now)
        if before != data.rooms:
            keys = {supply_key(room.pk, night): night for night in nights}
            usual = Supply.objects.filter(key__in=list(keys), put_in=before).values_list("key", flat=True)
            set_rooms(room, [keys[key] for key in usual], data.rooms, by_id=actor.person_id, now=now)
        open_nights([room], nights, by_id=actor.person_id, now=now)
        record(
            "save_room",
            actor_id=actor.person_id,
            merchant_id=house.merchant_id,
            subject_type="product",
            subject_id=house.pk,
            facts={"room": room.name, "price": room.price, "rooms": room.rooms},
            now=now,
        )
    return room


def _check(house: Property, room: RoomType, data: RoomData, others: Collection[RoomType], *, fresh: bool) -> None:
    names = {other.name for other in others}
    if clean(data.name) in names:
        raise Refusal(BAD_VALUE, field="name", problem=SAME_NAME)
    if fresh and len(names) >= ROOM_TYPES_MAX:
        raise Refusal(BAD_VALUE, field="name", problem=TOO_MANY)
    hung = {UUID(key) for key in room.pictures}
    owned = Picture.objects.filter(pk__in=data.pictures, owner=f"merchant:{house.merchant_id}", is_public=True)
    if set(data.pictures) - hung - set(owned.values_list("pk", flat=True)):
        raise Refusal(NOT_FOUND, field="pictures")
    known = set(Rate.objects.filter(room=room).values_list("pk", flat=True)) if room.pk else set()
    if {rate.variant_id for rate in data.rates if rate.variant_id is not None} - known:
        raise Refusal(NOT_FOUND, field="rates")


def _fill(room: RoomType, data: RoomData) -> None:
    room.name, room.about, room.beds = clean(data.name), clean(data.about), clean(data.beds)
    room.area, room.rooms = data.area, data.rooms
    room.included, room.most = data.included, data.most
    room.adult_fee, room.child_fee = data.adult_fee, data.child_fee
    room.price, room.weekdays = data.price, list(data.weekdays)
    room.pictures = [str(key) for key in data.pictures]
    room.facilities = list(dict.fromkeys(data.facilities))


def _save_rates(room: RoomType, rates: Sequence[RateData]) -> None:
    stored = {rate.pk: rate for rate in Rate.objects.filter(room=room).select_related("variant")}
    made = len(stored)
    for place, told in enumerate(rates):
        price = rate_price(room.price, told.percent_bp, told.plus)
        rate = stored.pop(told.variant_id, None) if told.variant_id is not None else None
        if rate is None:
            made += 1
            variant = Variant.objects.create(
                product_id=room.property_id, merchant_id=room.merchant_id, sku=f"R{room.pk}-{made}", price=price
            )
            rate = Rate(variant=variant, room=room, merchant_id=room.merchant_id)
        rate.variant.price, rate.variant.is_active = price, True
        rate.variant.save(update_fields=["price", "is_active"])
        rate.name, rate.meal, rate.position = clean(told.name), told.meal, place
        rate.percent_bp, rate.plus = told.percent_bp, told.plus
        rate.notice = [{"hours": hours, "bp": bp} for hours, bp in sorted(told.notice, reverse=True)]
        rate.min_nights, rate.max_nights = told.min_nights, told.max_nights
        rate.long_stays = [{"nights": nights, "bp": bp} for nights, bp in sorted(told.long_stays)]
        rate.save()
    Variant.objects.filter(pk__in=list(stored)).update(is_active=False)
