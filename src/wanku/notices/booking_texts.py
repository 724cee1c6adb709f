"""The wording of notices about what is booked and not sent, and about orders of such kinds."""

from collections.abc import Mapping
from typing import Final

from wanku.kernel.refusal import gettext_noop as _
from wanku.notices.wording import Wording

_SEE: Final = _("See the order")
_TO: Final = _("Go to the booking")

BOOKED: Final[Mapping[str, Wording]] = {
    # to buyers
    "trade_booked": Wording(
        _("Paid: your order %(trade)s"),
        _("We received %(amount)s. %(shop)s will tell you how it goes on; the order shows it too."),
        _SEE,
    ),
    "booking_confirmed": Wording(
        _("Confirmed: %(booked)s"),
        _("%(shop)s expects you (order %(order)s). The order has the code to show, if one is needed."),
        _SEE,
    ),
    "booking_accepted": Wording(
        _("%(shop)s has accepted: %(booked)s"), _("It is settled (order %(order)s). You need to do nothing."), _SEE
    ),
    "booking_rejected": Wording(
        _("%(shop)s cannot take your order: %(booked)s"),
        _("Reason: %(note)s\nAll that you paid goes back the way it came (order %(order)s)."),
        _SEE,
    ),
    "booking_lapsed": Wording(
        _("%(shop)s did not answer in time: %(booked)s"),
        _("So the order %(order)s is closed, and all that you paid goes back the way it came."),
        _SEE,
    ),
    "booking_under_way": Wording(_("%(shop)s is on the way"), _("%(booked)s (order %(order)s)."), _SEE),
    "booking_issued": Wording(
        _("Ready: %(booked)s"),
        _(
            "%(shop)s has issued what you ordered (order %(order)s). The codes wait on the order's page; they are not "
            "in this message, so that nobody else reads them."
        ),
        _("See the codes"),
    ),
    "booking_done": Wording(
        _("Done: %(booked)s"),
        _("%(shop)s says that order %(order)s is done. If something is wrong, tell us before you confirm it."),
        _SEE,
    ),
    "booking_no_show": Wording(
        _("%(shop)s waited in vain: %(booked)s"),
        _("You were not there, so nothing goes back (order %(order)s). If that is wrong, please tell us."),
        _SEE,
    ),
    "booking_missed": Wording(
        _("%(shop)s did not keep it: %(booked)s"),
        _("All that you paid goes back the way it came (order %(order)s). We are sorry."),
        _SEE,
    ),
    "booking_called_off": Wording(
        _("Called off by %(shop)s: %(booked)s"),
        _("Reason: %(note)s\nAll that you paid goes back the way it came (order %(order)s)."),
        _SEE,
    ),
    "booking_too_few": Wording(
        _("Not enough travellers: %(booked)s"),
        _("The group stayed too small, so it does not go. All that you paid goes back (order %(order)s)."),
        _SEE,
    ),
    "booking_cancelled": Wording(
        _("You cancelled: %(booked)s"),
        _("The fee is %(fee)s; what you paid besides goes back the way it came (order %(order)s)."),
        _SEE,
    ),
    "booking_moved": Wording(_("Moved: %(booked)s"), _("Your order %(order)s has its new time."), _SEE),
    "booking_tomorrow": Wording(
        _("Soon: %(booked)s"),
        _("%(shop)s expects you (order %(order)s). The order has the place, the code and what to know."),
        _SEE,
    ),
    "booking_late": Wording(
        _("%(shop)s has not said how it went: %(booked)s"),
        _("It was reminded. If it is done you can confirm it yourself; if not, you can urge the shop (%(order)s)."),
        _SEE,
    ),
    # to merchants
    "booking_to_accept": Wording(
        _("New: %(booked)s"),
        _("%(amount)s, paid (order %(order)s). Please accept or decline by %(due)s; after that it all goes back."),
        _TO,
    ),
    "booking_waits": Wording(
        _("Still waits for you: %(booked)s"),
        _("Please accept or decline by %(due)s; after that all the money goes back (order %(order)s)."),
        _TO,
    ),
    "booking_new": Wording(_("New: %(booked)s"), _("%(amount)s, paid (order %(order)s). It is settled already."), _TO),
    "booking_let_lapse": Wording(
        _("Not accepted in time: %(booked)s"), _("The buyer got everything back (order %(order)s)."), _TO
    ),
    "booking_not_kept": Wording(
        _("Not kept: %(booked)s"),
        _("Nobody entered that it was begun, so the buyer got everything back (order %(order)s)."),
        _TO,
    ),
    "booking_cancelled_by_buyer": Wording(
        _("The buyer cancelled: %(booked)s"), _("It is free again. You keep %(fee)s (order %(order)s)."), _TO
    ),
    "booking_too_few_shop": Wording(
        _("The group stayed too small: %(booked)s"),
        _("It was called off by itself, and the buyer of order %(order)s gets everything back."),
        _TO,
    ),
    "booking_cancelled_by_platform": Wording(
        _("The platform called off: %(booked)s"), _("Reason: %(note)s\nThe buyer got everything back."), _TO
    ),
    "booking_moved_by_buyer": Wording(
        _("The buyer moved: %(booked)s"), _("This is the new time; the old one is free again (order %(order)s)."), _TO
    ),
    "booking_overdue": Wording(
        _("How did it go? %(booked)s"),
        _("Nobody has entered that order %(order)s is done. Please do it now: the buyer sees the delay."),
        _TO,
    ),
    "booking_urged": Wording(
        _("The buyer asks about order %(order)s"), _("%(booked)s. This is urge %(count)s of three."), _TO
    ),
    # to the platform
    "booking_neglected": Wording(
        _("%(shop)s neglects order %(order)s"), _("%(booked)s. The shop was reminded %(reminder)s times."), _SEE
    ),
}
