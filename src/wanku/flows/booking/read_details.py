"""A merchant's people read what only some may read of an order: documents of travellers, a word on how to get in."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from wanku.access.actor import Actor
from wanku.access.can import Permission, require
from wanku.audit.record import record
from wanku.flows.booking._hold import first
from wanku.orders.models import Order
from wanku.orders.sealed import details_of


def read_details(order_id: UUID, *, actor: Actor, now: datetime) -> Mapping[UUID, Mapping[str, Any]]:
    """The sealed details of an order's lines in plain, by line id; who read them is written down in the transaction.

    Raises:
        Refusal: ``not_found``, ``sign_in``, ``not_allowed``.
    """
    order = first(Order.objects.at_desk(actor), order_id)
    require(actor, Permission.ORDERS_FULFIL, order.merchant_id)
    with transaction.atomic():
        found = {line.pk: details_of(line) for line in order.lines.exclude(sealed="")}
        record(
            "read_details",
            actor_id=actor.person_id,
            merchant_id=order.merchant_id,
            subject_type="order",
            subject_id=order.pk,
            facts={"number": order.number, "lines": len(found)},
            now=now,
        )
    return found
