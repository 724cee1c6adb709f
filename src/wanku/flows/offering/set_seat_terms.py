"""What holds for every departure of a product."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db import transaction

from wanku.access.actor import Actor
from wanku.audit.record import record
from wanku.catalog.models import Product
from wanku.flows.offering._become import become
from wanku.flows.selling._product import product_to_edit
from wanku.kinds.seat.kind import Seat
from wanku.kinds.seat.models import SeatTerms
from wanku.kinds.seat.rules import check_table


def set_seat_terms(
    product_id: int, *, real_name: bool, cancellation: Sequence[Mapping[str, int]], actor: Actor, now: datetime
) -> SeatTerms:
    """Say whether travellers show documents, and what cancelling costs. The product is sold by departures from then on.

    Orders keep the terms that they were placed with.

    Args:
        cancellation: rows of ``hours`` before the start and the fee in ``bp`` from then on; later than the last row
            all of the price is kept.

    Raises:
        Refusal: ``not_found``, ``not_allowed``; ``bad_value`` on ``cancellation``; ``ordered_as_another_kind``.
    """
    product = product_to_edit(product_id, actor)
    table = check_table(cancellation)
    with transaction.atomic():
        product = Product.objects.select_for_update(no_key=True).get(pk=product.pk)
        become(product, Seat.code, now=now)
        terms, _made = SeatTerms.objects.update_or_create(
            product=product,
            defaults={"merchant_id": product.merchant_id, "real_name": real_name, "cancellation": table},
        )
        record(
            "set_seat_terms",
            actor_id=actor.person_id,
            merchant_id=product.merchant_id,
            subject_type="product",
            subject_id=product.pk,
            facts={"title": product.title, "real_name": real_name, "cancellation": table},
            now=now,
        )
    return terms
