"""The wording of every kind of notice; facts are put in and translated where it is shown."""

from collections.abc import Mapping
from types import MappingProxyType

from wanku.kernel.refusal import gettext_noop as _
from wanku.notices.booking_texts import BOOKED
from wanku.notices.wording import Wording

_SEE_ORDER = _("See the order")
_TO_ORDER = _("Go to the order")
_TO_DESK = _("Go to your desk")
_SEE_PAYOUTS = _("See the payouts")
_SEE_MONEY = _("See the statement")

BUYERS: Mapping[str, Wording] = {
    "trade_placed": Wording(
        _("Your order %(trade)s waits for payment"),
        _(
            "Please pay %(amount)s by %(due)s; after that it is cancelled by itself. Keep the number: with it and your "
            "phone number or e-mail address you find the order again."
        ),
        _("Pay now"),
    ),
    "trade_paid": Wording(
        _("Paid: your order %(trade)s"),
        _("We received %(amount)s. %(shop)s will ship it by the time that was promised; we tell you when it leaves."),
        _SEE_ORDER,
    ),
    "trade_expired": Wording(
        _("Your order %(trade)s was cancelled, since it was not paid in time"),
        _("Nothing was charged. You can order again at any time."),
        _SEE_ORDER,
    ),
    "trade_unconfirmed": Wording(
        _("Your order %(trade)s was cancelled, since we did not confirm your transfer in time"),
        _(
            "That is our fault, and your money is not lost. Once your transfer is confirmed the order goes on, if "
            "everything in it is still there; else the whole amount goes back to you by itself. You need do nothing."
        ),
        _SEE_ORDER,
    ),
    "trade_cancelled": Wording(
        _("Your order %(trade)s was cancelled by the platform"), _("Nothing was charged."), _SEE_ORDER
    ),
    "licence_digits": Wording(
        _("%(digits)s is the code for your order %(number)s"),
        _(
            "Type it on the order's page within %(minutes)s minutes to see your licences again. Tell it to nobody; if "
            "you did not ask for it, you need not do anything."
        ),
        _SEE_ORDER,
    ),
    "licence_ends": Wording(
        _("Your licence for %(title)s ends on %(at)s"),
        _(
            "%(edition)s, code ending in %(tail)s. Renew it now and nothing is lost: the new term is added to what is "
            "left, and the code stays the same. We remind you once."
        ),
        _("Renew it"),
    ),
    "licence_ends_for_good": Wording(
        _("Your licence for %(title)s ends on %(at)s"),
        _("%(edition)s, code ending in %(tail)s. It cannot be renewed here. We remind you once."),
        _("See the licence"),
    ),
    "parcel_shipped": Wording(
        _("%(shop)s has shipped your order %(order)s"),
        _("%(carrier)s, tracking number %(tracking)s, pieces in this parcel: %(pieces)s."),
        _("Follow the parcel"),
    ),
    "parcel_delivered": Wording(
        _("Your parcel from %(shop)s has arrived"),
        _(
            "The carrier reports it as delivered (order %(order)s). Please check the goods and confirm receipt once "
            "you have everything."
        ),
        _("Confirm receipt"),
    ),
    "order_late": Wording(
        _("%(shop)s is late with your order %(order)s"),
        _(
            "It promised to ship by %(ship_by)s and has been reminded. You can urge it, or cancel what has not been "
            "shipped and get all your money back."
        ),
        _SEE_ORDER,
    ),
    "order_received": Wording(
        _("Your order %(order)s was completed by itself"),
        _("The time to confirm receipt is over. You can still review what you received from %(shop)s."),
        _("Write a review"),
    ),
    "order_closed": Wording(
        _("Your order %(order)s was cancelled"),
        _("All of %(amount)s goes back the way it came; we tell you when it has left."),
        _SEE_ORDER,
    ),
    "refund_made": Wording(
        _("%(shop)s pays you %(amount)s back"),
        _("Reason: %(note)s\nIt goes back the way you paid (order %(order)s). The order shows how far it is."),
        _SEE_ORDER,
    ),
    "refund_elsewhere": Wording(
        _("%(amount)s was transferred to you"),
        _("As agreed, since it could not go back the way it came (order %(trade)s). Number: %(reference)s."),
        _SEE_ORDER,
    ),
    "refund_done": Wording(
        _("%(amount)s was refunded to you"),
        _("It went back the way it came (order %(trade)s). Depending on your bank it shows within a few days."),
        _SEE_ORDER,
    ),
    "invoice_issued": Wording(
        _("Your invoice over %(amount)s is ready"),
        _("%(shop)s issued it for order %(order)s (number %(invoice)s). You can download it at any time."),
        _("Download the invoice"),
    ),
    "invoice_reversed": Wording(
        _("An invoice of order %(order)s was taken back"),
        _("A red letter over the whole of %(invoice)s was issued. Please do not use the old one any more."),
        _SEE_ORDER,
    ),
    "invoice_late": Wording(
        _("%(shop)s has not issued your invoice for order %(order)s in time"),
        _("It was reminded, and the platform looks after it now. You need to do nothing."),
        _SEE_ORDER,
    ),
    "review_replied": Wording(
        _("%(shop)s replied to your review"), _("Your review belongs to order %(order)s."), _SEE_ORDER
    ),
    "question_answered": Wording(
        _("%(shop)s answered your question about “%(title)s”"),
        _("You asked: %(question)s\nThe answer: %(answer)s"),
        _("See the product"),
    ),
}
MERCHANTS: Mapping[str, Wording] = {
    "refund_taken": Wording(
        _("The platform paid %(amount)s of order %(order)s back"),
        _("Reason: %(note)s\nIt comes from what is held for the order, and only then from what is available to you."),
        _TO_ORDER,
    ),
    "order_to_ship": Wording(
        _("New order %(order)s to ship"), _("%(amount)s, paid. Please ship it by %(ship_by)s."), _TO_ORDER
    ),
    "order_withdrawn": Wording(
        _("Order %(order)s was cancelled: do not ship it"),
        _("The buyer gets %(amount)s back, and the pieces are on sale again."),
        _TO_ORDER,
    ),
    "order_overdue": Wording(
        _("Order %(order)s is late"),
        _("You promised to ship it by %(ship_by)s. Please ship now: the buyer sees the delay and may cancel."),
        _TO_ORDER,
    ),
    "order_urged": Wording(
        _("The buyer urges you to ship order %(order)s"),
        _("You promised to ship it by %(ship_by)s. This is urge %(count)s of three."),
        _TO_ORDER,
    ),
    "delivery_changed": Wording(
        _("The buyer changed the delivery of order %(order)s"),
        _("Please look at the address and the note again before you ship."),
        _TO_ORDER,
    ),
    "receipt_extended": Wording(
        _("The buyer of order %(order)s needs more time"),
        _("Receipt is now confirmed by itself on %(until)s."),
        _TO_ORDER,
    ),
    "order_completed": Wording(
        _("Order %(order)s is complete"),
        _("Its money, less the commission, becomes available to you when the after-sales time is over."),
        _TO_ORDER,
    ),
    "invoice_requested": Wording(
        _("The buyer of order %(order)s asks for an invoice"),
        _("Please issue it by %(issue_by)s."),
        _("To the invoices"),
    ),
    "invoice_overdue": Wording(
        _("The invoice of order %(order)s is overdue"),
        _("It was to be issued by %(issue_by)s. Please issue it now: the buyer and the platform see the delay."),
        _("To the invoices"),
    ),
    "invoice_refused": Wording(
        _("The invoice of order %(order)s could not be issued"),
        _("The provider says: %(failure)s\nPlease mend it and issue the invoice again."),
        _("To the invoices"),
    ),
    "review_written": Wording(
        _("A new review of “%(title)s”: %(goods)s of 5 stars"), _("You can reply once."), _("See your reviews")
    ),
    "review_followed_up": Wording(
        _("A buyer added to a review"), _("The review belongs to order %(order)s."), _("See your reviews")
    ),
    "question_asked": Wording(_("A question about “%(title)s”"), "%(question)s", _("Answer")),
    "question_waiting": Wording(
        _("A question about “%(title)s” still waits for your answer"), "%(question)s", _("Answer")
    ),
    "stock_low": Wording(
        _("Only %(left)s left of “%(title)s”"), _("SKU %(sku)s %(label)s: please restock it in time."), _TO_DESK
    ),
    "merchant_approved": Wording(
        _("Your shop %(shop)s is open"), _("The platform approved your application. You can sell now."), _TO_DESK
    ),
    "merchant_declined": Wording(
        _("Your application for %(shop)s was declined"),
        _("Reason: %(because)s\nYou can correct it and apply again."),
        _TO_DESK,
    ),
    "merchant_restricted": Wording(
        _("Your shop %(shop)s was restricted"),
        _("Reason: %(because)s\nYou cannot sell for now. Please keep serving and refunding what you have sold."),
        _TO_DESK,
    ),
    "merchant_suspended": Wording(
        _("Your shop %(shop)s was suspended"),
        _("Reason: %(because)s\nYour shop is not shown. Please keep serving and refunding what you have sold."),
        _TO_DESK,
    ),
    "merchant_restored": Wording(
        _("Your shop %(shop)s is open again"), _("The platform lifted its restriction."), _TO_DESK
    ),
    "merchant_closed": Wording(_("Your shop %(shop)s was closed"), _("Reason: %(because)s"), _TO_DESK),
    "money_frozen": Wording(
        _("%(amount)s of your money was frozen"),
        _("Reason: %(because)s\nIt stays yours but is neither released nor paid out until the platform thaws it."),
        _SEE_MONEY,
    ),
    "money_still_frozen": Wording(_("%(amount)s of your money is still frozen"), _("Reason: %(because)s"), _SEE_MONEY),
    "payout_paid": Wording(
        _("%(amount)s was paid to your bank account"),
        _("Payout %(number)s to the account ending in %(tail)s. Depending on your bank it shows within a day."),
        _SEE_PAYOUTS,
    ),
    "payout_failed": Wording(
        _("A payout of %(amount)s did not arrive"),
        _(
            "Payout %(number)s to the account ending in %(tail)s. The money is available again and part of your next "
            "settlement. The reason stands beside it; please check your bank account."
        ),
        _SEE_PAYOUTS,
    ),
    "payout_declined": Wording(
        _("A payout of %(amount)s was called off"),
        _("Payout %(number)s. The money is available again and part of your next settlement."),
        _SEE_PAYOUTS,
    ),
    "bank_account_changed": Wording(
        _("The bank account of %(shop)s was changed"),
        _(
            "Payouts go to the account ending in %(tail)s, the first one not before %(until)s. If this was not you or "
            "somebody of your shop, change it back and write to us at once."
        ),
        _("See the bank account"),
    ),
    "money_thawed": Wording(_("%(amount)s of your money is no longer frozen"), _("Reason: %(because)s"), _SEE_MONEY),
}
PLATFORMS: Mapping[str, Wording] = {
    "order_neglected": Wording(
        _("%(shop)s neglects order %(order)s"),
        _("It was due to be shipped by %(ship_by)s, and the shop was reminded %(reminder)s times."),
        _SEE_ORDER,
    ),
    "refund_stuck": Wording(
        _("A refund of %(amount)s is stuck"), _("Please look at it by hand (order %(trade)s)."), _("See the refunds")
    ),
    "transfer_waits": Wording(
        _("A bank transfer of %(amount)s waits for a second person"),
        _("Line %(reference)s of the statement. Whoever reported it cannot confirm it."),
        _("See the bank transfers"),
    ),
    "payout_unmade": Wording(_("%(shop)s waits to be paid %(amount)s"), _("Settlement %(number)s."), _SEE_PAYOUTS),
    "payout_unapproved": Wording(
        _("A payout of %(amount)s waits for a second person"),
        _("Payout %(number)s to %(shop)s. Whoever made it cannot approve it."),
        _SEE_PAYOUTS,
    ),
    "payout_unclear": Wording(
        _("The bank does not say what became of %(amount)s"),
        _("Payout %(number)s to %(shop)s. It is asked again and again; please look at it."),
        _SEE_PAYOUTS,
    ),
    "payout_came_back": Wording(
        _("%(amount)s came back after it was paid"), _("Payout %(number)s to %(shop)s."), _SEE_PAYOUTS
    ),
    "freeze_lasts": Wording(
        _("%(amount)s of %(shop)s has been frozen for long"),
        _("Reason: %(because)s\nPlease look at it again and thaw it if the reason is gone."),
        _("See the shop's money"),
    ),
    "invoice_neglected": Wording(
        _("%(shop)s has not issued the invoice of order %(order)s"),
        _("It was to be issued by %(issue_by)s. You can issue it for the shop."),
        _("To the invoices"),
    ),
    "bill_late": Wording(
        _("The bill of %(gateway)s of %(day)s is late"),
        _("The channel is asked again and again; the bill can also be handed in as a file."),
        _("See the bill"),
    ),
    "bill_differs": Wording(
        _("The bill of %(gateway)s of %(day)s differs from our books"),
        _("%(cases)s new cases wait for finance."),
        _("See the bill"),
    ),
    "write_off_proposed": Wording(
        _("Closing a difference of %(amount)s waits for a second person"),
        _("%(gateway)s, %(day)s. Whoever proposed it cannot approve it.\nReference: %(number)s"),
        _("See the case"),
    ),
    "case_open": Wording(
        _("A difference of %(amount)s waits for finance"),
        _("%(gateway)s, %(day)s.\nReference: %(number)s"),
        _("See the case"),
    ),
    "application_new": Wording(
        _("%(shop)s applies for a shop"), _("Please check the papers and decide."), _("See the application")
    ),
    "application_overdue": Wording(
        _("The application of %(shop)s waits for a decision"), _("Its time is over."), _("See the application")
    ),
}
WORDINGS: Mapping[str, Wording] = MappingProxyType({**BUYERS, **MERCHANTS, **PLATFORMS, **BOOKED})
"""By kind."""
