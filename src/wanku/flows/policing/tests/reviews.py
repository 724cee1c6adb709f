"""A review to hide, for two tests."""

from tests.cast import ADDRESS, NOW, product_of, variant_of
from wanku.catalog.models import Product
from wanku.merchants.models import Merchant
from wanku.orders.models import Line, Order, Trade
from wanku.reviews.models import Review


def reviewed(merchant: Merchant, *, goods: int = 1) -> tuple[Review, Product]:
    """A received line with a review that the product's rating counts, beside another one of five stars."""
    product = product_of(merchant, rating_sum=5 + goods, rating_count=2)
    variant = variant_of(product)
    trade = Trade.objects.create(
        number="26111100000000017", contact_name="Ann", currency="CNY", amount=9900, state="paid",
        request_scope="t", request_key="1", request_hash=b"1", placed_at=NOW,
    )  # fmt: skip
    order = Order.objects.create(
        number="26111100000000025", trade=trade, merchant=merchant, currency="CNY", goods=9900, freight=0,
        amount=9900, commission=297, address=ADDRESS, state="completed", placed_at=NOW,
    )  # fmt: skip
    line = Line.objects.create(
        order=order, merchant_id=merchant.pk, kind="ship", product_id=product.pk, variant_id=variant.pk, demand={},
        title=product.title, unit_price=9900, quantity=1, amount=9900,
    )  # fmt: skip
    review = Review.objects.create(
        line=line, order=order, merchant_id=merchant.pk, product_id=product.pk, author_name="A***", goods=goods,
        service=1, delivery=1, text="加微信返现", written_at=NOW,
    )  # fmt: skip
    return review, product
