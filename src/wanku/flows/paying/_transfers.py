"""What the flows of bank transfers share: reading what was typed, and who may."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from wanku.kernel.ids import NUMBER_ZONE
from wanku.kernel.money import AMOUNT_MAX
from wanku.kernel.refusal import BAD_VALUE, NOT_FOUND, WRONG_STATE, Code, Refusal, gettext_noop, refuse_all
from wanku.kernel.text import clean
from wanku.payments.models import BankTransfer
from wanku.payments.states import REPORTED

GATEWAY = "transfer"
SAME_PERSON = Code(
    "transfer_same_person",
    gettext_noop("Money needs two people: somebody else than who reported it must confirm."),
    403,
)
LINE_KNOWN = Code("transfer_known", gettext_noop("This line of the statement has been reported already."), 409)
PARTY_MAX, ACCOUNT_MAX, REFERENCE_MAX = 120, 60, 80


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the bank's statement as a person typed it; ``amount`` in minor units."""

    amount: int
    booked_on: date
    party: str
    reference: str
    party_account: str = ""


def checked(line: Line, now: datetime) -> Line:
    """The line, cleaned.

    Raises:
        Refusal: ``bad_value`` naming each field.
    """
    party, reference, account = clean(line.party), clean(line.reference), clean(line.party_account)
    wrong = {
        "amount": None if 0 < line.amount <= AMOUNT_MAX else gettext_noop("An amount above nothing."),
        "booked_on": None if line.booked_on <= today(now) else gettext_noop("This day has not come yet."),
        "party": None if 1 <= len(party) <= PARTY_MAX else gettext_noop("The name as the statement has it."),
        "party_account": None if len(account) <= ACCOUNT_MAX else gettext_noop("This is too long."),
        "reference": None
        if 4 <= len(reference) <= REFERENCE_MAX
        else gettext_noop("The bank’s own number of this line, 4 to 80 characters."),
    }
    refuse_all([Refusal(BAD_VALUE, field=name, problem=no) for name, no in wrong.items() if no is not None])
    return Line(line.amount, line.booked_on, party, reference, account)


def refuse_known(reference: str) -> None:
    """One line of the statement is one transfer.

    Raises:
        Refusal: ``transfer_known``.
    """
    if BankTransfer.objects.filter(reference=reference).exclude(state="declined").exists():
        raise Refusal(LINE_KNOWN, field="reference")


def today(now: datetime) -> date:
    """The day at the bank."""
    return now.astimezone(NUMBER_ZONE).date()


def locked(transfer_id: UUID) -> BankTransfer:
    """A reported transfer, held by this transaction; it is locked before everything else.

    Raises:
        Refusal: ``not_found``; ``wrong_state`` when it is decided.
    """
    rows = BankTransfer.objects.select_for_update(no_key=True, of=("self",)).select_related("attempt", "refund")
    transfer = rows.filter(pk=transfer_id).first()
    if transfer is None:
        raise Refusal(NOT_FOUND)
    if transfer.state != REPORTED:
        raise Refusal(WRONG_STATE, state=transfer.state)
    return transfer
