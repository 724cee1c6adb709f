"""Where a notice leads: paths on this site."""

from urllib.parse import quote, urlencode
from uuid import UUID

from wanku.catalog.models import Product
from wanku.merchants.models import Merchant
from wanku.orders.models import Order, Trade


def product_page(product: Product) -> str:
    """The questions of a product, as everybody sees them."""
    return f"/p/{product.merchant.slug}/{quote(product.slug)}/#questions"


def renewal(product: Product, licence_id: UUID, variant_id: int) -> str:
    """Where a licence is extended, with what it has now."""
    query = urlencode({"choice.renews": licence_id, "variant": variant_id})
    return f"/p/{product.merchant.slug}/{quote(product.slug)}/?{query}"


def order_licences(order: Order) -> str:
    """The licences of an order, as its buyer sees them."""
    return f"{order_page(order)}licences/"


def desk_questions(merchant: Merchant) -> str:
    """Open questions at the merchant's desk."""
    return f"/desk/{merchant.slug}/questions/"


def desk_reviews(merchant: Merchant) -> str:
    """Reviews at the merchant's desk."""
    return f"/desk/{merchant.slug}/reviews/"


def desk(merchant: Merchant) -> str:
    """The merchant's desk."""
    return f"/desk/{merchant.slug}/"


def desk_money(merchant: Merchant) -> str:
    """The statement at the merchant's desk."""
    return f"/desk/{merchant.slug}/money/"


def desk_order(order: Order) -> str:
    """An order at its merchant's desk."""
    return f"/desk/{order.merchant.slug}/orders/{order.number}/"


def pay_page(trade: Trade) -> str:
    """Where an unpaid trade is paid."""
    return f"/pay/{trade.number}/"


def order_page(order: Order) -> str:
    """An order as its buyer sees it; a guest's browser is asked for number and contact there."""
    return f"/orders/{order.number}/"


def platform_trade(trade: Trade) -> str:
    """A trade at the platform's desk."""
    return f"/platform/trades/{trade.pk}/"


def platform_merchant(merchant: Merchant) -> str:
    """A merchant at the platform's desk."""
    return f"/platform/merchants/{merchant.pk}/"


def platform_statement(merchant: Merchant) -> str:
    """A merchant's statement at the platform's desk."""
    return f"/platform/merchants/{merchant.pk}/money/"


def order_invoices(order: Order) -> str:
    """The invoices of an order, on its buyer's page."""
    return f"{order_page(order)}#invoice"


def desk_invoices(merchant: Merchant) -> str:
    """Invoices that a shop has to issue."""
    return f"/desk/{merchant.slug}/invoices/"


def platform_invoices() -> str:
    """Invoices that shops have not issued in time."""
    return "/platform/invoices/?tab=late"


def platform_bill(bill_id: str) -> str:
    """A channel's bill at the platform's desk."""
    return f"/platform/reconciliation/{bill_id}/"


def platform_case(case_id: str) -> str:
    """A case of finance."""
    return f"/platform/reconciliation/cases/{case_id}/"


def desk_settlements(merchant: Merchant) -> str:
    """What a shop was paid and will be."""
    return f"/desk/{merchant.slug}/settlements/"


def desk_bank_account(merchant: Merchant) -> str:
    """Where a shop is paid."""
    return f"/desk/{merchant.slug}/bank-account/"


def platform_payouts() -> str:
    """Payouts that wait for finance."""
    return "/platform/payouts/"


def platform_refunds() -> str:
    """Refunds that need a hand."""
    return "/platform/refunds/"


def platform_transfers() -> str:
    """Bank transfers that wait for a second person."""
    return "/platform/transfers/"
