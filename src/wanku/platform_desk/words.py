"""The platform's words for events, acts, rules and parties."""

from collections.abc import Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy as _p

from wanku.audit.models import Act, Move
from wanku.ui.labels import label

Text = str | Promise

PARTIES: Mapping[str, Text] = {
    "buyer": _p("party", "Buyer"),
    "merchant": _p("party", "Merchant"),
    "platform": _p("party", "Platform"),
    "clock": _p("party", "Clock"),
    "gateway": _p("party", "Payment channel"),
    "system": _p("party", "System"),
}
NOUNS: Mapping[str, Text] = {
    "trade": _("Trade"),
    "order": _p("noun", "Order"),
    "attempt": _("Payment attempt"),
    "refund": _("Refund"),
    "freeze": _("Freeze"),
    "bank_transfer": _("Bank transfer"),
    "parcel": _("Parcel"),
    "booking": _("Booking"),
    "bill": _("Channel bill"),
    "finance_case": _("Finance case"),
    "window": _("After-sales window"),
    "settlement": _("Settlement"),
    "payout": _("Payout"),
    "invoice": _("Invoice"),
    "merchant": _("Merchant"),
    "person": _("Person"),
    "category": _("Category"),
    "review": _("Review"),
    "rule": _("Rule"),
    "product": _("Product"),
    "question": _("Question"),
}
EVENTS: Mapping[str, Text] = {
    "trade.place": _("Trade placed"),
    "trade.pay": _("Trade paid"),
    "trade.cancel": _("Trade cancelled"),
    "trade.expire": _("Not paid in time: trade cancelled"),
    "trade.revive": _("Late money kept: trade paid after all"),
    "order.place": _("Order placed"),
    "order.pay": _("Order paid"),
    "order.cancel": _("Order cancelled"),
    "order.expire": _("Not paid in time: order cancelled"),
    "order.revive": _("Order paid after all"),
    "order.start": _("First parcel shipped"),
    "order.fulfil": _("Everything shipped"),
    "order.withdraw": _("Order taken back with full refund"),
    "order.keep_fee": _("Order called off at the agreed fee"),
    "booking.begin": _("Booking begun"),
    "booking.accept": _("Booking accepted"),
    "booking.reject": _("Booking declined, everything goes back"),
    "booking.lapse": _("Booking not accepted in time, everything goes back"),
    "booking.reschedule": _("Booking moved to another time"),
    "booking.cancel": _("Booking called off"),
    "booking.depart": _("Shop is on the way"),
    "booking.start": _("Booking has begun"),
    "booking.finish": _("Booking is done"),
    "booking.no_show": _("Buyer did not come"),
    "booking.miss": _("Shop did not come, everything goes back"),
    "booking.remind_merchant": _("Shop reminded to accept"),
    "booking.remind_buyer": _("Buyer reminded of the time"),
    "order.refund_part": _("A part of the order was paid back"),
    "order.refund": _("All of the order was paid back"),
    "order.late": _("Not shipped in time: order is late"),
    "order.confirm": _("Buyer confirmed receipt"),
    "order.receive": _("Received by the clock"),
    "order.extend": _("Buyer extended the time to receive"),
    "order.urge": _("Buyer urged the merchant"),
    "order.ship_part": _("A further parcel shipped"),
    "order.edit_delivery": _("Address or note changed"),
    "order.review": _("Buyer wrote a review"),
    "order.review_follow_up": _("Buyer added to the review"),
    "order.review_reply": _("Shop replied to the review"),
    "trade.claim": _("Guest order claimed by an account"),
    "attempt.open": _("Payment opened"),
    "attempt.capture": _("Money arrived"),
    "attempt.fail": _("Payment failed"),
    "attempt.close": _("Payment closed"),
    "attempt.ask": _("Payment channel asked"),
    "refund.send": _("Refund sent to the channel"),
    "refund.succeed": _("Refund arrived"),
    "refund.fail": _("Refund failed"),
    "refund.ask": _("Payment channel asked about the refund"),
    "refund.retry": _("Refund tried again"),
    "refund.give_up": _("Refund stuck: handed to finance"),
    "refund.pay_elsewhere": _("Refund paid another way"),
    "refund.remind": _("Finance reminded of a stuck refund"),
    "bank_transfer.confirm": _("Bank transfer confirmed by a second person"),
    "bank_transfer.decline": _("Reported bank transfer declined"),
    "bank_transfer.remind": _("Finance reminded of a reported bank transfer"),
    "bill.ask": _("Payment channel asked for its bill"),
    "bill.late": _("Bill late: finance told"),
    "bill.remind": _("Finance reminded of a late bill"),
    "bill.fetch": _("Bill taken in"),
    "bill.nothing": _("No bill and nothing booked"),
    "bill.match": _("Bill compared with our books"),
    "finance_case.resolve": _("Case resolved"),
    "finance_case.come_right": _("Difference came right by itself"),
    "finance_case.propose": _("Proposed to a second person"),
    "finance_case.approve": _("Approved by a second person"),
    "finance_case.decline": _("Declined by a second person"),
    "finance_case.lapse": _("Proposal lapsed: nobody approved it"),
    "finance_case.expect": _("Left to the next bill"),
    "finance_case.disappoint": _("The next bill did not bring it: open again"),
    "finance_case.remind": _("Finance reminded of an open case"),
    "parcel.deliver": _("Parcel delivered"),
    "parcel.receive": _("Parcel received"),
    "window.release": _("After-sales time over: money released"),
    "window.hold": _("Money frozen: not released yet"),
    "window.empty": _("After-sales time over: nothing left to release"),
    "settlement.pay_out": _("Settlement: payout made"),
    "settlement.carry": _("Settlement carried over"),
    "settlement.remind": _("Finance reminded of a settlement"),
    "settlement.pay": _("Settlement paid"),
    "settlement.fail": _("Settlement: payout failed"),
    "settlement.come_back": _("Settlement: payout came back"),
    "payout.make": _("Payout made"),
    "payout.approve": _("Payout approved"),
    "payout.decline": _("Payout called off"),
    "payout.remind": _("Finance reminded of a payout"),
    "payout.send": _("Payout sent to the bank"),
    "payout.ask": _("Bank asked about the payout"),
    "payout.pay": _("Payout paid"),
    "payout.fail": _("Payout failed"),
    "payout.come_back": _("Payout came back after it was paid"),
    "invoice.request": _("Buyer asked for an invoice"),
    "invoice.change": _("Buyer changed the invoice"),
    "invoice.cancel": _("Buyer wants no invoice any more"),
    "invoice.void": _("All paid back: no invoice"),
    "invoice.overdue": _("Invoice not issued in time: the shop was reminded"),
    "invoice.send": _("Invoice sent to the provider"),
    "invoice.ask": _("Invoice provider asked again"),
    "invoice.refuse": _("Invoice provider refused"),
    "invoice.issue": _("Invoice issued"),
    "invoice.issue_red": _("Red letter issued"),
    "invoice.reverse": _("Invoice taken back"),
    "invoice.red_letter": _("Red letter sent to the provider"),
    "invoice.reissue": _("New invoice over the rest"),
    "merchant.apply": _("Applied to sell"),
    "merchant.apply_again": _("Applied again"),
    "merchant.approve": _("Application approved"),
    "merchant.decline": _("Application declined"),
    "merchant.overdue": _("Application not decided in time"),
    "freeze.freeze": _("Money frozen"),
    "freeze.remind": _("Finance reminded of a freeze"),
    "freeze.thaw": _("Money thawed"),
    "merchant.restrict": _("Restricted"),
    "merchant.suspend": _("Suspended"),
    "merchant.restore": _("Restored"),
    "merchant.close": _("Closed"),
}
ACTS: Mapping[str, Text] = {
    "approve_merchant": _("Approved a merchant"),
    "decline_merchant": _("Declined a merchant"),
    "restrict_merchant": _("Restricted a merchant"),
    "suspend_merchant": _("Suspended a merchant"),
    "restore_merchant": _("Restored a merchant"),
    "close_merchant": _("Closed a merchant"),
    "change_rule": _("Changed a rule"),
    "seat_platform_staff": _("Changed platform roles"),
    "disable_person": _("Disabled an account"),
    "enable_person": _("Enabled an account"),
    "end_person_sessions": _("Signed a person out everywhere"),
    "reveal_contact": _("Looked at a person’s contact"),
    "add_category": _("Added a category"),
    "change_category": _("Changed a category"),
    "hide_review": _("Hid a review"),
    "restore_review": _("Showed a review again"),
    "retry_refund": _("Sent a refund again"),
    "freeze_money": _("Froze money"),
    "thaw_money": _("Thawed money"),
    "make_payout": _("Made a payout"),
    "approve_payout": _("Approved a payout"),
    "decline_payout": _("Called a payout off"),
    "settle_merchant": _("Settled a shop"),
    "enter_bank_account": _("Changed the bank account"),
    "choose_period": _("Changed how often the shop is settled"),
    "refund_order": _("Paid an order back"),
    "pay_refund_elsewhere": _("Reported a refund as paid another way"),
    "report_transfer": _("Reported a bank transfer"),
    "report_refund_transfer": _("Reported a refund as transferred"),
    "confirm_transfer": _("Confirmed a bank transfer"),
    "decline_transfer": _("Declined a reported bank transfer"),
    "receive_bill": _("Handed in a channel’s bill"),
    "fetch_bill": _("Asked a channel for its bill"),
    "take_case": _("Took a finance case"),
    "resolve_case": _("Resolved a finance case"),
    "propose_write_off": _("Proposed a write-off"),
    "approve_write_off": _("Approved a write-off"),
    "decline_write_off": _("Declined a write-off"),
    "propose_explanation": _("Proposed to leave a difference as it is"),
    "approve_explanation": _("Agreed to leave a difference as it is"),
    "decline_explanation": _("Declined to leave a difference as it is"),
    "invite_staff": _("Invited staff"),
    "resend_invitation": _("Sent an invitation again"),
    "accept_invitation": _("Accepted an invitation"),
    "withdraw_invitation": _("Withdrew an invitation"),
    "change_staff_role": _("Changed a staff role"),
    "remove_staff": _("Removed staff"),
    "edit_profile": _("Changed the shop’s profile"),
    "set_issuer": _("Changed how the shop issues invoices"),
    "create_key": _("Created an API key"),
    "revoke_key": _("Revoked an API key"),
    "set_channel": _("Set the account of a payment channel"),
    "reseal_secrets": _("Sealed all secrets anew"),
    "end_channel": _("Ended a former account of a payment channel"),
}
STEPS: Mapping[str, tuple[Text, Text]] = {
    "restrict": (_("Restrict"), _("The shop is still shown but sells nothing new; it keeps serving and refunding.")),
    "suspend": (
        _("Suspend"),
        _("The shop leaves all lists and is not settled; it keeps serving and refunding."),
    ),
    "restore": (_("Restore"), _("The shop is shown and sells again.")),
    "close": (_("Close for good"), _("The shop disappears and never opens again; what it sold is still served.")),
}
CAPABILITIES: Mapping[str, Text] = {
    "sell": _("Sell"),
    "be_shown": _("Be shown"),
    "be_settled": _("Be settled"),
    "be_paid_out": _("Be paid out"),
    "serve": _("Serve and refund"),
    "chat": _("Chat"),
}
ACCOUNTS: Mapping[str, Text] = {
    "held": _("Held until the after-sales time is over"),
    "available": _("Available"),
    "frozen": _("Frozen"),
}
TOTALS: Mapping[str, Text] = {
    "there": _("At channels and banks"),
    "merchants_held": _("Held for merchants"),
    "merchants_available": _("Owed to merchants"),
    "merchants_frozen": _("Frozen"),
    "platform": _("Platform’s own"),
    "payouts": _("On the way to merchants"),
    "buyers": _("Owed to buyers"),
}
FAILURES: Mapping[str, Text] = {
    "refused": _("The channel refused it"),
    "no_such_payment": _("The channel does not know the payment"),
    "more_than_paid": _("More than was paid"),
    "not_enough": _("Our account at the channel does not hold enough"),
    "notenough": _("Our account at the channel does not hold enough"),
    "user_account_abnormal": _("The buyer’s account is closed or blocked"),
    "expired_or_canceled_card": _("The buyer’s card has expired"),
}
"""Why a channel did not pay a refund, by its code; other codes are shown as they are."""
REASONS: Mapping[str, Text] = {
    "capture": _("Money captured"),
    "capture_unwanted": _("Late or double money captured"),
    "refund_due": _("Refund owed"),
    "refund": _("Refund paid"),
    "payout": _("Payout made"),
    "payout_paid": _("Payout paid"),
    "payout_failed": _("Payout failed"),
    "payout_came_back": _("Payout came back"),
    "release": _("Released to the merchant"),
    "commission": _("Commission taken"),
    "commission_back": _("Commission given back"),
    "channel_fees": _("Fees of a channel"),
    "write_off": _("Written off"),
    "duplicate": _("Paid twice"),
    "late": _("Paid too late"),
    "withdrawn": _("Order taken back"),
    "refunded": _("Paid back by the shop or the platform"),
    "cancelled": _("Order cancelled"),
    "changed_mind": _("Changed their mind"),
    "by_finance": _("By finance"),
    "promise_missed": _("Promise missed"),
    "reminder": _("Reminder"),
    "not_paid": _("Not paid"),
    "freeze": _("Frozen"),
    "thaw": _("Thawed"),
}


CHANNELS: Mapping[str, Text] = {
    "wechat": _("WeChat Pay"),
    "alipay": _("Alipay"),
    "stripe": _("Bank cards (Stripe)"),
    "transfer": _("Bank transfer"),
    "sandbox": _("Sandbox bank"),
}


def channel_text(name: str) -> Text:
    """A payment channel's name in words; a new one shows its own until it has some."""
    return CHANNELS.get(name) or name.title()


PAYOUT_FAILURES: Mapping[str, Text] = {
    "declined": _("Called off by finance"),
    "ACCOUNT_CLOSED": _("The account is closed"),
    "RETURNED": _("Sent back by the receiving bank"),
    "standing_holds_money": _("The shop’s standing does not allow it"),
    "account_changed": _("The bank account was changed"),
    "account_cooling": _("The bank account was changed lately"),
    "no_bank_account": _("No bank account"),
}


def event_text(subject: str, event: str) -> Text:
    """What happened, in words; an unknown event shows as it is written."""
    return EVENTS.get(f"{subject}.{event}") or event.replace("_", " ")


def timeline_item(move: Move, names: Mapping[str, str] | None = None) -> dict[str, Any]:
    """A move as an item of the timeline part; `names` are numbers by id of the things it may be about."""
    note = str(move.facts.get("because") or "")
    about = (names or {}).get(move.subject_id, "")
    now = label(move.subject_type, move.to_state).text
    before = label(move.subject_type, move.from_state).text if move.from_state not in ("", move.to_state) else ""
    steps = f"{before} → {now}" if before else str(now)
    because = str(REASONS.get(move.because, move.because))
    line = " · ".join(part for part in (about, steps, because) if part)
    return {
        "label": event_text(move.subject_type, move.event),
        "at": move.at,
        "actor": PARTIES.get(move.actor, move.actor),
        "note": f"{line}\n{note}" if note else line,
    }


def act_text(act: Act) -> Text:
    """What somebody did, in words."""
    return ACTS.get(act.verb) or act.verb.replace("_", " ")
