"""To whom an invoice is made out, checked as it is typed."""

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from wanku.kernel.refusal import BAD_VALUE, Code, Refusal, gettext_noop, refuse_all
from wanku.kernel.text import clean
from wanku.merchants.details import credit_code

TITLE_MAX: Final = 100
BAD_TAX_NUMBER: Final = Code(
    "bad_tax_number",
    gettext_noop(
        "This is not a valid tax number: a unified social credit code has 18 characters, and its last one must match."
    ),
    422,
)


class Kind(StrEnum):
    """Who wants the invoice."""

    PERSONAL = "personal"
    COMPANY = "company"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a buyer asks for.

    Attributes:
        kind: one of `Kind`.
        title: name on the invoice.
        tax_number: unified social credit code (GB 32100-2015); of companies alone.
        email: where it is announced; empty for the contact of the order.
    """

    kind: str
    title: str
    tax_number: str = ""
    email: str = ""

    def checked(self) -> "Wanted":
        """The same, cleaned and in the form that is stored.

        Raises:
            Refusal: ``bad_value`` or ``bad_tax_number`` with the field that is wrong; all fields at once.
        """
        wanted = replace(self, title=clean(self.title), email=clean(self.email), tax_number="")
        refusals = []
        if self.kind not in set(Kind):
            refusals.append(Refusal(BAD_VALUE, field="kind", problem=gettext_noop("Choose person or company.")))
        if not wanted.title:
            refusals.append(Refusal(BAD_VALUE, field="title", problem=gettext_noop("Write the name for the invoice.")))
        elif len(wanted.title) > TITLE_MAX:
            refusals.append(Refusal(BAD_VALUE, field="title", problem=gettext_noop("Write at most 100 characters.")))
        if self.kind == Kind.COMPANY:
            try:
                wanted = replace(wanted, tax_number=credit_code(clean(self.tax_number)))
            except Refusal:
                refusals.append(Refusal(BAD_TAX_NUMBER, field="tax_number"))
        if wanted.email:
            try:
                validate_email(wanted.email)
            except ValidationError:
                problem = gettext_noop("This is not an e-mail address.")
                refusals.append(Refusal(BAD_VALUE, field="email", problem=problem))
        refuse_all(refusals)
        return wanted
