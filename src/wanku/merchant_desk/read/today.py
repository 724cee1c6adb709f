"""What a shop's day looks like at a glance."""

import json
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any

from django.db import connection
from django.db.models import Count, Q, Sum
from django.db.models.functions import TruncDate
from django.utils import timezone

from wanku.access.actor import Actor
from wanku.catalog.models import Question
from wanku.kinds.registry import SHIP, kinds_by_sku
from wanku.ledger.models import Balance
from wanku.ledger.post import available, held
from wanku.merchant_desk.read.orders import TO_SHIP, desk_orders
from wanku.orders.models import Order
from wanku.reviews.models import Review

SHOWN = 8
DAYS = 7
LOW = """
SELECT p.id, p.title, v.values::text, v.sku, s.free, s.low_at
FROM inventory_supply s JOIN catalog_variant v ON s.key = 'sku:' || v.id JOIN catalog_product p ON p.id = v.product_id
WHERE s.merchant_id = %s AND s.free <= s.low_at AND v.is_active AND p.state = 'on_sale'
        AND p.kind = ANY(%s)
ORDER BY s.free, p.id, v.id LIMIT %s
"""


@dataclass(frozen=True, slots=True)
class Day:
    """Paid orders of one day."""

    day: datetime
    orders: int
    amount: int


def next_orders(actor: Actor) -> list[Order]:
    """The orders whose clock runs out first."""
    rows = desk_orders(actor).filter(state__in=TO_SHIP, kind=SHIP).prefetch_related("lines", "parcels")
    return list(rows.order_by("ship_by", "pk")[:SHOWN])


def open_questions(merchant_id: int) -> list[Question]:
    """Questions without an answer, the oldest first."""
    rows = Question.objects.filter(merchant_id=merchant_id, answered_at=None, is_hidden=False)
    return list(rows.select_related("product").order_by("asked_at")[:SHOWN])


def new_reviews(merchant_id: int) -> list[Review]:
    """The latest reviews without a reply."""
    rows = Review.objects.filter(merchant_id=merchant_id, replied_at=None, hidden_because="")
    return list(rows.select_related("line").order_by("-written_at")[:SHOWN])


def low_stock(merchant_id: int, most: int = SHOWN) -> list[dict[str, Any]]:
    """Variants on sale that run low, the emptiest first."""
    with connection.cursor() as cursor:
        cursor.execute(LOW, [merchant_id, kinds_by_sku(), most])
        rows = cursor.fetchall()
    names = ("product_id", "title", "label", "sku", "free", "low_at")
    return [dict(zip(names, row, strict=True)) | {"label": " / ".join(json.loads(row[2]))} for row in rows]


def balances(merchant_id: int) -> dict[str, int]:
    """Money held and available, minor units."""
    names = {held(merchant_id): "held", available(merchant_id): "available"}
    found = dict.fromkeys(names.values(), 0)
    for account, amount in Balance.objects.filter(account__in=names).values_list("account", "amount"):
        found[names[account]] += amount
    return found


def last_days(actor: Actor, now: datetime) -> list[Day]:
    """Paid orders of the last seven days by day, in the reader's zone; days without any are there too."""
    today = timezone.localtime(now).date()
    first = today - timedelta(days=DAYS - 1)
    zone = timezone.get_current_timezone()
    since = datetime.combine(first, time.min, zone)
    rows = (
        desk_orders(actor)
        .filter(paid_at__gte=since)
        .annotate(day=TruncDate("paid_at", tzinfo=zone))
        .values("day")
        .annotate(orders=Count("pk"), sum=Sum("amount", filter=~Q(state="closed")))
    )
    found = {row["day"]: (row["orders"], row["sum"] or 0) for row in rows}
    days = [first + timedelta(days=n) for n in range(DAYS)]
    return [Day(datetime.combine(day, time.min, zone), *found.get(day, (0, 0))) for day in days]
