"""The words of the trade for every state that people see, with its tone and sign.

One table, so that buyer, merchant and platform read the same word for the same thing.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import pgettext_lazy as _p

PLAIN: Final = ""
GOOD: Final = "success"
WAIT: Final = "warning"
BAD: Final = "error"


@dataclass(frozen=True, slots=True)
class Label:
    """How a state shows: its word, its tone (empty, success, warning or error) and its Lucide icon."""

    text: str | Promise
    tone: str = PLAIN
    icon: str = ""


LABELS: Mapping[str, Mapping[str, Label]] = {
    "order": {
        "placed": Label(_p("order state", "To pay"), WAIT, "wallet"),
        "paid": Label(_p("order state", "To ship"), WAIT, "package"),
        "fulfilling": Label(_p("order state", "To ship"), WAIT, "package"),
        "partly_shipped": Label(_p("order state", "Partly shipped"), WAIT, "package-open"),
        "shipped": Label(_p("order state", "To receive"), WAIT, "truck"),
        "delivered": Label(_p("order state", "Delivered"), WAIT, "package-check"),
        "fulfilled": Label(_p("order state", "To receive"), WAIT, "truck"),
        "completed": Label(_p("order state", "Completed"), GOOD, "circle-check"),
        "to_review": Label(_p("order state", "To review"), PLAIN, "star"),
        "cancelled": Label(_p("order state", "Cancelled"), PLAIN, "circle-x"),
        "closed": Label(_p("order state", "Closed"), PLAIN, "circle-x"),
        "late": Label(_p("order state", "Late"), BAD, "alarm-clock"),
        "refunding": Label(_p("order state", "Refund under way"), WAIT, "undo-2"),
        "refunded": Label(_p("order state", "Refunded"), PLAIN, "undo-2"),
        "after_sales": Label(_p("order state", "Refund / after-sales"), WAIT, "undo-2"),
    },
    "trade": {
        "placed": Label(_p("order state", "To pay"), WAIT, "wallet"),
        "paid": Label(_p("payment state", "Paid"), GOOD, "circle-check"),
        "cancelled": Label(_p("order state", "Cancelled"), PLAIN, "circle-x"),
    },
    "line": {
        "to_ship": Label(_p("order state", "To ship"), WAIT, "package"),
        "shipped": Label(_p("order state", "To receive"), WAIT, "truck"),
        "delivered": Label(_p("order state", "Delivered"), WAIT, "package-check"),
        "received": Label(_p("order state", "Received"), GOOD, "circle-check"),
        "cancelled": Label(_p("order state", "Cancelled"), PLAIN, "circle-x"),
        "refunded": Label(_p("order state", "Refunded"), PLAIN, "undo-2"),
    },
    "parcel": {
        "shipped": Label(_p("parcel state", "Shipped"), WAIT, "truck"),
        "in_transit": Label(_p("parcel state", "On the way"), WAIT, "truck"),
        "out": Label(_p("parcel state", "Out for delivery"), WAIT, "bike"),
        "delivered": Label(_p("parcel state", "Delivered"), GOOD, "package-check"),
        "received": Label(_p("parcel state", "Received"), GOOD, "circle-check"),
        "problem": Label(_p("parcel state", "Delivery problem"), BAD, "triangle-alert"),
    },
    "booking": {
        "to_accept": Label(_p("booking state", "To be accepted"), WAIT, "bell"),
        "accepted": Label(_p("booking state", "Confirmed"), GOOD, "calendar-check"),
        "under_way": Label(_p("booking state", "On the way"), WAIT, "navigation"),
        "started": Label(_p("booking state", "Begun"), WAIT, "play"),
        "done": Label(_p("booking state", "Done"), GOOD, "circle-check"),
        "no_show": Label(_p("booking state", "Did not come"), BAD, "user-x"),
        "rejected": Label(_p("booking state", "Declined"), PLAIN, "circle-x"),
        "cancelled": Label(_p("booking state", "Cancelled"), PLAIN, "circle-x"),
    },
    "attempt": {
        "created": Label(_p("payment state", "Preparing"), PLAIN, "loader"),
        "pending": Label(_p("payment state", "Waiting for payment"), WAIT, "hourglass"),
        "captured": Label(_p("payment state", "Paid"), GOOD, "circle-check"),
        "failed": Label(_p("payment state", "Payment failed"), BAD, "circle-x"),
        "closed": Label(_p("payment state", "Closed"), PLAIN, "circle-x"),
    },
    "refund": {
        "created": Label(_p("refund state", "Refund prepared"), WAIT, "undo-2"),
        "sent": Label(_p("refund state", "Refund under way"), WAIT, "undo-2"),
        "succeeded": Label(_p("refund state", "Refunded"), GOOD, "circle-check"),
        "failed": Label(_p("refund state", "Refund failed"), BAD, "circle-x"),
        "stuck": Label(_p("refund state", "Stuck"), BAD, "triangle-alert"),
    },
    "bill": {
        "waited": Label(_p("bill state", "Not there yet"), PLAIN, "hourglass"),
        "late": Label(_p("bill state", "Late"), BAD, "alarm-clock"),
        "fetched": Label(_p("bill state", "Being compared"), WAIT, "loader"),
        "matched": Label(_p("bill state", "Compared"), GOOD, "circle-check"),
        "nothing": Label(_p("bill state", "Nothing to compare"), PLAIN, "circle-minus"),
    },
    "finance_case": {
        "open": Label(_p("case state", "Open"), BAD, "circle-alert"),
        "proposed": Label(_p("case state", "Waits for a second person"), WAIT, "users"),
        "expected": Label(_p("case state", "Waits for the next bill"), WAIT, "hourglass"),
        "resolved": Label(_p("case state", "Resolved"), GOOD, "circle-check"),
    },
    "invoice": {
        "requested": Label(_p("invoice state", "To issue"), WAIT, "receipt"),
        "sent": Label(_p("invoice state", "Being issued"), WAIT, "loader"),
        "issued": Label(_p("invoice state", "Issued"), GOOD, "circle-check"),
        "reversed": Label(_p("invoice state", "Taken back"), PLAIN, "undo-2"),
        "cancelled": Label(_p("invoice state", "Cancelled"), PLAIN, "circle-x"),
        "red": Label(_p("invoice state", "Red letter"), BAD, "receipt"),
        "late": Label(_p("invoice state", "Overdue"), BAD, "alarm-clock"),
    },
    "window": {
        "open": Label(_p("settlement state", "After-sales time runs"), WAIT, "hourglass"),
        "released": Label(_p("settlement state", "Released"), GOOD, "circle-check"),
        "nothing_left": Label(_p("settlement state", "Nothing left"), PLAIN, "circle-minus"),
    },
    "settlement": {
        "payable": Label(_p("settlement state", "To be paid"), WAIT, "wallet"),
        "paying": Label(_p("settlement state", "On the way"), WAIT, "landmark"),
        "paid": Label(_p("settlement state", "Paid out"), GOOD, "circle-check"),
        "carried": Label(_p("settlement state", "Carried over"), PLAIN, "corner-down-right"),
        "failed": Label(_p("settlement state", "Came back"), BAD, "undo-2"),
    },
    "payout": {
        "created": Label(_p("payout state", "To be approved"), WAIT, "user-check"),
        "approved": Label(_p("payout state", "Approved"), WAIT, "send"),
        "sent": Label(_p("payout state", "At the bank"), WAIT, "landmark"),
        "paid": Label(_p("payout state", "Paid out"), GOOD, "circle-check"),
        "failed": Label(_p("payout state", "Came back"), BAD, "undo-2"),
    },
    "departure": {
        "open": Label(_p("departure state", "Waits for its group"), WAIT, "users"),
        "confirmed": Label(_p("departure state", "Goes"), GOOD, "circle-check"),
        "cancelled": Label(_p("departure state", "Called off"), BAD, "circle-x"),
    },
    "freeze": {
        "frozen": Label(_p("freeze state", "Frozen"), WAIT, "snowflake"),
        "ended": Label(_p("freeze state", "Ended"), PLAIN, "circle-check"),
    },
    "merchant": {
        "applying": Label(_p("merchant state", "Applying"), WAIT, "hourglass"),
        "active": Label(_p("merchant state", "Active"), GOOD, "circle-check"),
        "restricted": Label(_p("merchant state", "Restricted"), WAIT, "triangle-alert"),
        "suspended": Label(_p("merchant state", "Suspended"), BAD, "circle-pause"),
        "closed": Label(_p("merchant state", "Closed"), PLAIN, "circle-x"),
        "declined": Label(_p("merchant state", "Declined"), BAD, "circle-x"),
        "rejected": Label(_p("merchant state", "Declined"), BAD, "circle-x"),
    },
    "product": {
        "draft": Label(_p("product state", "Draft"), PLAIN, "pencil"),
        "on_sale": Label(_p("product state", "On sale"), GOOD, "circle-check"),
        "off": Label(_p("product state", "Off sale"), PLAIN, "circle-minus"),
        "removed": Label(_p("product state", "Archived"), PLAIN, "archive"),
        "listed": Label(_p("product state", "On sale"), GOOD, "circle-check"),
        "active": Label(_p("product state", "On sale"), GOOD, "circle-check"),
        "delisted": Label(_p("product state", "Off sale"), PLAIN, "circle-minus"),
        "archived": Label(_p("product state", "Archived"), PLAIN, "archive"),
        "sold_out": Label(_p("product state", "Sold out"), BAD, "package-x"),
        "low_stock": Label(_p("product state", "Low stock"), WAIT, "triangle-alert"),
    },
}

TURNS: Mapping[str, str | Promise] = {
    "buyer": _p("whose turn", "Waiting for the buyer"),
    "merchant": _p("whose turn", "Waiting for the merchant"),
    "platform": _p("whose turn", "Waiting for the platform"),
    "gateway": _p("whose turn", "Waiting for the payment service"),
    "carrier": _p("whose turn", "Waiting for the carrier"),
    "clock": _p("whose turn", "Runs by itself"),
    "system": _p("whose turn", "Runs by itself"),
}


def label(noun: str, state: str) -> Label:
    """The label of a state; an unknown one shows as it is written, so that a page never fails over a word."""
    return LABELS.get(noun, {}).get(state) or Label(state.replace("_", " "))
