"""Who is told what of which step of a booking."""

from collections.abc import Mapping
from typing import Final

from wanku.audit.models import Move
from wanku.flows.talking._telling import Telling, When, by
from wanku.kernel.states import BUYER, CLOCK, MERCHANT, PLATFORM
from wanku.kinds.course import ACCEPTED, DONE, TO_ACCEPT


def _begun_as(state: str) -> When:
    return lambda move: move.to_state == state


def _refunded(move: Move) -> bool:
    """The refund is told by its own step."""
    return move.because == "refunded"


def _too_few(move: Move) -> bool:
    """A group stayed too small; nobody called anything off."""
    return move.because == "group_missed"


BOOKING: Final[Mapping[tuple[str, str], tuple[Telling, ...]]] = {
    ("booking", "begin"): (
        Telling("booking_to_accept", MERCHANT, email=True, when=_begun_as(TO_ACCEPT)),
        Telling("booking_new", MERCHANT, email=True, when=_begun_as(ACCEPTED)),
        Telling("booking_confirmed", BUYER, email=True, when=_begun_as(ACCEPTED)),
        Telling("booking_issued", BUYER, email=True, when=_begun_as(DONE)),
        Telling("booking_new", MERCHANT, when=_begun_as(DONE)),
    ),
    ("booking", "accept"): (Telling("booking_accepted", BUYER, email=True),),
    ("booking", "reject"): (Telling("booking_rejected", BUYER, email=True),),
    ("booking", "lapse"): (
        Telling("booking_lapsed", BUYER, email=True),
        Telling("booking_let_lapse", MERCHANT, email=True),
    ),
    ("booking", "depart"): (Telling("booking_under_way", BUYER),),
    ("booking", "finish"): (Telling("booking_done", BUYER, when=lambda move: move.actor != BUYER),),
    ("booking", "no_show"): (Telling("booking_no_show", BUYER, email=True),),
    ("booking", "miss"): (
        Telling("booking_missed", BUYER, email=True),
        Telling("booking_not_kept", MERCHANT, email=True),
    ),
    ("booking", "cancel"): (
        Telling("booking_cancelled", BUYER, email=True, when=by(BUYER)),
        Telling("booking_cancelled_by_buyer", MERCHANT, email=True, when=by(BUYER)),
        Telling(
            "booking_called_off",
            BUYER,
            email=True,
            when=lambda move: by(MERCHANT, PLATFORM, CLOCK)(move) and not (_refunded(move) or _too_few(move)),
        ),
        Telling("booking_too_few", BUYER, email=True, when=_too_few),
        Telling("booking_too_few_shop", MERCHANT, when=_too_few),
        Telling(
            "booking_cancelled_by_platform",
            MERCHANT,
            email=True,
            when=lambda move: by(PLATFORM)(move) and not _refunded(move),
        ),
    ),
    ("booking", "reschedule"): (
        Telling("booking_moved", BUYER, email=True),
        Telling("booking_moved_by_buyer", MERCHANT, email=True),
    ),
    ("booking", "remind_merchant"): (Telling("booking_waits", MERCHANT, email=True),),
    ("booking", "remind_buyer"): (Telling("booking_tomorrow", BUYER, email=True),),
}
