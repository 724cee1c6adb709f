"""The payer's phone: one page for every bank, and a camera that scans what the shop shows."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.translation import gettext_noop
from django.utils.translation.trans_real import get_supported_language_variant, parse_accept_lang_header

from wanku.kernel.money import Money
from wanku.sandbox.banks import faults
from wanku.sandbox.banks.bank import Bank
from wanku.sandbox.banks.books import Payment
from wanku.sandbox.banks.http import Answer, Asked, go_to, in_html
from wanku.ui import words

PHONE: Final = "sandbox/phone.html"
STYLE: Final = Path(__file__).with_name("phone.css")
LATE_SECONDS: Final = 20 * 60
WRONG: Final = (
    ("never", gettext_noop("Pay, but never tell the shop")),
    ("late", gettext_noop("Pay, but the money arrives after 20 minutes")),
    ("duplicate", gettext_noop("Pay, and tell the shop twice")),
    ("out_of_order", gettext_noop("Pay, and tell the shop a minute later")),
    ("forged", gettext_noop("Pay, while a stranger sends a forged notice")),
    ("altered", gettext_noop("Pay, but the notice is altered on its way")),
    ("wrong_amount", gettext_noop("Pay, but the notice tells another amount")),
)
"""What a payer can let go wrong, by the fault's name."""


def phone(bank: Bank, asked: Asked, token: str) -> Answer:
    """Show a payment and take the payer's choice."""
    payment = bank.books.one(Payment, channel=bank.name, token=token)
    if payment is None:
        return render(asked, PHONE, {"bank": bank}, 404)
    back = web_address(asked.args.get("redirect_url") or str(payment.facts.get("return_url", "")))
    if asked.method == "POST":
        payment = _choose(bank, payment, asked.form)
        if back and payment.state != "waiting":
            return go_to(back)
    now = bank.now()
    over = payment.state == "waiting" and payment.expires_at is not None and payment.expires_at <= now
    known = {"bank": bank, "payment": payment, "over": over, "back": back, "wrong": WRONG}
    return render(asked, PHONE, known)


def scan(banks: Sequence[Bank], asked: Asked, base: Callable[[Bank], str]) -> Answer:
    """Open what a QR code holds, as a phone's camera would; without a text, ask for one."""
    text = asked.args.get("text", "").strip()
    for bank in banks:
        payment = bank.scanned(text) if text else None
        if payment is not None:
            return go_to(f"{base(bank)}/pay/{payment.token}")
    return render(asked, PHONE, {"scanning": True, "text": text}, 404 if text else 200)


def _choose(bank: Bank, payment: Payment, form: dict[str, str]) -> Payment:
    choice, fault = form.get("choice", ""), form.get("fault", "")
    if choice == "refuse":
        return bank.refuse(payment)
    if choice != "pay":
        return payment
    if fault in faults.ON_PAY:
        faults.set_fault(bank.books, bank.name, faults.PAY, fault, seconds=LATE_SECONDS, number=payment.number)
    elif fault in faults.ON_NOTICES:
        faults.set_fault(bank.books, bank.name, faults.NOTICE, fault, number=payment.number)
    return bank.pay(payment)


def style(banks: Sequence[Bank]) -> Answer:
    """The style of these pages, with the colour of each bank."""
    shared = STYLE.read_text(encoding="utf-8")
    colours = "".join(f'[data-bank="{bank.name}"] {{ --brand: {bank.colour}; }}\n' for bank in banks)
    headers = {"Content-Type": "text/css; charset=utf-8", "Cache-Control": "no-cache"}
    return Answer(200, headers, (shared + colours).encode())


def web_address(url: str) -> str:
    """The address if a browser may be sent there."""
    return url if urlsplit(url).scheme in ("http", "https") else ""


def render(asked: Asked, template: str, known: dict[str, Any], status: int = 200) -> Answer:
    """A page in the payer's language; the sum of the ``payment`` that is known is added as ``price``."""
    with (
        translation.override(_language(asked.headers.get("accept-language", ""))),
        timezone.override(settings.TIME_ZONE),
    ):
        payment = known.get("payment")
        price = words.money_text(Money(payment.amount, payment.currency)) if payment else ""
        context = {**known, "price": price, "language": words.html_language()}
        return in_html(render_to_string(template, context), status)


def _language(wish: str) -> str:
    for language, _ in parse_accept_lang_header(wish):
        try:
            return get_supported_language_variant(language)
        except LookupError:
            continue
    return settings.LANGUAGE_CODE
