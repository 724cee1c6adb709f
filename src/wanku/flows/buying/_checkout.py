"""What a buyer submits, and what is wrong with it as such."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from hashlib import sha256
from typing import Final

import phonenumbers
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from pydantic_core import to_json

from wanku.access.actor import Actor
from wanku.kernel.refusal import Code, Refusal, gettext_noop
from wanku.kernel.text import clean
from wanku.pricing.quote import Wish

MISSING = Code("missing", gettext_noop("Please fill this in."), 422)
TOO_LONG = Code("too_long", gettext_noop("At most %(most)s characters fit here."), 422)
BAD_PHONE = Code(
    "bad_phone", gettext_noop("This is not a phone number. Example: 13800138000, or +852 with a foreign number."), 422
)
BAD_EMAIL = Code("bad_email", gettext_noop("This is not an e-mail address. Example: ann@example.com."), 422)
NO_CONTACT = Code(
    "no_contact", gettext_noop("Please give a phone number or an e-mail address, so that you can track the order."), 422
)
BAD_KEY = Code("bad_request_key", gettext_noop("A request key has 8 to 80 letters, digits, - or _."), 422)
LENGTHS = {"name": 60, "phone": 20, "province": 40, "city": 40, "district": 40, "line": 200, "postcode": 12}
REQUIRED = ("name", "phone", "province", "city", "line")
NOTE_MAX = 200
KEY: Final = re.compile(r"[A-Za-z0-9_-]{8,80}")
MAINLAND_MOBILE: Final = re.compile(r"(?:\+86)?(1(?:[3-689][0-9]|7[0-8])[0-9]{8})")
"""What nearly every buyer types; 179… is left out, since it may be a carrier's prefix (libphonenumber, region CN)."""


@dataclass(frozen=True, slots=True)
class Contact:
    """How to reach the buyer; phone in E.164 after `tidy`."""

    name: str
    phone: str = ""
    email: str = ""


@dataclass(frozen=True, slots=True)
class Checkout:
    """One submitted checkout.

    Attributes:
        key: request key; the same key and content give the same trade, however often they arrive.
        address: keys as in `wanku.people.models.Address.frozen`; empty where nothing is brought anywhere.
        notes: a word to each merchant, by merchant id.
        agreed_total: minor units that the buyer saw; another total is refused and told.
        agreed_no_return: variants for which the buyer ticked "no return once opened".
    """

    actor: Actor
    key: str
    wishes: tuple[Wish, ...]
    contact: Contact
    address: Mapping[str, str]
    agreed_total: int
    language: str = "zh-hans"
    notes: Mapping[int, str] = field(default_factory=dict)
    agreed_no_return: frozenset[int] = frozenset()

    @property
    def scope(self) -> str:
        """Whose keys these are: two buyers never share one.

        Raises:
            ValueError: neither a person nor a guest's browser; the door must know which before it asks.
        """
        if not self.actor.is_member and self.actor.guest_key is None:
            raise ValueError("a checkout needs a person or a guest key")
        return f"person:{self.actor.person_id}" if self.actor.is_member else f"guest:{self.actor.guest_key}"

    def fingerprint(self) -> bytes:
        """Tells a repeated submission from a different one under the same key."""
        wishes = [
            (w.variant_id, w.quantity, w.add_ons, *((w.choice, w.details) if w.choice or w.details else ()))
            for w in self.wishes
        ]
        contact = (self.contact.name, self.contact.phone, self.contact.email)
        address = sorted(self.address.items())
        asked = (wishes, contact, address, sorted(self.notes.items()), self.agreed_total, sorted(self.agreed_no_return))
        return sha256(to_json(asked)).digest()


@dataclass(frozen=True, slots=True)
class Tidied:
    """A checkout with clean texts.

    Attributes:
        faults: what is wrong with its form.
        address_faults: what is wrong with its address, if it needs one at all.
    """

    checkout: Checkout
    faults: Sequence[Refusal]
    address_faults: Sequence[Refusal]


def tidy(checkout: Checkout) -> Tidied:
    """The checkout with clean texts, and everything that is wrong with its form."""
    refusals: list[Refusal] = []
    if not KEY.fullmatch(checkout.key):
        refusals.append(Refusal(BAD_KEY, field="key"))
    address, wrong = tidy_address(checkout.address)
    contact = _contact(checkout.contact, refusals)
    notes = {k: clean(v) for k, v in checkout.notes.items() if clean(v)}
    refusals += [Refusal(TOO_LONG, field=f"notes.{k}", most=NOTE_MAX) for k, v in notes.items() if len(v) > NOTE_MAX]
    tidied = replace(checkout, address=address, contact=contact, notes=notes)
    return Tidied(tidied, refusals, wrong)


def tidy_address(typed: Mapping[str, str]) -> tuple[dict[str, str], list[Refusal]]:
    """A clean delivery address with the keys of `wanku.people.models.Address.frozen`, and what is wrong with it."""
    address = {k: clean(str(typed.get(k, ""))) for k in LENGTHS}
    refusals = _lengths(address)
    address["phone"] = _phone(address["phone"], "address.phone", refusals) if address["phone"] else ""
    return address, refusals


def _lengths(address: Mapping[str, str]) -> list[Refusal]:
    missing: Sequence[Refusal] = [Refusal(MISSING, field=f"address.{k}") for k in REQUIRED if not address[k]]
    long = [Refusal(TOO_LONG, field=f"address.{k}", most=most) for k, most in LENGTHS.items() if len(address[k]) > most]
    return [*missing, *long]


def _contact(contact: Contact, refusals: list[Refusal]) -> Contact:
    name, email = clean(contact.name), clean(contact.email).lower()
    if not name:
        refusals.append(Refusal(MISSING, field="contact.name"))
    elif len(name) > LENGTHS["name"]:
        refusals.append(Refusal(TOO_LONG, field="contact.name", most=LENGTHS["name"]))
    phone = _phone(clean(contact.phone), "contact.phone", refusals) if clean(contact.phone) else ""
    if email:
        try:
            validate_email(email)
        except ValidationError:
            refusals.append(Refusal(BAD_EMAIL, field="contact.email"))
    if not clean(contact.phone) and not email:
        refusals.append(Refusal(NO_CONTACT, field="contact.phone"))
    return Contact(name, phone, email)


def _phone(text: str, field_name: str, refusals: list[Refusal]) -> str:
    if mobile := MAINLAND_MOBILE.fullmatch(text):
        return f"+86{mobile[1]}"
    try:
        number = phonenumbers.parse(text, "CN")
    except phonenumbers.NumberParseException:
        number = None
    if number is None or not phonenumbers.is_possible_number(number) or number.extension:
        refusals.append(Refusal(BAD_PHONE, field=field_name))
        return ""
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
