"""Where a buyer is when they pay: it decides which ways to pay can work."""

import re
from typing import Final, NamedTuple

from wanku.payments.channel import Place
from wanku.payments.gateways import available
from wanku.ui.request import Request

PHONE: Final = re.compile(r"Mobi|Android|iPhone|iPad|HarmonyOS")


ICONS: Final = {"native": "qr-code", "precreate": "qr-code", "card": "credit-card", "bank": "landmark"}
"""By the code of the way; the others open an app or a page."""


class Way(NamedTuple):
    """A way to pay as a buyer chooses it; value is ``gateway:method``, label and hint are msgids."""

    value: str
    label: str
    hint: str
    icon: str


def place_of(request: Request) -> Place:
    """Told from the browser's own words; whoever disguises it only sees other ways to pay."""
    browser = request.headers.get("User-Agent", "")
    if "MicroMessenger" in browser:
        return Place.WECHAT
    return Place.PHONE if PHONE.search(browser) else Place.DESKTOP


def ways_to_pay(request: Request, currency: str) -> list[Way]:
    """The ways that work where the buyer is, in the order to show."""
    place = place_of(request)
    usual = "external-link" if place is Place.DESKTOP else "smartphone"
    return [
        Way(f"{gateway}:{method}", way.label, way.hint, ICONS.get(method, usual))
        for gateway, method, way in available(currency=currency, place=place)
    ]
