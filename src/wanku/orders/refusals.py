"""Refusals about orders that several flows share."""

from wanku.kernel.refusal import Code, gettext_noop

NOT_TO_SHIP = Code("not_to_ship", gettext_noop("There is nothing to ship: the order is already “%(state)s”."), 409)
NOT_RECEIVABLE = Code(
    "not_receivable",
    gettext_noop("Receipt can be confirmed once everything was shipped; the order is “%(state)s”."),
    409,
)
ALREADY_EXTENDED = Code("already_extended", gettext_noop("The time to confirm receipt was already extended once."), 409)
