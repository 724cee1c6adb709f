"""Where a notice leads: paths on this site."""

from urllib.parse import quote

from wanku.catalog.models import Product
from wanku.merchants.models import Merchant


def product_page(product: Product) -> str:
    """The questions of a product, as everybody sees them."""
    return f"/p/{product.merchant.slug}/{quote(product.slug)}/#questions"


def desk_questions(merchant: Merchant) -> str:
    """Open questions at the merchant's desk."""
    return f"/desk/{merchant.slug}/questions/"
