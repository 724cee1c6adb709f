"""Terms of licences that end soon: each buyer is reminded once."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F, Q

from wanku.audit.rules import current
from wanku.catalog.models import Product, ProductState
from wanku.flows.talking import _links
from wanku.flows.talking._recipients import buyer_of
from wanku.kinds.issue.models import ISSUED, Licence, Source
from wanku.notices.tell import Message, tell
from wanku.orders.models import Order

CLOCK = "licence_reminder"


def remind_licences(*, now: datetime, limit: int = 200) -> int:
    """Remind the buyers of terms that end within the rule ``licence_reminder``; each end once.

    A term that was never longer than that needs no reminder. Renewed and shortened ones are reminded of their new end.
    Any number of sweepers may run.

    Returns:
        how many licences were reminded of.
    """
    ahead = timedelta(seconds=current()[CLOCK])
    soon = Licence.objects.filter(state=ISSUED, expires_at__gt=now, expires_at__lte=now + ahead)
    untold = soon.filter(Q(reminded_of=None) | ~Q(reminded_of=F("expires_at")))
    long = untold.filter(activated_at__lt=F("expires_at") - ahead)
    with transaction.atomic():
        rows = long.select_related("plan").select_for_update(no_key=True, skip_locked=True, of=("self",))
        found = list(rows.order_by("expires_at", "pk")[:limit])
        if not found:
            return 0
        orders = Order.objects.select_related("trade__buyer").in_bulk({row.order_id for row in found})
        products = Product.objects.select_related("merchant").in_bulk({row.product_id for row in found})
        tell([_message(row, orders, products) for row in found], now=now)
        Licence.objects.filter(pk__in=[row.pk for row in found]).update(reminded_of=F("expires_at"))
        return len(found)


def _message(row: Licence, orders: Mapping[object, Order], products: Mapping[int, Product]) -> Message:
    order, product = orders[row.order_id], products[row.product_id]
    renewable = row.plan.source == Source.SIGNED and product.state == ProductState.ON_SALE
    ends = row.expires_at
    assert ends is not None  # noqa: S101 - by the filter
    facts = {
        "title": product.title,
        "edition": row.edition,
        "tail": row.tail,
        "at": {"at": ends.isoformat()},
    }
    return Message(
        cause=f"licence_ends:{row.pk}:{int(ends.timestamp())}",
        kind="licence_ends" if renewable else "licence_ends_for_good",
        to=buyer_of(order.trade, order.trade.buyer),
        facts=facts,
        link=_links.renewal(product, row.pk, row.plan_id) if renewable else _links.order_licences(order),
        email=True,
    )
