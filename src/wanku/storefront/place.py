"""Where a buyer is when they pay: it decides which ways to pay can work."""

import re
from typing import Final

from wanku.payments.channel import Place
from wanku.payments.gateways import available
from wanku.ui.request import Request

PHONE: Final = re.compile(r"Mobi|Android|iPhone|iPad|HarmonyOS")


def place_of(request: Request) -> Place:
    """Told from the browser's own words; whoever disguises it only sees other ways to pay."""
    browser = request.headers.get("User-Agent", "")
    if "MicroMessenger" in browser:
        return Place.WECHAT
    return Place.PHONE if PHONE.search(browser) else Place.DESKTOP


def ways_to_pay(request: Request, currency: str) -> list[tuple[str, str]]:
    """``(gateway:method, label)`` of the ways that work where the buyer is, in the order to show; labels are msgids."""
    here = available(currency=currency, place=place_of(request))
    return [(f"{gateway}:{method}", way.label) for gateway, method, way in here]
