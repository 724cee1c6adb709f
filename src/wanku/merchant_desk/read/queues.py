"""What waits at a desk, in one query."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Final

from django.db import connection

from wanku.kinds.registry import KINDS, SHIP, kinds_by_sku
from wanku.notices.queries import COUNTED_MAX

COUNTS = """
SELECT
    (SELECT count(*) FROM orders_order
      WHERE merchant_id = %(shop)s AND state IN ('paid', 'fulfilling') AND kind = 'ship'),
    (SELECT count(*) FROM orders_order
      WHERE merchant_id = %(shop)s AND state IN ('paid', 'fulfilling')
        AND coalesce(late_since, ship_by) <= %(now)s),
    (SELECT count(*) FROM catalog_question
      WHERE merchant_id = %(shop)s AND answered_at IS NULL AND NOT is_hidden),
    (SELECT count(*) FROM inventory_supply s JOIN catalog_variant v ON s.key = 'sku:' || v.id
       JOIN catalog_product p ON p.id = v.product_id
      WHERE s.merchant_id = %(shop)s AND s.free <= s.low_at AND v.is_active AND p.state = 'on_sale'
        AND p.kind = ANY(%(stocked)s)),
    (SELECT count(*) FROM invoices_invoice
      WHERE merchant_id = %(shop)s AND state = 'requested'),
    (SELECT count(*) FROM invoices_invoice
      WHERE merchant_id = %(shop)s AND state = 'requested' AND issue_by <= %(now)s),
    (SELECT count(*) FROM (
        SELECT FROM notices_notice
         WHERE reader = 'merchant:' || %(shop)s AND channel = 'in_app' AND read_at IS NULL LIMIT %(most)s) unread),
    (SELECT count(*) FROM fulfilment_booking WHERE merchant_id = %(shop)s AND state = 'to_accept'),
    (SELECT count(*) FROM fulfilment_booking
      WHERE merchant_id = %(shop)s AND state IN ('accepted', 'under_way', 'started')
        AND starts_at < %(now)s + interval '24 hours'),
    (SELECT array_agg(DISTINCT kind) FROM catalog_product WHERE merchant_id = %(shop)s AND state <> 'removed')
"""


@dataclass(frozen=True, slots=True)
class Queues:
    """Counts of what waits: orders to ship, late orders, questions, variants that run low, invoices to issue, overdue
    ones among them, unread notices, bookings to accept, those of the next 24 hours; and the kinds of what it offers,
    which have places of their own.
    """

    to_ship: int
    late: int
    questions: int
    low: int
    invoices: int
    late_invoices: int
    unread: int
    to_accept: int
    soon: int
    kinds: frozenset[str] = frozenset()

    @property
    def booked(self) -> frozenset[str]:
        """Kinds that it offers whose promises are kept later; a licence is issued when it is paid."""
        return frozenset(code for code in self.kinds if code in KINDS and not KINDS[code].course.at_once)

    @property
    def books(self) -> bool:
        """Whether the shop offers anything to be kept later, or has promised some."""
        return bool(self.booked) or bool(self.to_accept + self.soon)

    @property
    def ships(self) -> bool:
        """Whether the shop sends parcels: it offers goods, still has some to send, or offers nothing yet."""
        return not self.kinds or SHIP in self.kinds or bool(self.to_ship)

    @property
    def stocks(self) -> bool:
        """Whether what it offers can run low; nothing yet may become anything."""
        return not self.kinds or bool(self.kinds & frozenset(kinds_by_sku()))


COUNTED: Final = tuple(field.name for field in fields(Queues))[:-1]


def queues(merchant_id: int, now: datetime) -> Queues:
    """Read them; shown in the frame of every page of the desk."""
    with connection.cursor() as cursor:
        cursor.execute(COUNTS, {"shop": merchant_id, "now": now, "most": COUNTED_MAX, "stocked": kinds_by_sku()})
        row = cursor.fetchone()
    counts: Mapping[str, int] = dict(zip(COUNTED, row, strict=False))
    return Queues(**counts, kinds=frozenset(row[-1] or ()))
