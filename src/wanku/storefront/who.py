"""Who a buyer is to a channel, for ways to pay that need to know: asked once in a session, on the way to paying."""

from secrets import compare_digest, token_urlsafe
from typing import Final

from django.conf import settings
from django.urls import reverse

from wanku.orders.models import Trade
from wanku.payments.channel import ChannelDown, KnowsBuyers
from wanku.payments.gateways import GATEWAYS
from wanku.ui.request import Request

REFS: Final = "buyer_refs"
"""In the session: the buyer's id at each channel that has told us."""
ASKED: Final = "buyer_ref_asked"
"""In the session: what the buyer chose before we asked the channel who they are."""


def buyer_ref(request: Request, gateway: str) -> str:
    """The buyer's id at a channel; empty while it is not known."""
    return str(request.session.get(REFS, {}).get(gateway, ""))


def who_first(request: Request, trade: Trade, gateway: str, method: str) -> str:
    """Where the buyer goes first, so that the channel tells us who they are; empty where that is known or not needed.

    Raises:
        ChannelDown: the channel is not set up any more.
    """
    way = GATEWAYS[gateway].methods().get(method) if gateway in GATEWAYS else None
    channel = _channel(gateway)
    if way is None or not way.asks_who or channel is None or buyer_ref(request, gateway):
        return ""
    state = token_urlsafe(24)
    request.session[ASKED] = {"state": state, "trade": trade.number, "gateway": gateway, "method": method}
    back = f"{settings.PUBLIC_URL}{reverse('storefront:pay_who', args=[trade.number])}"
    return channel.who_address(back, state)


def who_told(request: Request, trade: Trade) -> tuple[str, str] | None:
    """Take what the channel sent the buyer back with: the gateway and method that they had chosen.

    Returns:
        None when nothing was asked in this session, or not with this state: then nothing is taken.

    Raises:
        ChannelDown: the channel does not tell who it is.
    """
    asked = request.session.pop(ASKED, None)
    if asked is None or asked["trade"] != trade.number:
        return None
    if not compare_digest(asked["state"].encode(), request.GET.get("state", "").encode()):
        return None
    channel = _channel(asked["gateway"])
    if channel is None:
        raise ChannelDown("the channel is gone")
    ref = channel.who(request.GET.get("code", ""))
    request.session[REFS] = {**request.session.get(REFS, {}), asked["gateway"]: ref}
    return asked["gateway"], asked["method"]


def _channel(gateway: str) -> KnowsBuyers | None:
    channel: object = GATEWAYS.get(gateway)
    return channel if isinstance(channel, KnowsBuyers) else None
