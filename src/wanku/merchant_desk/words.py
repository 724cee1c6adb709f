"""The desk's words."""

from collections.abc import Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.utils.translation import pgettext_lazy as _p

from wanku.catalog.models import ReturnRule

Text = str | Promise
ROLES: Mapping[str, tuple[Text, Text]] = {
    "owner": (_p("staff role", "Owner"), gettext_lazy("Everything, also staff and API keys.")),
    "manager": (_p("staff role", "Manager"), gettext_lazy("Everything but staff and API keys.")),
    "clerk": (_p("staff role", "Clerk"), gettext_lazy("Sees and ships orders.")),
    "finance": (_p("staff role", "Finance"), gettext_lazy("Sees orders and money.")),
    "service": (_p("staff role", "Customer service"), gettext_lazy("Sees orders, answers questions and reviews.")),
}
SCOPES: Mapping[str, tuple[Text, Text]] = {
    "orders.see": (gettext_lazy("See orders"), gettext_lazy("List and read the orders of this shop.")),
    "orders.fulfil": (_p("scope", "Ship orders"), gettext_lazy("Enter parcels, withdraw orders, read addresses.")),
    "products.edit": (gettext_lazy("Edit products"), gettext_lazy("Products, prices, stock, imports.")),
    "questions.answer": (gettext_lazy("Answer questions"), gettext_lazy("Read and answer questions on products.")),
    "reviews.reply": (gettext_lazy("Reply to reviews"), gettext_lazy("Read reviews and reply to them.")),
    "money.see": (gettext_lazy("See money"), gettext_lazy("Read the statement.")),
}
LOG_REASONS: Mapping[str, Text] = {"edit": gettext_lazy("Edited"), "import": gettext_lazy("Import")}


def return_text(returns: Mapping[str, Any]) -> str:
    """The return terms of a line, in a few words."""
    rule = returns.get("rule")
    if rule == ReturnRule.NEVER:
        return _("No return without reason")
    if rule == ReturnRule.EXCLUDABLE and returns.get("agreed"):
        return _("No return once opened; the buyer agreed to it")
    return _("Return without reason within %(days)s days") % {"days": returns.get("days", 7)}


PAYOUT_FAILURES: Mapping[str, Text] = {
    "declined": _p("payout", "Called off by the platform"),
    "ACCOUNT_CLOSED": _p("payout", "The account is closed"),
    "RETURNED": _p("payout", "Sent back by the receiving bank"),
    "standing_holds_money": _p("payout", "The standing of your shop does not allow it"),
    "account_changed": _p("payout", "The bank account was changed meanwhile"),
    "account_cooling": _p("payout", "The bank account was changed meanwhile"),
}


def payout_failure(code: str) -> Text:
    """Why a payout did not arrive; a code of the bank that we do not know shows as it is."""
    return PAYOUT_FAILURES.get(code, code)
