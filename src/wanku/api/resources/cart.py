"""The caller's cart, and prices for anybody."""

from django.http import HttpResponse
from ninja import Path, Router

from wanku.access.scopes import Scope
from wanku.api.callers import KNOWN, PUBLIC, buyer
from wanku.api.fields import IdempotencyKey, PathId
from wanku.api.naming import renaming
from wanku.api.read import cart as read
from wanku.api.repeats import repeatable
from wanku.api.shapes.cart import CartChangeBody, CartShape, QuoteBody, QuoteShape, WishBody
from wanku.carts.models import Cart, CartLine
from wanku.flows.buying.change_cart import CartChange, change_cart
from wanku.flows.buying.fill_cart import fill_cart
from wanku.kernel.refusal import NOT_FOUND, Refusal
from wanku.kinds.forms import choice_text
from wanku.pricing.load import load_quote
from wanku.pricing.quote import Wish
from wanku.ui.request import Request

router = Router(tags=["cart"], auth=KNOWN)


@router.get("/cart", response=CartShape, summary="The cart")
def get_cart(request: Request) -> CartShape:
    """The caller's cart across shops, with today's prices. Scope `trades.see`."""
    return read.cart(buyer(request, Scope.TRADES_SEE), now=request.now)


@router.post("/cart/lines", response={201: CartShape}, summary="Put something in")
def add_cart_line(request: Request, body: WishBody, idempotency_key: IdempotencyKey = None) -> HttpResponse:
    """Add pieces of a variant; a line with the same add-ons grows. Scope `trades.place`."""
    actor = buyer(request, Scope.TRADES_PLACE)

    def act() -> CartShape:
        with renaming({"variant": "variant_id", "add_on": "add_ons"}):
            fill_cart(
                body.variant_id,
                body.quantity,
                tuple(body.add_ons),
                actor=actor,
                now=request.now,
                choice=choice_text(body.choice),
            )
        return read.cart(actor, now=request.now)

    return repeatable(request, idempotency_key, body, act)


@router.patch("/cart/lines/{line_id}", response=CartShape, summary="Change a line")
def change_cart_line(request: Request, line_id: Path[PathId], body: CartChangeBody) -> CartShape:
    """Set the pieces of a line, or whether the next checkout takes it. Scope `trades.place`."""
    actor = buyer(request, Scope.TRADES_PLACE)
    _own_line(request, line_id)
    change = CartChange(
        quantities=((line_id, body.quantity),) if body.quantity is not None else (),
        selected=((line_id, body.selected),) if body.selected is not None else (),
    )
    change_cart(change, actor=actor, now=request.now)
    return read.cart(actor, now=request.now)


@router.delete("/cart/lines/{line_id}", response=CartShape, summary="Take a line out")
def remove_cart_line(request: Request, line_id: Path[PathId]) -> CartShape:
    """Take a line out of the cart. Scope `trades.place`."""
    actor = buyer(request, Scope.TRADES_PLACE)
    _own_line(request, line_id)
    change_cart(CartChange(removed=(line_id,)), actor=actor, now=request.now)
    return read.cart(actor, now=request.now)


@router.post("/quotes", response=QuoteShape, auth=PUBLIC, summary="Price a checkout")
def get_quote(request: Request, body: QuoteBody) -> QuoteShape:
    """What an order of these lines would cost now, each number with its reason, and everything that hinders it.

    Nothing is stored and nothing is held; `POST /orders` decides.
    """
    return read.quote(load_quote(wishes_of(body.lines), address=where_of(body), now=request.now))


def where_of(body: QuoteBody) -> dict[str, str]:
    """Where to, as far as it is told."""
    return {"province": body.province or "", "city": body.city or "", "district": body.district or ""}


def wishes_of(lines: list[WishBody]) -> tuple[Wish, ...]:
    """Lines of a body as the pricing knows them."""
    return tuple(
        Wish(line.variant_id, line.quantity, tuple(line.add_ons), choice_text(line.choice), choice_text(line.details))
        for line in lines
    )


def _own_line(request: Request, line_id: int) -> None:
    if not CartLine.objects.filter(pk=line_id, cart__in=Cart.objects.visible_to(request.actor)).exists():
        raise Refusal(NOT_FOUND)
