"""A product becomes a house where one can stay."""

from datetime import datetime

from django.db import transaction

from wanku.access.actor import Actor
from wanku.audit.record import record
from wanku.catalog.models import Product
from wanku.flows.offering._become import become
from wanku.flows.selling._product import product_to_edit
from wanku.kernel.refusal import refuse_all
from wanku.kernel.text import clean
from wanku.kinds.stay.kind import Stay
from wanku.kinds.stay.models import Place, Property
from wanku.kinds.stay.open_nights import nights_ahead, open_nights
from wanku.kinds.stay.rules import HouseData, house_problems


def set_house(product_id: int, data: HouseData, *, actor: Actor, now: datetime) -> Property:
    """Say where a house is, when guests come and leave, and how far ahead it sells. A new destination is added.

    Stays that are booked keep their times and terms.

    Raises:
        Refusal: ``not_found``; ``not_allowed``; ``bad_value`` for each field that is wrong;
            ``ordered_as_another_kind``.
    """
    product = product_to_edit(product_id, actor)
    refuse_all(house_problems(data))
    with transaction.atomic():
        product = Product.objects.select_for_update(no_key=True).get(pk=product.pk)
        become(product, Stay.code, now=now)
        place, _made = Place.objects.get_or_create(name=clean(data.place))
        house, _made = Property.objects.update_or_create(
            product=product,
            defaults={
                "merchant_id": product.merchant_id,
                "place": place,
                "address": clean(data.address),
                "phone": clean(data.phone),
                "zone": data.zone,
                "check_in": data.check_in,
                "check_out": data.check_out,
                "stars": data.stars,
                "facilities": list(dict.fromkeys(data.facilities)),
                "rules": clean(data.rules, lines=True),
                "ahead_days": data.ahead_days,
            },
        )
        rooms = list(house.room_types.filter(is_active=True))
        open_nights(rooms, nights_ahead(house, now=now), by_id=actor.person_id, now=now)
        record(
            "set_house",
            actor_id=actor.person_id,
            merchant_id=product.merchant_id,
            subject_type="product",
            subject_id=product.pk,
            facts={"place": place.name, "zone": data.zone, "ahead_days": data.ahead_days},
            now=now,
        )
    return house
