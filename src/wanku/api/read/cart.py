"""The cart and prices as the API shows them."""

from datetime import datetime

from wanku.access.actor import Actor
from wanku.api.read.catalog import picture
from wanku.api.shapes import cart as shapes
from wanku.api.shapes.catalog import ShopBrief
from wanku.carts.queries import CartItem, read_cart
from wanku.kernel.money import Money
from wanku.pricing.quote import MerchantPart, Quote
from wanku.pricing.reasons import freight_words
from wanku.ui.words import money_text, refusal_text


def cart(actor: Actor, *, now: datetime) -> shapes.CartShape:
    """The actor's cart, priced now."""
    view = read_cart(actor, now=now)
    return shapes.CartShape(
        parts=[
            shapes.CartPart(
                merchant=ShopBrief(slug=part.merchant_slug, name=part.merchant_name),
                lines=[_cart_line(item) for item in part.items],
                goods=part.goods,
            )
            for part in view.parts
        ],
        currency=view.currency,
        goods=view.goods,
        pieces=view.pieces,
    )


def _cart_line(item: CartItem) -> shapes.CartLineShape:
    return shapes.CartLineShape(
        id=item.id,
        variant_id=item.offer.variant_id,
        product_id=item.offer.product_id,
        title=item.offer.title,
        label=item.offer.label,
        picture=picture(item.offer.picture_id, item.offer.title),
        add_ons=[extra.id for extra in item.add_ons],
        quantity=item.quantity,
        most=item.most,
        unit_price=item.unit_price,
        seen_price=item.seen_price,
        amount=item.amount,
        standing=item.standing,
        selected=item.selected,
    )


def quote(priced: Quote) -> shapes.QuoteShape:
    """A priced checkout with the reason of each number."""
    return shapes.QuoteShape(
        parts=[_part(part, priced.currency) for part in priced.parts],
        currency=priced.currency,
        goods=priced.goods,
        freight=priced.freight,
        total=priced.total,
        refusals=[
            shapes.Hindrance(field=each.field, code=each.code.name, message=refusal_text(each))
            for each in priced.refusals
        ],
    )


def _part(part: MerchantPart, currency: str) -> shapes.QuotePart:
    words = freight_words(part.freight_reason, lambda amount: money_text(Money(amount, currency)), part.kind)
    return shapes.QuotePart(
        merchant=ShopBrief(slug=part.lines[0].offer.merchant_slug, name=part.merchant_name),
        lines=[
            shapes.QuoteLine(
                index=line.index,
                variant_id=line.variant_id,
                product_id=line.offer.product_id,
                title=line.offer.title,
                label=line.offer.label,
                sku=line.offer.sku,
                quantity=line.quantity,
                add_ons=[shapes.AddOnPrice(name=extra.name, price=extra.price) for extra in line.add_ons],
                unit_price=line.unit_price,
                amount=line.amount,
                free=line.offer.free,
            )
            for line in part.lines
        ],
        goods=part.goods,
        freight=part.freight,
        freight_reason=shapes.Reason(code=part.freight_reason.code, text=words, facts=dict(part.freight_reason.facts)),
        total=part.total,
    )
