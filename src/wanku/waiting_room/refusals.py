"""Refusals about queues."""

from wanku.kernel.refusal import Code, Refusal, gettext_noop
from wanku.pricing.quote import Offer

WAITING_ROOM = Code(
    "waiting_room",
    gettext_noop("“%(title)s” is sold by queue. Please take a place in line; you can order when it is your turn."),
    409,
)
NO_ROOM = Code("no_waiting_room", gettext_noop("There is no queue for “%(title)s”; it can be ordered right away."), 409)


def no_pass(offer: Offer, field: str) -> Refusal:
    """The refusal for who orders without a pass; the facts say which room it is, so that every door can lead there."""
    return Refusal(
        WAITING_ROOM,
        field=field,
        title=offer.title,
        product_id=offer.product_id,
        shop=offer.merchant_slug,
        slug=offer.slug,
    )
