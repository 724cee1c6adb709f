"""Steps that saving a form and taking over a file share."""

from collections.abc import Collection, Mapping
from datetime import datetime

from wanku.access.actor import Actor
from wanku.access.can import Permission, require
from wanku.catalog.models import Category, Product, ReturnRule, Variant
from wanku.catalog.rules import ProductData
from wanku.catalog.save_product import problems
from wanku.catalog.save_product import save_product as write
from wanku.catalog.sheets.refusals import LESS_KIND
from wanku.inventory.ensure import ensure_supplies
from wanku.inventory.models import Supply
from wanku.inventory.restock import restock_many
from wanku.inventory.set_low import set_low
from wanku.kernel.refusal import BAD_VALUE, NOT_FOUND, Code, Refusal, gettext_noop, refuse_all
from wanku.kinds.registry import KINDS, SHIP, by_sku
from wanku.merchants.models import Merchant
from wanku.merchants.refusals import STANDING_FORBIDS
from wanku.merchants.states import APPLYING, Capability, capable

STOCK_COUNTED = Code(
    "stock_counted",
    gettext_noop("The stock of “%(title)s” is the number of its codes: put codes in, or take some out."),
    409,
)
NO_STOCK = Code(
    "no_stock",
    gettext_noop("“%(title)s” has no stock of its own: how many there are is set where it is planned."),
    409,
)
# From kind to unkind; a shop may take back more than its category demands, never less.
UNKINDNESS = {ReturnRule.NO_REASON: 0, ReturnRule.EXCLUDABLE: 1, ReturnRule.NEVER: 2}


def product_to_edit(product_id: int, actor: Actor) -> Product:
    """A product of a desk at which the actor may edit products, with its merchant.

    Raises:
        Refusal: ``not_found``, ``not_allowed``.
    """
    mine = Product.objects.visible_to(actor).filter(merchant_id__in=list(actor.seats))
    product = mine.select_related("merchant").filter(pk=product_id).first()
    if product is None:
        raise Refusal(NOT_FOUND)
    require(actor, Permission.PRODUCTS_EDIT, product.merchant_id)
    return product


def check_standing(merchant: Merchant) -> None:
    """Offering needs a standing that may sell; an applicant prepares its shop, which nobody sees before approval."""
    if merchant.state != APPLYING and not capable(merchant.state, Capability.SELL):
        raise Refusal(STANDING_FORBIDS, state=merchant.state)


def check_kindness(data: ProductData, category: Category | None) -> None:
    """Raise ``less_kind`` when the product's return rule would take from buyers what its category gives them."""
    if category is None or data.return_rule not in ReturnRule.values:
        return
    if UNKINDNESS[ReturnRule(data.return_rule)] > UNKINDNESS[ReturnRule(category.return_rule)]:
        raise Refusal(LESS_KIND, field="return_rule", days=category.return_days)


def write_product(data: ProductData, *, merchant: Merchant, product: Product | None, now: datetime) -> Product:
    """The product with its variants, and a counter for each where its kind takes from that."""
    refuse_all(problems(data))
    if data.kind != SHIP and data.kind not in KINDS:
        raise Refusal(BAD_VALUE, field="kind", problem=gettext_noop("Choose a kind from the list."))
    check_kindness(data, Category.objects.filter(pk=data.category_id).first())
    row = write(data, merchant=merchant, product=product, now=now)
    if by_sku(row.kind):
        ensure_supplies(Variant.objects.filter(product=row, is_active=True).select_related("merchant"))
    return row


def write_stock(
    product: Product,
    *,
    changes: Mapping[str, int],
    low_at: Mapping[str, int],
    actor: Actor,
    now: datetime,
) -> None:
    """Restock and set thresholds, both by SKU; what has no stock of its own has no threshold either."""
    if not by_sku(product.kind):
        if any(changes.values()):
            check_stocked(product)
        return
    variants = {v.sku: v for v in product.variants.filter(is_active=True)}
    check_counted(product, [variants[sku] for sku, change in changes.items() if change and sku in variants])
    keys = {sku: variant.supply_key for sku, variant in variants.items()}
    moved = {keys[sku]: change for sku, change in changes.items() if change and sku in keys}
    levels = {keys[sku]: level for sku, level in low_at.items() if sku in keys}
    lock_supplies({*moved, *levels})
    if moved:
        restock_many(moved, because="edit", by_id=actor.person_id, now=now)
    if levels:
        set_low(levels, now=now)


def check_stocked(product: Product) -> None:
    """Raise ``no_stock`` for a product of a kind that does not take from the counters of its variants."""
    if not by_sku(product.kind):
        raise Refusal(NO_STOCK, field="stock", title=product.title)


def counted(product: Product, variants: Collection[Variant]) -> set[int]:
    """Those of a product's variants whose stock is counted by its kind (codes in a pool) and never typed in."""
    kind = KINDS.get(product.kind)
    return set(kind.counted([variant.pk for variant in variants])) if kind and variants else set()


def check_counted(product: Product, variants: Collection[Variant]) -> None:
    """Raise ``stock_counted`` when the stock of one of these variants must not be typed in."""
    if counted(product, variants):
        raise Refusal(STOCK_COUNTED, field="stock", title=product.title)


def lock_supplies(keys: Collection[str]) -> None:
    """Take the locks of all counters in id order, as orders do, before two verbs take them one after the other."""
    list(Supply.objects.select_for_update(no_key=True).filter(key__in=keys).order_by("pk").values_list("pk"))
