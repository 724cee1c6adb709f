"""What every demo shop does: pictures that are drawn, and orders that are placed and paid."""

from collections.abc import Iterable
from functools import cache
from uuid import UUID, uuid4

from wanku.catalog.rules import PictureData
from wanku.files.accept import accept_picture
from wanku.flows.buying.place_order import Checkout, Contact, place_order
from wanku.pricing.load import load_quote
from wanku.pricing.quote import Wish
from wanku.runner.demo._clock import LOADED
from wanku.runner.demo.history import Buyer, pay
from wanku.runner.demo.pictures import illustrate


def drawn(icon: str, hue: int, scene: int, merchant_id: int) -> UUID:
    """A picture of a shop's own. The same one for another thing is drawn and stored once."""
    owner = f"merchant:{merchant_id}"
    return accept_picture(_picture(icon, hue % 360, scene), owner=owner, is_public=True, now=LOADED).pk


def gallery(icons: Iterable[str], hue: int, merchant_id: int, alt: str) -> tuple[PictureData, ...]:
    """Pictures of a product, each on a ground of its own."""
    return tuple(
        PictureData(picture_id=drawn(icon, hue, scene, merchant_id), alt=alt) for scene, icon in enumerate(icons)
    )


def ordered(wish: Wish, buyer: Buyer, *, comes: bool = False) -> UUID | None:
    """Place and pay one order; none if it is not to be had.

    Args:
        comes: whether it is brought to the buyer's address.

    Returns:
        the trade.
    """
    actor, person, address = buyer
    quoted = load_quote([wish], address=address if comes else None, now=LOADED)
    if quoted.refusals:
        return None
    checkout = Checkout(
        actor=actor,
        key=f"demo-{uuid4().hex}",
        wishes=(wish,),
        contact=Contact(person.name, address["phone"], person.email or ""),
        address=address if comes else {},
        agreed_total=quoted.total,
    )
    placed = place_order(checkout, now=LOADED)
    pay(placed.trade_id, actor, LOADED)
    return placed.trade_id


@cache
def _picture(icon: str, hue: int, scene: int) -> bytes:
    return illustrate(icon, hue, scene)
