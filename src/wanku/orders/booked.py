"""Lines of orders that are not goods, as their kinds are told of them."""

from collections.abc import Iterable
from uuid import UUID

from wanku.kinds.kind import Booked
from wanku.kinds.registry import KINDS
from wanku.orders.models import Line


def booked_lines(order_ids: Iterable[UUID]) -> dict[str, list[Booked]]:
    """Lines by kind, kinds in order of their codes and lines in order of their ids; goods are not in it."""
    found: dict[str, list[Booked]] = {}
    lines = Line.objects.filter(order__in=list(order_ids), kind__in=KINDS)
    for line in lines.select_related("order").order_by("kind", "pk"):
        found.setdefault(line.kind, []).append(booked(line))
    return found


def booked(line: Line) -> Booked:
    """One line; its order is loaded."""
    return Booked(
        line_id=line.pk,
        order_id=line.order_id,
        merchant_id=line.merchant_id,
        product_id=line.product_id,
        variant_id=line.variant_id,
        quantity=line.quantity,
        choice=line.choice,
        starts_at=line.order.starts_at,
        ends_at=line.order.ends_at,
    )
