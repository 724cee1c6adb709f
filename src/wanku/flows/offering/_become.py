"""A product becomes one of a kind when somebody sets it up as such."""

from datetime import datetime

from wanku.catalog.models import Product
from wanku.kernel.refusal import Code, Refusal, gettext_noop
from wanku.orders.models import Line

ORDERED_ALREADY = Code(
    "ordered_as_another_kind",
    gettext_noop("“%(title)s” was ordered as something else already. Please make a new product for this."),
)


def become(product: Product, kind: str, *, now: datetime) -> None:
    """Make a locked product one of ``kind``; nothing of its stock is meant any more.

    Raises:
        Refusal: ``ordered_as_another_kind``.
    """
    if product.kind == kind:
        return
    if Line.objects.filter(product_id=product.pk).exists():
        raise Refusal(ORDERED_ALREADY, title=product.title)
    product.kind, product.updated_at = kind, now
    product.save(update_fields=["kind", "updated_at"])
