"""Freight reasons in words."""

from collections.abc import Callable

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from wanku.kinds.shown import explained
from wanku.pricing.freight import Reason
from wanku.pricing.quote import SHIP

MoneyWords = Callable[[int], str]
"""Formats minor units in the currency of the quote; the edge supplies it."""


def freight_words(reason: Reason, money: MoneyWords, kind: str = SHIP) -> str:
    """Why freight, or what a kind asks for coming or bringing, is what it is, in the reader's language.

    Args:
        money: formats minor units in the currency of the quote.
    """
    if kind != SHIP and reason.code != "refused":
        return "" if reason.code == "no_fee" else explained(kind, reason.code, reason.facts)
    facts = reason.facts
    match reason.code:
        case "free_from":
            return _("Free from %(threshold)s") % {"threshold": money(facts["threshold"])}
        case "free":
            return _("Free shipping")
        case "by_count" | "by_weight":
            return _priced(reason, money)
        case _:
            return _("Not shipped to this address")


def _priced(reason: Reason, money: MoneyWords) -> str:
    facts = reason.facts
    if reason.code == "by_count":
        first = ngettext("first piece %(fee)s", "first %(first)s pieces %(fee)s", facts["first"])
    else:
        first = _("first %(first)s g %(fee)s")
    text = first % {"first": facts["first"], "fee": money(facts["first_fee"])}
    if facts["steps"]:
        text += _(", then %(steps)s × %(fee)s") % {"steps": facts["steps"], "fee": money(facts["step_fee"])}
    if facts["free_from"] is not None:
        text += _("; free from %(threshold)s") % {"threshold": money(facts["free_from"])}
    return text
