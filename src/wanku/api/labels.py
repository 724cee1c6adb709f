"""Words for kinds of things and scopes, in the reader's language."""

from collections.abc import Iterable, Mapping
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

GROUPS: Final[Mapping[str, Promise]] = {
    "guests": _("Guests"),
    "catalog": _("Catalogue"),
    "cart": _("Cart and prices"),
    "orders": pgettext_lazy("api", "Orders"),
    "payments": pgettext_lazy("api", "Payments"),
    "invoices": pgettext_lazy("api", "Invoices"),
    "rooms": _("Waiting rooms"),
    "reviews": pgettext_lazy("api", "Reviews"),
    "me": _("The person's own"),
    "desk: orders": _("Shop: orders"),
    "desk: money": _("Shop: money"),
    "desk: products": _("Shop: products"),
    "desk: voices": _("Shop: reviews and questions"),
}
SCOPES: Final[Mapping[str, Promise]] = {
    "profile.see": _("see profile and addresses"),
    "profile.edit": _("change profile and addresses"),
    "trades.see": _("see cart and orders"),
    "trades.place": _("fill the cart, order, pay, cancel, confirm"),
    "reviews.write": _("write reviews and questions"),
    "orders.see": _("see the shop's orders"),
    "orders.fulfil": _("ship, or give orders up"),
    "products.edit": _("see and change products and stock"),
    "questions.answer": _("answer questions"),
    "reviews.reply": _("reply to reviews"),
    "money.see": _("see the statement"),
    "invoices.issue": _("see, issue and take back invoices"),
}


def described(scopes: Iterable[str]) -> list[tuple[str, Promise]]:
    """Scopes with their words."""
    return [(scope, SCOPES[scope]) for scope in scopes]
