"""How a reader proves again who they are before codes are shown once more."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from hmac import compare_digest

from django.db import transaction

from wanku.access.actor import Actor
from wanku.access.count_guess import count_guess
from wanku.kernel.refusal import TOO_OFTEN, Refusal
from wanku.kernel.secrets import fingerprints
from wanku.kinds.issue.models import MailedCode
from wanku.kinds.issue.refusals import CONTACT_WRONG, DIGITS_WRONG
from wanku.orders.models import Order
from wanku.people.phones import normal_phone

PURPOSE = "licence_mail"
TRIES_MAX = 5
GUESSES, PER = 8, timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class Proof:
    """What was shown just now.

    Attributes:
        signed_in: a member gave password or second factor again.
        contact: a guest typed the phone or e-mail of the order.
        digits: and what we mailed (`mail_show_code`).
    """

    signed_in: bool = False
    contact: str = ""
    digits: str = ""


def proven(order: Order, proof: Proof, *, actor: Actor, now: datetime) -> str | None:
    """How it was proven: ``signed_in``, ``mailed``, ``contact``; none when nothing was offered as a proof.

    A guest without an e-mail address has no way to get digits; number and phone are then what the tracking of orders
    asks for as well.

    Raises:
        Refusal: ``contact_wrong``, ``digits_wrong``, ``too_often``.
    """
    if order.trade.buyer_id is not None:
        return "signed_in" if proof.signed_in and actor.person_id == order.trade.buyer_id else None
    if not proof.contact and not proof.digits:
        return None
    check_contact(order, proof.contact, now=now)
    if not order.trade.contact_email:
        return "contact"
    if not proof.digits:
        return None
    _check_digits(order, proof.digits, now)
    return "mailed"


def check_contact(order: Order, contact: str, *, now: datetime) -> None:
    """Whether this is the phone or e-mail of the order; counted, so that nobody tries many.

    Raises:
        Refusal: ``contact_wrong``, ``too_often``.
    """
    with transaction.atomic():
        again = count_guess("licence_contact", str(order.pk), limit=GUESSES, per=PER, now=now)
    if again is not None:
        raise Refusal(TOO_OFTEN, at=again)
    trade, phone, email = order.trade, normal_phone(contact), contact.strip().lower()
    if not ((phone and phone == trade.contact_phone) or (email and email == trade.contact_email.lower())):
        raise Refusal(CONTACT_WRONG, field="contact")


def _check_digits(order: Order, digits: str, now: datetime) -> None:
    """Right once, in time, within the tries. A wrong try counts although it is refused."""
    typed = "".join(c for c in digits if c.isascii() and c.isdigit())
    with transaction.atomic():
        row = MailedCode.objects.select_for_update(no_key=True).filter(pk=order.pk).first()
        right = (
            row is not None
            and row.tries < TRIES_MAX
            and now < row.due_at
            and any(compare_digest(bytes(row.digest), each) for each in fingerprints(PURPOSE, f"{order.pk}:{typed}"))
        )
        if row is not None and right:
            row.delete()
        elif row is not None:
            row.tries += 1
            row.save(update_fields=["tries"])
    if not right:
        raise Refusal(DIGITS_WRONG, field="digits")
