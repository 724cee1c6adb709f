"""Licences of an order, as its buyer sees them without the codes."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode

from django.db.models import Count, OuterRef, Subquery
from django.db.models.functions import Coalesce

from wanku.catalog.models import Product, ProductState
from wanku.kinds.issue.models import ISSUED, Licence, Machine, Source
from wanku.kinds.issue.words import machines_text, plan_text
from wanku.orders.models import Order
from wanku.storefront.read.cards import product_url


@dataclass(frozen=True, slots=True)
class OwnLicence:
    """One of them.

    Attributes:
        state: ``issued``, ``active``, ``ended`` or ``revoked``.
        used: devices on which it is active.
        renew: where it can be extended; empty where it cannot.
    """

    licence: Licence
    words: str
    devices: str
    state: str
    used: int
    renew: str

    @property
    def is_unused(self) -> bool:
        """Whether it may be given back: never activated, and an imported code never seen."""
        row = self.licence
        seen = row.plan.source == Source.POOL and row.shown_at is not None
        return row.state == ISSUED and row.activated_at is None and not seen


def licences_of(order: Order, *, now: datetime) -> Sequence[OwnLicence]:
    """What an order granted, in two statements."""
    used = Machine.objects.filter(licence=OuterRef("pk"), released_at=None).order_by()
    counted = used.values("licence").annotate(n=Count("pk")).values("n")
    rows = Licence.objects.filter(grants__order_id=order.pk).distinct().select_related("plan").order_by("pk")
    licences = list(rows.annotate(used=Coalesce(Subquery(counted), 0)))
    products = Product.objects.select_related("merchant").in_bulk({row.product_id for row in licences})
    return [_own(row, products.get(row.product_id), now) for row in licences]


def _own(row: Licence, product: Product | None, now: datetime) -> OwnLicence:
    words = plan_text(row.edition, row.term_days, row.seats)
    renew = ""
    offered = product is not None and product.state == ProductState.ON_SALE
    if product is not None and offered and row.state == ISSUED and row.plan.source == Source.SIGNED:
        renew = f"{product_url(product)}?{urlencode({'choice.renews': row.pk, 'variant': row.plan_id})}"
    used: int = row.used  # type: ignore[attr-defined] # annotated
    return OwnLicence(row, words, machines_text(row.machines), _state(row, now), used, renew)


def _state(row: Licence, now: datetime) -> str:
    if row.state != ISSUED:
        return "revoked"
    if row.expires_at is not None and row.expires_at <= now:
        return "ended"
    return "active" if row.activated_at else "issued"
