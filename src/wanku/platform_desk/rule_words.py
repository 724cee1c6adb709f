"""What the rules are called, and what follows when their time is over."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

RULES: Mapping[str, tuple[str | Promise, str | Promise]] = {
    "pay_goods": (_("Time to pay"), _("Then the order is cancelled and the stock is free again.")),
    "pay_transfer": (_("Time to pay by bank transfer"), _("From the order; the goods are held as long.")),
    "confirm_transfer": (_("Time to confirm a bank transfer"), _("By a second person; then finance is reminded.")),
    "ship": (_("Time to ship"), _("Then the order is late and the merchant is reminded; a product may promise less.")),
    "receipt_goods": (_("Time to confirm receipt"), _("After shipping; then the order completes by itself.")),
    "receipt_by_hand": (_("Time to confirm, handed over"), _("After a delivery by hand or online.")),
    "receipt_extension": (_("Extension of receipt"), _("Once per order, by the buyer.")),
    "review_window": (_("Time to review"), _("From receipt; no review is invented afterwards.")),
    "review_follow_up": (_("Time for a follow-up review"), _("From the first review.")),
    "late_reminder": (_("Between reminders"), _("Of late orders to merchants, and of stuck refunds to finance.")),
    "booking_reminder": (_("Reminder of what is booked"), _("Before it begins; the buyer is told once.")),
    "licence_reminder": (
        _("Reminder of a licence that ends"),
        _("Before its term is over; the buyer is told once."),
    ),
    "urge_gap": (_("Between two urges"), _("By the buyer of one late order.")),
    "attempt_query": (_("Until the channel is asked"), _("About a payment that has not reported.")),
    "attempt_life": (_("Life of a payment attempt"), _("At the channel; then a new one is needed.")),
    "refund_retry": (_("Between tries of a refund"), _("First gap; it grows with each failure.")),
    "bill_ready": (_("Until a channel’s bill is asked for"), _("From the end of its day.")),
    "bill_query": (_("Between two askings for a bill"), _("While it is not there.")),
    "bill_late": (_("Until a bill is late"), _("From the end of its day; then finance is told, and reminded daily.")),
    "bill_match": (_("Until a bill is compared again"), _("Where the first comparison did not come to its end.")),
    "bill_edge": (_("Edge around midnight"), _("What lies in it is judged with the next day’s bill.")),
    "bill_expected": (_("Time for the next bill to bring it"), _("Then the case is open again.")),
    "refund_arrival": (
        _("Time for a billed refund to arrive"),
        _("Then it becomes a case, if it has not arrived in our books."),
    ),
    "finance_case": (_("Between reminders of a finance case"), _("And until a write-off lapses that nobody approved.")),
    "approve_merchant": (
        _("Time to decide on a merchant"),
        _("Then the platform is reminded; a shop never opens by itself."),
    ),
    "invitation": (_("Life of a staff invitation"), _("Then it must be sent again.")),
    "answer_question": (_("Time to answer a question"), _("Then the desk is reminded.")),
    "return_no_reason": (_("Return without reason"), _("From the day after receipt; the law asks for seven days.")),
    "settle_after": (
        _("After-sales time before money is released"),
        _("From the day after receipt, longer where a product promises more; under a day it counts from the moment."),
    ),
    "settle_recheck": (_("Until frozen money is looked at again"), _("Then it is released if nothing is frozen.")),
    "pay_out": (_("Time to pay a settlement"), _("Then finance is reminded.")),
    "approve_payout": (_("Time to approve a payout"), _("Then finance is reminded; it never leaves by itself.")),
    "payout_retry": (_("Until the bank is asked about a payout"), _("First gap; it doubles up to six hours.")),
    "payout_watch": (_("Between questions about paid payouts"), _("For five days, since money may come back.")),
    "bank_cooling": (
        _("Cooling time of a bank account"),
        _("After a change nothing is paid out to it for so long."),
    ),
    "invoice_issue": (
        _("Time to issue an invoice"),
        _("Then the shop is reminded daily, and the platform may issue it."),
    ),
    "invoice_query": (_("Time for the invoice provider to answer"), _("Then it is asked again, later and later.")),
    "room_wait": (_("Longest wait in a queue"), _("Then the place ends; the buyer may join again.")),
    "review_freeze": (_("Until finance looks at a freeze again"), _("Then finance and the shop are reminded.")),
    "room_pass": (_("Time to order when it is one’s turn"), _("Then the next in the queue gets the place.")),
    "accept_visit": (_("Time to accept a visit"), _("Then it is cancelled and the buyer gets everything back.")),
    "visit_missed": (
        _("After a visit’s end, for the shop to say that it came"),
        _("Then nobody came: the buyer gets everything back."),
    ),
    "visit_over": (_("After a visit’s end, for the shop to finish it"), _("Then it counts as done.")),
    "pay_meal": (_("Time to pay for food"), _("Then the order is cancelled and the kitchen’s time is free again.")),
    "accept_meal": (_("Time to accept food"), _("Then it is cancelled and the buyer gets everything back.")),
    "miss_meal": (
        _("After food was to be ready, for the kitchen to say that it is out"),
        _("Then it never came: the buyer gets everything back."),
    ),
    "meal_arrives": (_("Time for food that is out to be handed over"), _("Then it counts as handed over.")),
    "pay_stay": (_("Time to pay for a stay"), _("Then it is cancelled and the nights are free again.")),
    "stay_no_show": (
        _("After check-in time, for a guest to come"),
        _("Then the guest did not come; the price is not paid back."),
    ),
    "stay_finish": (_("After check-out time, for the house to say so"), _("Then the stay counts as over.")),
    "seat_decide": (
        _("Before a departure, for its minimum group to be complete"),
        _("Then it is called off and everybody gets all of it back; a shop may set its own."),
    ),
    "seat_done": (_("After a journey’s end, for a seat to count as done"), _("Unless the shop says who did not come.")),
    "close_alone": (_("Difference that one person may close"), _("Written off or left as it is; above it two agree.")),
    "close_alone_day": (_("Differences that one person may close in a day"), _("All together; above it two agree.")),
}
