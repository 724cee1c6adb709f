"""Moves as sentences of a timeline, in the reader's language; one table for all sides."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import pgettext_lazy as _p

from wanku.audit.models import Move

_c: Final = "timeline"
WORDS: Mapping[tuple[str, str], str | Promise] = MappingProxyType(
    {
        ("order", "place"): _p(_c, "Order placed"),
        ("order", "pay"): _p(_c, "Paid; the shop prepares the goods"),
        ("order", "revive"): _p(_c, "The payment came late; the goods could still be taken, the order goes on"),
        ("order", "cancel"): _p(_c, "Order cancelled"),
        ("order", "expire"): _p(_c, "Not paid in time; the order was cancelled by itself"),
        ("order", "start"): _p(_c, "A part was shipped"),
        ("order", "ship_part"): _p(_c, "A further part was shipped"),
        ("order", "fulfil"): _p(_c, "Everything is shipped"),
        ("order", "late"): _p(_c, "The shop is late; it was reminded"),
        ("order", "urge"): _p(_c, "The buyer urged the shop"),
        ("order", "edit_delivery"): _p(_c, "Address or note changed"),
        ("order", "withdraw"): _p(_c, "Taken back before shipping; the whole amount goes back"),
        ("order", "refund_part"): _p(_c, "A part of the money goes back"),
        ("order", "refund"): _p(_c, "All of the money goes back"),
        ("order", "extend"): _p(_c, "The time to receive was extended"),
        ("order", "confirm"): _p(_c, "The buyer confirmed receipt; the order is complete"),
        ("order", "receive"): _p(_c, "Received by the clock; the order is complete"),
        ("order", "review"): _p(_c, "The buyer wrote a review"),
        ("order", "review_follow_up"): _p(_c, "The buyer added to the review"),
        ("order", "review_reply"): _p(_c, "The shop replied to the review"),
        ("order", "keep_fee"): _p(_c, "Called off; the agreed fee stays with the shop, the rest goes back"),
        ("booking", "accept"): _p(_c, "The shop accepted"),
        ("booking", "reject"): _p(_c, "The shop declined; the whole amount goes back"),
        ("booking", "lapse"): _p(_c, "The shop did not answer in time; the whole amount goes back"),
        ("booking", "reschedule"): _p(_c, "Moved to another time"),
        ("booking", "cancel"): _p(_c, "Called off"),
        ("booking", "depart"): _p(_c, "The shop is on the way"),
        ("booking", "start"): _p(_c, "It has begun"),
        ("booking", "finish"): _p(_c, "Done"),
        ("booking", "no_show"): _p(_c, "The buyer did not come"),
        ("booking", "miss"): _p(_c, "The shop did not come; the whole amount goes back"),
        ("booking", "remind_buyer"): _p(_c, "The buyer was reminded"),
        ("booking", "remind_merchant"): _p(_c, "The shop was reminded to accept"),
        ("trade", "claim"): _p(_c, "The order was taken over into an account"),
        ("parcel", "deliver"): _p(_c, "A parcel was delivered"),
        ("attempt", "fail"): _p(_c, "A payment failed; nothing was charged"),
        ("refund", "send"): _p(_c, "The refund was handed to the payment service"),
        ("refund", "pay_elsewhere"): _p(_c, "The refund was paid another way, as agreed"),
        ("refund", "succeed"): _p(_c, "The refund has arrived where the payment came from"),
        ("refund", "fail"): _p(_c, "A refund did not go through; it is tried again"),
        ("refund", "give_up"): _p(_c, "The refund is looked after by hand"),
        ("invoice", "request"): _p(_c, "The buyer asked for an invoice"),
        ("invoice", "change"): _p(_c, "The buyer changed what stands on the invoice"),
        ("invoice", "cancel"): _p(_c, "The buyer no longer wants an invoice"),
        ("invoice", "void"): _p(_c, "Everything was paid back, so there is no invoice"),
        ("invoice", "overdue"): _p(_c, "The invoice was not issued in time; the shop was reminded"),
        ("invoice", "issue"): _p(_c, "An invoice was issued"),
        ("invoice", "reverse"): _p(_c, "An invoice was taken back by a red letter"),
    }
)
"""What people read for (subject, event). Steps without a word are inner ones and are left out."""
BOOKED: Mapping[tuple[str, str], str | Promise] = MappingProxyType(
    {
        ("order", "pay"): _p(_c, "Paid"),
        ("order", "revive"): _p(_c, "The payment came late; what was booked was still free, the order goes on"),
        ("order", "late"): _p(_c, "The shop has not said how it went; it was reminded"),
        ("order", "confirm"): _p(_c, "The buyer confirmed; the order is complete"),
        ("order", "receive"): _p(_c, "Complete by the clock"),
        # Their bookings tell the same.
        ("order", "start"): "",
        ("order", "fulfil"): "",
        ("order", "withdraw"): "",
    }
)
"""The same for orders of which nothing is sent, where it differs."""

ACTORS: Mapping[str, str | Promise] = MappingProxyType(
    {
        "buyer": _p("actor", "Buyer"),
        "merchant": _p("actor", "Shop"),
        "platform": _p("actor", "Wanku"),
        "clock": _p("actor", "By the clock"),
        "gateway": _p("actor", "Payment service"),
        "system": _p("actor", "By itself"),
    }
)


TRACKING: Mapping[str, str | Promise] = MappingProxyType(
    {
        "picked_up": _p("tracking", "Picked up"),
        "in_transit": _p("tracking", "On the way"),
        "out_for_delivery": _p("tracking", "Out for delivery"),
        "delivered": _p("tracking", "Delivered"),
        "problem": _p("tracking", "Delivery problem"),
    }
)


def tracking_words(code: str, text: str) -> str:
    """A carrier's step: what it said, in the reader's language where that is known, else the name of the step."""
    return gettext(text) if text else str(TRACKING.get(code, code))


def move_words(move: Move, *, booked: bool = False) -> str:
    """The sentence of a move; empty for inner steps.

    Args:
        booked: of an order of which nothing is sent in parcels.
    """
    step = (move.subject_type, move.event)
    words = BOOKED.get(step) if booked else None
    return str(WORDS.get(step, "") if words is None else words)


def actor_words(move: Move) -> str:
    """Who did it."""
    return str(ACTORS.get(move.actor, ""))
