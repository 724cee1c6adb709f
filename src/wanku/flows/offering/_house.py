"""Houses and rooms, locked: people who change one take turns."""

from wanku.access.actor import Actor
from wanku.access.can import Permission, require
from wanku.catalog.models import Product
from wanku.kernel.refusal import NOT_FOUND, Refusal
from wanku.kinds.stay.models import Property, RoomType


def hold_house(product_id: int, actor: Actor) -> Property:
    """A house of a desk at which the actor may edit what is offered; its product is locked.

    Raises:
        Refusal: ``not_found``, ``not_allowed``.
    """
    mine = Property.objects.filter(pk=product_id, merchant_id__in=list(actor.seats)).select_related("product")
    house = mine.exclude(product__state="removed").first()
    if house is None:
        raise Refusal(NOT_FOUND)
    require(actor, Permission.PRODUCTS_EDIT, house.merchant_id)
    house.product = Product.objects.select_for_update(no_key=True).get(pk=product_id)
    return house


def hold_room(room_id: int, actor: Actor) -> RoomType:
    """A room type that is on offer, with its house, whose product is locked.

    Raises:
        Refusal: ``not_found``, ``not_allowed``.
    """
    found = RoomType.objects.filter(pk=room_id, is_active=True, merchant_id__in=list(actor.seats)).first()
    if found is None:
        raise Refusal(NOT_FOUND)
    house = hold_house(found.property_id, actor)
    # Read again: whoever held the house before may have removed it.
    room = RoomType.objects.filter(pk=room_id, is_active=True).first()
    if room is None:
        raise Refusal(NOT_FOUND)
    room.property = house
    return room
