"""The hosted page that takes a card: Stripe's test numbers, the second step, and what can go wrong."""

from dataclasses import dataclass
from typing import Any, Final

from django.utils.translation import gettext_noop
from stdnum import luhn

from wanku.sandbox.banks import faults
from wanku.sandbox.banks.bank import Bank
from wanku.sandbox.banks.books import Payment
from wanku.sandbox.banks.http import Answer, Asked, go_to
from wanku.sandbox.banks.pages import LATE_SECONDS, WRONG, render, web_address

DIGITS: Final = range(12, 20)


@dataclass(frozen=True, slots=True)
class Decline:
    """Why a card does not pay, in Stripe's codes."""

    code: str
    decline_code: str
    message: str

    def error(self) -> dict[str, Any]:
        """As an intent keeps it."""
        facts = {"type": "card_error", "code": self.code, "decline_code": self.decline_code, "message": self.message}
        return {name: value for name, value in facts.items() if value}


GENERIC: Final = Decline("card_declined", "generic_decline", gettext_noop("Your card was declined."))
WRONG_NUMBER: Final = Decline("incorrect_number", "", gettext_noop("Your card number is incorrect."))
REAL_CARD: Final = Decline(
    "card_declined",
    "test_mode_live_card",
    gettext_noop("Your card was declined. Your request was in test mode, but used a non test card."),
)
NOT_CONFIRMED: Final = Decline(
    "payment_intent_authentication_failure",
    "",
    gettext_noop("The provided PaymentMethod has failed authentication."),
)
GOOD: Final = frozenset({"4242424242424242", "5555555555554444", "378282246310005", "6200000000000005"})
SECOND_STEP: Final = frozenset({"4000002500003155", "4000002760003184"})
SLOW_REFUND: Final = "4000000000007726"
LOST_REFUND: Final = "4000000000005126"
DECLINES: Final = {
    "4000000000000002": GENERIC,
    "4000000000009995": Decline(
        "card_declined", "insufficient_funds", gettext_noop("Your card has insufficient funds.")
    ),
    "4000000000009987": Decline("card_declined", "lost_card", GENERIC.message),
    "4000000000000069": Decline("expired_card", "", gettext_noop("Your card has expired.")),
    "4100000000000019": Decline("card_declined", "fraudulent", GENERIC.message),
}
"""Stripe's test cards (docs.stripe.com/testing)."""
OFFERED: Final = ("4242424242424242", "4000002500003155", "4000000000009995", "4000000000007726")


def decline_of(number: str) -> Decline | None:
    """Why a card of this number does not pay; None when it does."""
    if len(number) not in DIGITS or not luhn.is_valid(number):
        return WRONG_NUMBER
    if number in DECLINES:
        return DECLINES[number]
    return None if number in GOOD or number in SECOND_STEP or number in (SLOW_REFUND, LOST_REFUND) else REAL_CARD


def show(bank: Bank, asked: Asked, payment: Payment | None) -> Answer:
    """Show the page, and take the card or the answer of the second step."""
    if payment is None:
        return render(asked, "sandbox/card.html", {"bank": bank}, 404)
    form = asked.form if asked.method == "POST" else {}
    choice = form.get("choice", "")
    if choice == "card":
        _set_faults(bank, payment, form.get("fault", ""))
        payment = try_card(bank, payment, "".join(c for c in form.get("card", "") if c.isdigit()))
    elif choice in ("confirm", "deny"):
        payment = confirm(bank, payment, yes=choice == "confirm")
    back = web_address(payment.facts["return_url" if payment.state in ("paid", "paying") else "cancel_url"])
    if payment.state in ("paid", "paying") and form and back:
        return go_to(back)
    now = bank.now()
    known = {
        "bank": bank,
        "payment": payment,
        "over": payment.state == "waiting" and payment.expires_at is not None and payment.expires_at <= now,
        "back": back,
        "wrong": WRONG,
        "problem": (payment.facts.get("error") or {}).get("message", "") if payment.state == "waiting" else "",
        "offered": [" ".join(number[i : i + 4] for i in range(0, len(number), 4)) for number in OFFERED],
    }
    return render(asked, "sandbox/card.html", known)


def try_card(bank: Bank, payment: Payment, number: str) -> Payment:
    """A card pays, is declined, or asks for a second step."""
    with bank.books.held():
        current = bank.books.one(Payment, id=payment.id) or payment
        if current.state != "waiting":
            return current
        current.facts |= {"tried": True, "card": number[-4:], "asks": number in SECOND_STEP}
        if number in (SLOW_REFUND, LOST_REFUND):
            current.facts["refunds"] = "slow" if number == SLOW_REFUND else "lost"
        decline = decline_of(number)
        current.facts["error"] = decline.error() if decline else None
        bank.books.put(current)
        if decline is not None:
            return bank.refuse(current)
        return current if current.facts["asks"] else bank.pay(current, payer=f"card-{number[-4:]}")


def confirm(bank: Bank, payment: Payment, *, yes: bool) -> Payment:
    """The card's bank has asked its owner."""
    with bank.books.held():
        payment = bank.books.one(Payment, id=payment.id) or payment
        if payment.state != "waiting" or not payment.facts.get("asks"):
            return payment
        payment.facts |= {"asks": False, "error": None if yes else NOT_CONFIRMED.error()}
        bank.books.put(payment)
        return bank.pay(payment, payer=f"card-{payment.facts['card']}") if yes else bank.refuse(payment)


def _set_faults(bank: Bank, payment: Payment, fault: str) -> None:
    if fault in faults.ON_PAY:
        faults.set_fault(bank.books, bank.name, faults.PAY, fault, seconds=LATE_SECONDS, number=payment.number)
    elif fault in faults.ON_NOTICES:
        faults.set_fault(bank.books, bank.name, faults.NOTICE, fault, number=payment.number)
