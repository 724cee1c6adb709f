"""Where merchants are paid: checked, sealed, and shown only by its end."""

import json
import re
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Final

from stdnum import luhn

from wanku.kernel.refusal import BAD_VALUE, Refusal, gettext_noop
from wanku.kernel.secrets import reseal, seal, unseal
from wanku.kernel.text import clean, mask_name
from wanku.settlement.models import BankAccount
from wanku.settlement.refusals import BAD_ACCOUNT_NUMBER, BAD_HOLDER

PURPOSE: Final = "bank_account"
COMPANY: Final = "company"
CARD: Final = "card"
KINDS: Final = (COMPANY, CARD)
HOLDER_MAX, BANK_MAX = 120, 80
NUMBER: Final = {COMPANY: re.compile(r"[0-9]{8,32}"), CARD: re.compile(r"[0-9]{15,19}")}
MISSING = gettext_noop("Please fill this in.")
TOO_LONG = gettext_noop("This is too long.")
BAD_KIND = gettext_noop("Choose one of the kinds of account.")


@dataclass(frozen=True, slots=True)
class Destination:
    """An account as somebody entered it; call `checked` before it is stored.

    Attributes:
        kind: ``company`` (an account in the company's name) or ``card`` (a person's bank card).
        holder, bank: the names on it.
        number: digits.
    """

    kind: str
    holder: str
    bank: str
    number: str

    def checked(self, legal_name: str) -> "Destination":
        """The same, cleaned. A company's account is in its registered name; a card's number ends in its Luhn digit.

        Raises:
            Refusal: ``bad_value``, ``bad_holder`` or ``bad_account_number`` with the field that is wrong.
        """
        holder, bank = clean(self.holder), clean(self.bank)
        number = re.sub(r"[\s\-]", "", clean(self.number))
        if self.kind not in KINDS:
            raise Refusal(BAD_VALUE, field="kind", problem=BAD_KIND)
        for field, value, most in (("holder", holder, HOLDER_MAX), ("bank", bank, BANK_MAX)):
            if len(value) < 2:
                raise Refusal(BAD_VALUE, field=field, problem=MISSING)
            if len(value) > most:
                raise Refusal(BAD_VALUE, field=field, problem=TOO_LONG)
        if self.kind == COMPANY and _plain(holder) != _plain(legal_name):
            raise Refusal(BAD_HOLDER, field="holder", name=legal_name)
        if not NUMBER[self.kind].fullmatch(number) or (self.kind == CARD and not luhn.is_valid(number)):
            raise Refusal(BAD_ACCOUNT_NUMBER, field="number")
        return Destination(self.kind, holder, bank, number)

    def __repr__(self) -> str:
        return f"Destination(…{self.number[-4:]})"


@dataclass(frozen=True, slots=True)
class Masked:
    """An account as screens show it."""

    kind: str
    holder: str
    bank: str
    number: str
    at: datetime
    usable_from: datetime


def current_account(merchant_id: int) -> BankAccount | None:
    """The account in use, or none."""
    return BankAccount.objects.filter(merchant_id=merchant_id).order_by("-at", "-pk").first()


def keep_account(
    merchant_id: int, to: Destination, *, set_by: int | None, usable_from: datetime, now: datetime
) -> BankAccount:
    """Store an account that was `checked`, sealed; it replaces the one before."""
    return BankAccount.objects.create(
        merchant_id=merchant_id,
        sealed=seal(PURPOSE, json.dumps(asdict(to))),
        tail=to.number[-4:],
        set_by=set_by,
        at=now,
        usable_from=usable_from,
    )


def opened(row: BankAccount) -> Destination:
    """The plain account, for the bank alone.

    Raises:
        Unsealable: as `wanku.kernel.secrets.unseal`.
    """
    return Destination(**json.loads(unseal(PURPOSE, row.sealed)))


def masked(row: BankAccount) -> Masked:
    """What a screen may show."""
    to = opened(row)
    # A company's name is public anyway; a person's is not.
    holder = to.holder if to.kind == COMPANY else mask_name(to.holder)
    return Masked(to.kind, holder, to.bank, f"**** {row.tail}", row.at, row.usable_from)


def reseal_all() -> int:
    """Seal every account under the current secret; returns how many."""
    rows = list(BankAccount.objects.all())
    for row in rows:
        row.sealed = reseal(PURPOSE, row.sealed)
    BankAccount.objects.bulk_update(rows, ["sealed"])
    return len(rows)


def _plain(name: str) -> str:
    """Brackets of both widths and spaces make no other company."""
    return re.sub(r"\s", "", name).translate(str.maketrans("（）", "()")).casefold()
