"""The waiting room of a product, as one reader sees it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from wanku.access.actor import Actor
from wanku.catalog.models import Product
from wanku.files.models import Picture
from wanku.files.queries import stand_in
from wanku.pricing.quote import Offer, Wish
from wanku.waiting_room.models import Ticket
from wanku.waiting_room.person import person_key
from wanku.waiting_room.queries import Room, room_of, ticket_of
from wanku.waiting_room.rules import pace
from wanku.waiting_room.states import ADMITTED, LAPSED, USED, WAITING

OPEN: Final = "open"
SOLD_OUT: Final = "sold_out"


@dataclass(frozen=True, slots=True)
class RoomView:
    """What the page shows.

    Attributes:
        stage: ``open`` (no place yet), ``waiting``, ``admitted``, ``used``, ``lapsed`` or ``sold_out``.
        ahead: how many wait before the reader.
        wish: what to take to the checkout, or to ask for when joining; none when there is a choice to make first.
    """

    product: Product
    picture: Picture | None
    room: Room
    ticket: Ticket | None
    stage: str
    ahead: int
    wish: Wish | None

    @property
    def is_live(self) -> bool:
        """Whether waiting changes anything."""
        return self.stage in (WAITING, ADMITTED)

    @property
    def place(self) -> int:
        """The reader's place in line, from one."""
        return self.ahead + 1

    @property
    def every(self) -> int:
        """Seconds until it is worth looking again."""
        return pace(self.ahead)

    @property
    def version(self) -> str:
        """What the reader sees, in short."""
        room = self.room
        return f"{self.stage}-{self.ahead}-{room.free}-{room.held}-{room.passes}-{room.waiting}"


def product_with_room(actor: Actor, merchant: str, slug: str) -> Product | None:
    """A product that the reader may see, by its address."""
    visible = Product.objects.visible_to(actor).select_related("merchant")
    return visible.filter(merchant__slug=merchant, slug=slug).first()


def read_room_of(product: Product, actor: Actor, now: datetime) -> RoomView:
    """The room of a product: four queries, the one that counts the line shared by everybody who looks."""
    known = actor.is_member or actor.guest_key is not None
    ticket = ticket_of(product.pk, person_key(actor)) if known else None
    room = room_of(product.pk, now)
    shot = product.pictures.filter(picture_id__isnull=False).first()
    return RoomView(
        product=product,
        picture=stand_in(shot.picture_id) if shot else None,
        room=room,
        ticket=ticket,
        stage=_stage(ticket, room),
        ahead=room.ahead_of(ticket) if ticket and ticket.state == WAITING else 0,
        wish=wish_of(ticket) or _only_wish(product),
    )


@dataclass(frozen=True, slots=True)
class Turn:
    """Where a buyer stands with one product of a checkout that sells by queue.

    Attributes:
        due_at: until when their pass holds; none without a pass.
    """

    offer: Offer
    due_at: datetime | None


def turns_of(offers: Iterable[Offer], actor: Actor) -> list[Turn]:
    """The buyer's passes for what sells by queue; a query for each such product and none otherwise."""
    known = actor.is_member or actor.guest_key is not None
    found = []
    for offer in {offer.product_id: offer for offer in offers if offer.waiting_room}.values():
        ticket = ticket_of(offer.product_id, person_key(actor)) if known else None
        found.append(Turn(offer, ticket.due_at if ticket and ticket.state == ADMITTED else None))
    return found


def wish_of(ticket: Ticket | None) -> Wish | None:
    """What somebody came for, if they said so."""
    if ticket is None or not ticket.wish:
        return None
    told = ticket.wish
    return Wish(told["variant"], told["quantity"], tuple(told["add_ons"]))


def _stage(ticket: Ticket | None, room: Room) -> str:
    if ticket is not None and ticket.state in (WAITING, ADMITTED, USED):
        return ticket.state
    if room.is_gone:
        return SOLD_OUT
    return LAPSED if ticket is not None and ticket.state == LAPSED else OPEN


def _only_wish(product: Product) -> Wish | None:
    """One piece of the only variant, where there is nothing to choose."""
    variants = list(product.variants.filter(is_active=True)[:2])
    return Wish(variants[0].pk, 1) if len(variants) == 1 else None
