"""What was agreed when ordering, in the reader's words: why the freight is what it is, what may be returned."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from wanku.catalog.models import ReturnRule
from wanku.kernel.money import Money
from wanku.pricing.freight import Reason
from wanku.pricing.reasons import freight_words
from wanku.storefront.read.terms import return_words
from wanku.ui.words import money_text


def freight_text(reason: Reason, currency: str, kind: str) -> str:
    """Why the freight, or what a kind asks for coming or bringing, is what it is."""
    return freight_words(reason, lambda amount: money_text(Money(amount, currency)), kind)


def frozen_freight(terms: Mapping[str, Any], currency: str, kind: str) -> str:
    """The same of an order's frozen terms."""
    found = terms.get("freight_reason") or {}
    return freight_text(Reason(str(found.get("code", "")), found.get("facts", {})), currency, kind)


def frozen_returns(returns: Mapping[str, Any]) -> str:
    """The return rule of a line, with what the buyer agreed to."""
    if returns.get("rule") == ReturnRule.EXCLUDABLE and returns.get("agreed"):
        return _("No return once opened, as you agreed when ordering; faults are always covered")
    if returns.get("rule") == ReturnRule.EXCLUDABLE and "agreed" in returns:
        # Without the tick the merchant cannot refuse (Interim Measures on 7-day returns, article 20).
        return return_words({**returns, "rule": ReturnRule.NO_REASON}).title
    return return_words(returns).title
