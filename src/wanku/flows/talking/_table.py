"""Who is told what of which step: the table from moves to notices."""

from collections.abc import Mapping
from types import MappingProxyType

from wanku.audit.models import Move
from wanku.flows.talking._booking_table import BOOKING
from wanku.flows.talking._telling import Telling, by
from wanku.kernel.states import BUYER, MERCHANT, PLATFORM
from wanku.orders.states import NOT_CONFIRMED


def _reminder(move: Move) -> int:
    return int(move.facts.get("reminder", 0))


def _first(move: Move) -> bool:
    return _reminder(move) == 0


def _again(move: Move) -> bool:
    return _reminder(move) >= 2


def _unconfirmed(move: Move) -> bool:
    return move.because == NOT_CONFIRMED


_PAID_BACK = (
    Telling("refund_made", BUYER, email=True),
    Telling("refund_taken", MERCHANT, email=True, when=by(PLATFORM)),
)
_PAID = (
    Telling("trade_paid", BUYER, email=True, booked=False),
    Telling("trade_booked", BUYER, email=True, booked=True),
)
_TO_SHIP = (Telling("order_to_ship", MERCHANT, email=True, booked=False),)
_SHIPPED = (Telling("parcel_shipped", BUYER, email=True, booked=False),)
TABLE: Mapping[tuple[str, str], tuple[Telling, ...]] = MappingProxyType(
    {
        **BOOKING,
        ("trade", "place"): (Telling("trade_placed", BUYER, email=True, guests_only=True),),
        ("trade", "pay"): _PAID,
        ("trade", "revive"): _PAID,
        ("trade", "expire"): (
            Telling("trade_expired", BUYER, email=True, when=lambda move: not _unconfirmed(move)),
            Telling("trade_unconfirmed", BUYER, email=True, when=_unconfirmed),
        ),
        ("trade", "cancel"): (Telling("trade_cancelled", BUYER, email=True, when=by(PLATFORM)),),
        ("order", "pay"): _TO_SHIP,
        ("order", "revive"): _TO_SHIP,
        ("order", "withdraw"): (
            Telling("order_withdrawn", MERCHANT, email=True, when=by(BUYER, PLATFORM), booked=False),
            Telling("order_closed", BUYER, email=True, booked=False),
        ),
        ("order", "refund_part"): _PAID_BACK,
        ("order", "refund"): _PAID_BACK,
        ("order", "start"): _SHIPPED,
        ("order", "ship_part"): _SHIPPED,
        ("order", "fulfil"): _SHIPPED,
        ("parcel", "deliver"): (Telling("parcel_delivered", BUYER, email=True),),
        # The merchant is reminded every time, the buyer told once, the platform from the second day on.
        ("order", "late"): (
            Telling("order_overdue", MERCHANT, email=True, booked=False),
            Telling("booking_overdue", MERCHANT, email=True, booked=True),
            Telling("order_late", BUYER, email=True, when=_first, booked=False),
            Telling("booking_late", BUYER, email=True, when=_first, booked=True),
            Telling("order_neglected", PLATFORM, when=_again, booked=False),
            Telling("booking_neglected", PLATFORM, when=_again, booked=True),
        ),
        ("order", "urge"): (
            Telling("order_urged", MERCHANT, email=True, booked=False),
            Telling("booking_urged", MERCHANT, email=True, booked=True),
        ),
        ("order", "edit_delivery"): (Telling("delivery_changed", MERCHANT, email=True),),
        ("order", "extend"): (Telling("receipt_extended", MERCHANT),),
        ("order", "confirm"): (Telling("order_completed", MERCHANT),),
        ("order", "receive"): (
            Telling("order_completed", MERCHANT),
            Telling("order_received", BUYER, email=True),
        ),
        ("order", "review"): (Telling("review_written", MERCHANT),),
        ("order", "review_follow_up"): (Telling("review_followed_up", MERCHANT),),
        ("order", "review_reply"): (Telling("review_replied", BUYER),),
        ("refund", "succeed"): (Telling("refund_done", BUYER, email=True),),
        ("refund", "pay_elsewhere"): (Telling("refund_elsewhere", BUYER, email=True),),
        ("refund", "give_up"): (Telling("refund_stuck", PLATFORM),),
        ("refund", "remind"): (Telling("refund_stuck", PLATFORM),),
        ("invoice", "request"): (Telling("invoice_requested", MERCHANT),),
        ("invoice", "refuse"): (Telling("invoice_refused", MERCHANT, email=True),),
        ("invoice", "overdue"): (
            Telling("invoice_overdue", MERCHANT, email=True),
            Telling("invoice_late", BUYER, email=True, when=_first),
            Telling("invoice_neglected", PLATFORM, when=_first),
        ),
        ("invoice", "issue"): (Telling("invoice_issued", BUYER, email=True),),
        ("invoice", "reverse"): (Telling("invoice_reversed", BUYER, email=True),),
        ("bill", "late"): (Telling("bill_late", PLATFORM),),
        ("bill", "remind"): (Telling("bill_late", PLATFORM),),
        ("bill", "match"): (Telling("bill_differs", PLATFORM, when=lambda move: bool(move.facts.get("cases"))),),
        ("finance_case", "propose"): (Telling("write_off_proposed", PLATFORM),),
        ("finance_case", "lapse"): (Telling("case_open", PLATFORM),),
        ("finance_case", "disappoint"): (Telling("case_open", PLATFORM),),
        ("finance_case", "remind"): (Telling("case_open", PLATFORM),),
        ("bank_transfer", "remind"): (Telling("transfer_waits", PLATFORM),),
        ("merchant", "apply"): (Telling("application_new", PLATFORM),),
        ("merchant", "apply_again"): (Telling("application_new", PLATFORM),),
        ("merchant", "overdue"): (Telling("application_overdue", PLATFORM),),
        ("merchant", "approve"): (Telling("merchant_approved", MERCHANT, email=True),),
        ("merchant", "decline"): (Telling("merchant_declined", MERCHANT, email=True),),
        ("merchant", "restrict"): (Telling("merchant_restricted", MERCHANT, email=True),),
        ("merchant", "suspend"): (Telling("merchant_suspended", MERCHANT, email=True),),
        ("merchant", "restore"): (Telling("merchant_restored", MERCHANT, email=True),),
        ("merchant", "close"): (Telling("merchant_closed", MERCHANT, email=True),),
        ("payout", "pay"): (Telling("payout_paid", MERCHANT, email=True),),
        ("payout", "fail"): (Telling("payout_failed", MERCHANT, email=True),),
        ("payout", "come_back"): (
            Telling("payout_failed", MERCHANT, email=True),
            Telling("payout_came_back", PLATFORM),
        ),
        ("payout", "decline"): (Telling("payout_declined", MERCHANT),),
        ("payout", "remind"): (Telling("payout_unapproved", PLATFORM),),
        # The bank has been silent for a quarter of an hour; somebody should look at it once.
        ("payout", "ask"): (Telling("payout_unclear", PLATFORM, when=lambda move: move.facts.get("tries") == 5),),
        ("settlement", "remind"): (Telling("payout_unmade", PLATFORM),),
        ("freeze", "freeze"): (Telling("money_frozen", MERCHANT, email=True),),
        ("freeze", "remind"): (Telling("freeze_lasts", PLATFORM), Telling("money_still_frozen", MERCHANT)),
        ("freeze", "thaw"): (Telling("money_thawed", MERCHANT, email=True, when=by(PLATFORM)),),
    }
)
"""By machine and event; a step that is not here is told to nobody and only shows in the timeline."""
