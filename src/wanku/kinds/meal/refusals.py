"""What a kitchen cannot do."""

from typing import Final

from wanku.kernel.refusal import Code, gettext_noop

NO_KITCHEN: Final = Code("no_kitchen", gettext_noop("“%(title)s” is not on a menu at the moment."), 409)
CLOSED: Final = Code("kitchen_closed", gettext_noop("The kitchen is closed then. It is open next at %(at)s."), 409)
CLOSED_LONG: Final = Code("kitchen_closed", gettext_noop("The kitchen is closed at the moment."), 409)
TOO_SOON: Final = Code("slot_too_soon", gettext_noop("It cannot be ready by then; the earliest time is %(at)s."), 409)
TOO_FAR: Final = Code("slot_too_far", gettext_noop("One can order at most %(days)s days ahead."), 409)
SLOT_FULL: Final = Code(
    "slot_full", gettext_noop("The kitchen is full at that time. The next time that is free is %(at)s."), 409
)
ALL_FULL: Final = Code("slot_full", gettext_noop("The kitchen is full at that time. Please choose another."), 409)
DISH_OFF: Final = Code("dish_off", gettext_noop("“%(title)s” is sold out for that day."), 409)
NO_WAY: Final = Code("way_closed", gettext_noop("This shop does not offer it that way. Please choose another."), 409)
NO_TABLE: Final = Code("no_table", gettext_noop("Please scan the code on your table again."), 409)
TOO_FEW: Final = Code("options_too_few", gettext_noop("Choose at least %(least)s for “%(group)s”."), 422)
TOO_MANY: Final = Code("options_too_many", gettext_noop("Choose at most %(most)s for “%(group)s”."), 422)
OUTSIDE: Final = Code(
    "outside", gettext_noop("This shop does not deliver to that address. Please choose pickup or another address."), 409
)
BELOW: Final = Code(
    "below_minimum", gettext_noop("Delivery to “%(zone)s” starts at %(minimum)s; %(missing)s are missing."), 409
)
