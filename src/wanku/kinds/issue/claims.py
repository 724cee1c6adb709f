"""What we sign of a licence."""

from datetime import datetime
from typing import Any

from django.conf import settings

from wanku.kinds.issue.models import Licence


def claims_of(licence: Licence, *, now: datetime, machine: str = "", code: str = "") -> dict[str, Any]:
    """JSON claims; times in whole seconds since 1970 as RFC 7519 has them, ``exp`` being the end of the term.

    Args:
        licence: with its plan, variant, product and merchant.
        machine: the device that asks, in its own words.
        code: for who holds it in plain anyway, so that the text alone proves a purchase.
    """
    variant = licence.plan.variant
    claims: dict[str, Any] = {
        "iss": settings.PUBLIC_URL,
        "sub": str(licence.pk),
        "iat": int(now.timestamp()),
        "shop": licence.merchant.slug,
        "product": variant.product.slug,
        "sku": variant.sku,
        "edition": licence.edition,
        "seats": licence.seats,
        "machines": licence.machines,
        "term_days": licence.term_days,
    }
    if licence.expires_at is not None:
        claims["exp"] = int(licence.expires_at.timestamp())
    if machine:
        claims["machine"] = machine
    if code:
        claims["code"] = code
    return claims
