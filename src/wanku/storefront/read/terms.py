"""Promises in plain words: shipping, arrival, returns."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from wanku.catalog.models import ReturnRule

# Beyond this a promise is a pre-sale and says so.
ORDINARY_HOURS = 48


@dataclass(frozen=True, slots=True)
class Terms:
    """A rule in words.

    Attributes:
        kind: ``no_reason``, ``excludable`` or ``never``.
        title: in a few words.
        text: what it means for the reader.
        kind_to_buyer: whether it is good news; the page colours by it and never by it alone.
    """

    kind: str
    title: str
    text: str
    kind_to_buyer: bool


@dataclass(frozen=True, slots=True)
class Promise:
    """When goods ordered now leave and arrive.

    Attributes:
        ship_by: the latest moment of handing over.
        first, last: the days between which they arrive, in the reader's zone.
    """

    hours: int
    ship_by: datetime
    first: date
    last: date
    is_presale: bool


def return_words(terms: Mapping[str, Any]) -> Terms:
    """The return rule of a product (``Product.return_terms()``, or as frozen with an order) in plain words."""
    days = int(terms.get("days") or 0)
    match terms.get("rule"):
        case ReturnRule.NEVER:
            return Terms(
                "never",
                _("No return without reason"),
                _(
                    "Made to order, perishable or digital goods cannot be returned without a reason. If something is "
                    "broken, wrong or not as described, you still get your money back."
                ),
                kind_to_buyer=False,
            )
        case ReturnRule.EXCLUDABLE:
            return Terms(
                "excludable",
                _("Return only while unopened"),
                _(
                    "You can return it without a reason within %(days)s days of receipt while it is unopened. Once "
                    "opened or activated it cannot be returned without a reason, if you agree to that when ordering. "
                    "Faults are always refunded."
                )
                % {"days": days},
                kind_to_buyer=False,
            )
        case _:
            title = ngettext(
                "%(days)s day to return without a reason", "%(days)s days to return without a reason", days
            )
            return Terms(
                "no_reason",
                title % {"days": days},
                _(
                    "Send it back complete and in good condition within %(days)s days from the day after receipt and "
                    "get your money back. You pay the return freight unless it was faulty, wrong or not as described."
                )
                % {"days": days},
                kind_to_buyer=True,
            )


def promise(hours: int, days: tuple[int, int], now: datetime) -> Promise:
    """What is promised to someone who orders now.

    Args:
        hours: until handing over, at most.
        days: from handing over to arrival, fewest and most.
    """
    ship_by = now + timedelta(hours=hours)
    today = timezone.localtime(now).date()
    # Shipped at once at best, at the last moment at worst.
    last = timezone.localtime(ship_by).date() + timedelta(days=days[1])
    return Promise(hours, ship_by, today + timedelta(days=days[0]), last, hours > ORDINARY_HOURS)
