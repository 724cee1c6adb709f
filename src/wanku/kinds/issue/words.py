"""Terms, seats and devices as people say them."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from wanku.kinds.issue.plan import PERPETUAL

YEAR, MONTH = 365, 30


def term_text(days: int | None) -> str:
    """A term; none or zero is for good."""
    if not days or days == PERPETUAL:
        return _("for good")
    if days % YEAR == 0:
        return ngettext("%(n)s year", "%(n)s years", days // YEAR) % {"n": days // YEAR}
    if days % MONTH == 0:
        return ngettext("%(n)s month", "%(n)s months", days // MONTH) % {"n": days // MONTH}
    return ngettext("%(n)s day", "%(n)s days", days) % {"n": days}


def seats_text(seats: int) -> str:
    """How many people may use it."""
    return ngettext("%(n)s seat", "%(n)s seats", seats) % {"n": seats}


def machines_text(machines: int) -> str:
    """On how many devices a code is active at once."""
    return ngettext("%(n)s device per code", "%(n)s devices per code", machines) % {"n": machines}


def plan_text(edition: str, days: int | None, seats: int) -> str:
    """A plan in one line; one seat goes without saying."""
    return " · ".join([edition, term_text(days), *([seats_text(seats)] if seats > 1 else [])])
