"""A shop's own orders, products and money as the API shows them."""

from django.db.models import Prefetch, QuerySet

from wanku.access.actor import Actor
from wanku.api.cursors import place, written
from wanku.api.read import buying, catalog
from wanku.api.read.bookings import booking_of
from wanku.api.shapes.buying import ContactShape, OrderShape
from wanku.api.shapes.selling import (
    BalanceShape,
    DeskOrderShape,
    DeskProductShape,
    StatementLine,
    StatementShape,
    StockShape,
)
from wanku.catalog.models import AddOn, Category, Product, ProductState, Variant
from wanku.inventory.models import Supply
from wanku.kernel.refusal import BAD_VALUE, NOT_FOUND, Refusal, gettext_noop
from wanku.ledger.models import Balance
from wanku.ledger.post import available, frozen, held
from wanku.ledger.statement import listing
from wanku.orders.models import Order


def order(actor: Actor, number: str) -> DeskOrderShape:
    """One order of the desk, with the buyer's contact.

    Raises:
        Refusal: ``not_found``.
    """
    row = buying.orders_whole(Order.objects.at_desk(actor)).filter(number=number).first()
    if row is None:
        raise Refusal(NOT_FOUND)
    whole: OrderShape = buying.order(row)
    contact = ContactShape(name=row.trade.contact_name, phone=row.trade.contact_phone, email=row.trade.contact_email)
    # The code is the buyer's to show.
    shown = whole.model_copy(update={"booking": booking_of(row, with_code=False)})
    return DeskOrderShape(**shown.model_dump(), contact=contact)


def products(merchant_id: int) -> "QuerySet[Product]":
    """Products of a shop in any state but removed, whole."""
    rows = Product.objects.filter(merchant_id=merchant_id).exclude(state=ProductState.REMOVED)
    return catalog.for_list(rows).prefetch_related(
        Prefetch("variants", queryset=Variant.objects.filter(is_active=True)),
        Prefetch("add_ons", queryset=AddOn.objects.filter(is_active=True)),
    )


def product(merchant_id: int, product_id: int) -> DeskProductShape:
    """One product of a shop.

    Raises:
        Refusal: ``not_found``.
    """
    row = products(merchant_id).filter(pk=product_id).first()
    if row is None:
        raise Refusal(NOT_FOUND)
    return _desk_product(row, _free([row]))


def open_category(slug: str) -> Category:
    """A category in which something may be offered.

    Raises:
        Refusal: ``bad_value`` on ``category``.
    """
    category = Category.objects.filter(slug=slug, is_open=True).first()
    if category is None:
        problem = gettext_noop("Choose one of the categories that are offered.")
        raise Refusal(BAD_VALUE, field="category", problem=problem)
    return category


def product_page(rows: list[Product]) -> list[DeskProductShape]:
    """Products read by `products`, with their stock in one query."""
    free = _free(rows)
    return [_desk_product(row, free) for row in rows]


def stock(supply: Supply, variant_id: int) -> StockShape:
    """A stock counter."""
    return StockShape(variant_id=variant_id, free=supply.free, held=supply.held, sold=supply.sold, put_in=supply.put_in)


def statement(merchant_id: int, cursor: str | None, limit: int) -> StatementShape:
    """A shop's balances and movements, latest first; four queries, whatever lies before them."""
    names = {held(merchant_id): "held", available(merchant_id): "available", frozen(merchant_id): "frozen"}
    page = listing(list(names), before=place(cursor), limit=limit)
    found = [row.movement for row in page.rows]
    ids = {row.order_id for row in found if row.order_id}
    numbers = dict(Order.objects.filter(pk__in=ids, merchant_id=merchant_id).values_list("pk", "number"))
    return StatementShape(
        balances=[
            BalanceShape(account=names[row.account], currency=row.currency, amount=row.amount)
            for row in Balance.objects.filter(account__in=list(names)).order_by("account", "currency")
        ],
        items=[
            StatementLine(
                id=row.id,
                at=row.at,
                reason=row.reason,
                account=names[row.account],
                amount=row.amount,
                balance=each.after,
                total=each.total,
                currency=row.currency,
                order_number=numbers.get(row.order_id) if row.order_id else None,
            )
            for each in page.rows
            for row in [each.movement]
        ],
        next_cursor=written(page.older),
    )


def _free(rows: list[Product]) -> dict[str, int]:
    keys = [variant.supply_key for row in rows for variant in row.variants.all()]
    return dict(Supply.objects.filter(key__in=keys).values_list("key", "free"))


def _desk_product(row: Product, free: dict[str, int]) -> DeskProductShape:
    whole = catalog.whole(row, free)
    return DeskProductShape(**whole.model_dump(), state=row.state, updated_at=row.updated_at)
