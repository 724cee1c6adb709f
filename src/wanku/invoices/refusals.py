"""Why an invoice is refused."""

from typing import Final

from wanku.kernel.refusal import Code, gettext_noop

NOT_PAID: Final = Code("invoice_not_paid", gettext_noop("An invoice can be asked for once the order is paid."), 409)
NOTHING_TO_INVOICE: Final = Code(
    "nothing_to_invoice", gettext_noop("Everything of this order was paid back, so there is nothing to invoice."), 409
)
INVOICE_STANDS: Final = Code(
    "invoice_stands",
    gettext_noop("There is an invoice for this order already. If it is wrong, ask the shop to take it back."),
    409,
)
TOO_MANY_TITLES: Final = Code(
    "too_many_titles", gettext_noop("You have %(most)s titles already. Remove one first."), 409
)
