"""What of an order can still go back, read from its refunds."""

from collections.abc import Sequence

from django.db.models import Count, Sum

from wanku.orders.models import Line, Order
from wanku.payments.models import Refund, RefundLine
from wanku.payments.refund_plan import Part, Refundable


def read_refundable(order: Order, lines: Sequence[Line]) -> Refundable:
    """Two queries; whoever acts on it holds the order's lock."""
    refunds = Refund.objects.filter(order=order).aggregate(n=Count("pk"), freight=Sum("freight"))
    rows = RefundLine.objects.filter(refund__order=order).values_list("line_id")
    back = {line_id: (pieces, amount) for line_id, pieces, amount in rows.annotate(Sum("quantity"), Sum("amount"))}
    parts = []
    for line in lines:
        pieces, amount = back.get(line.pk, (0, 0))
        parts.append(Part(line.pk, line.title, line.to_ship, line.quantity - pieces, line.amount - amount))
    freight = order.freight - (refunds["freight"] or 0)
    return Refundable(parts, freight, order.currency, any(line.shipped for line in lines), refunds["n"])
