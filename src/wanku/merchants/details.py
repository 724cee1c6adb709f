"""What a merchant tells about itself, checked once for applying and for editing."""

import re
from dataclasses import dataclass, fields
from typing import Self

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from stdnum.cn import uscc
from stdnum.exceptions import ValidationError as NumberError

from wanku.kernel.refusal import BAD_VALUE, Refusal, gettext_noop
from wanku.kernel.text import clean
from wanku.kernel.zones import zones
from wanku.merchants.refusals import BAD_CREDIT_CODE, BAD_PHONE
from wanku.people.phones import normal_phone

# As wide as the columns of `wanku.merchants.models.Merchant`; a test compares the two.
LONGEST = {
    "name": 60,
    "legal_name": 120,
    "credit_code": 18,
    "contact_name": 60,
    "contact_phone": 20,
    "contact_email": 254,
    "about": 2000,
    "notice": 200,
    "ships_from": 80,
    "return_address": 300,
    "zone": 40,
}
# Words that are routes of the desk or would pass for the platform's own pages.
RESERVED = frozenset({"apply", "invitation", "new", "admin", "api", "platform", "wanku", "help", "static", "media"})
SLUG = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])")
MISSING = gettext_noop("Please fill this in.")
TOO_LONG = gettext_noop("This is too long.")
BAD_SLUG = gettext_noop("Use 2 to 40 lower-case letters a–z, digits and hyphens, for example “bo-tea”.")
BAD_ZONE = gettext_noop("Choose a time zone from the list.")
BAD_EMAIL = gettext_noop("This is no e-mail address; it looks like name@example.com.")


@dataclass(frozen=True, slots=True)
class Details:
    """The merchant's own words; call `checked` before they are stored.

    Attributes:
        name: of the shop, as buyers see it.
        legal_name, credit_code: who the buyer contracts with.
        zone: on whose clock the shop works, an IANA name; hours of people and kitchens are read in it, days end by it.
    """

    name: str
    legal_name: str
    credit_code: str
    contact_name: str
    contact_phone: str
    contact_email: str
    about: str = ""
    notice: str = ""
    ships_from: str = ""
    return_address: str = ""
    zone: str = "Asia/Shanghai"

    def checked(self) -> Self:
        """The same, cleaned and in the form that is stored.

        Raises:
            Refusal: ``bad_value``, ``bad_credit_code`` or ``bad_phone`` with the field that is wrong.
        """
        values = {f.name: clean(getattr(self, f.name), lines=f.name == "about") for f in fields(self)}
        for name, value in values.items():
            if len(value) > LONGEST[name]:
                raise Refusal(BAD_VALUE, field=name, problem=TOO_LONG)
        for name in ("name", "legal_name", "contact_name"):
            if not values[name]:
                raise Refusal(BAD_VALUE, field=name, problem=MISSING)
        if values["zone"] not in zones():
            raise Refusal(BAD_VALUE, field="zone", problem=BAD_ZONE)
        values["credit_code"] = credit_code(values["credit_code"])
        values["contact_phone"] = phone(values["contact_phone"])
        try:
            validate_email(values["contact_email"])
        except ValidationError:
            raise Refusal(BAD_VALUE, field="contact_email", problem=BAD_EMAIL) from None
        return type(self)(**values)


def credit_code(text: str) -> str:
    """A unified social credit code (GB 32100-2015) without spaces, its check character verified."""
    try:
        return str(uscc.validate(text))
    except NumberError:
        raise Refusal(BAD_CREDIT_CODE, field="credit_code") from None


def phone(text: str) -> str:
    """A phone number, mobile or land line, in E.164; numbers without a country are Chinese."""
    number = normal_phone(text)
    if number is None:
        raise Refusal(BAD_PHONE, field="contact_phone")
    return number


def shop_address(text: str) -> str:
    """A shop's name in addresses.

    Raises:
        Refusal: ``bad_value`` for ``slug``.
    """
    slug = clean(text).lower()
    if not SLUG.fullmatch(slug) or slug in RESERVED or slug.isdigit():
        raise Refusal(BAD_VALUE, field="slug", problem=BAD_SLUG)
    return slug
