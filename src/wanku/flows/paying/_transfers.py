"""What the flows of bank transfers share: reading what was typed, and sending back what pays nothing."""

from datetime import date, datetime
from hashlib import sha256
from uuid import UUID

from wanku.audit.move import By, move
from wanku.audit.record import record
from wanku.audit.rules import due
from wanku.flows.paying._money import unwanted
from wanku.flows.paying._refund import intend_refund
from wanku.flows.paying._sql import AttemptRow
from wanku.kernel import states
from wanku.kernel.ids import NUMBER_ZONE, new_number
from wanku.kernel.money import AMOUNT_MAX
from wanku.kernel.refusal import BAD_VALUE, NOT_FOUND, WRONG_STATE, Code, Refusal, gettext_noop, refuse_all
from wanku.kernel.text import clean
from wanku.ledger.post import post_all
from wanku.orders.models import Trade
from wanku.payments.models import Attempt, BankTransfer, Refund
from wanku.payments.statement_line import StatementLine
from wanku.payments.states import PENDING, REPORTED

GATEWAY = "transfer"
SAME_PERSON = Code(
    "transfer_same_person",
    gettext_noop("Money needs two people: somebody else than who reported it must confirm."),
    403,
)
NOT_THE_SUM = Code("transfer_not_the_sum", gettext_noop("The refund is over another sum."), 409)
LINE_KNOWN = Code("transfer_known", gettext_noop("This line of the statement has been reported already."), 409)
PARTY_MAX, ACCOUNT_MAX, REFERENCE_MAX = 120, 60, 80


def checked(line: StatementLine, now: datetime) -> StatementLine:
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
    return StatementLine(line.amount, line.booked_on, party, reference, account)


def keep(
    verb: str,
    line: StatementLine,
    attempt: Attempt,
    *,
    refund: Refund | None = None,
    note: str = "",
    maker: int,
    now: datetime,
) -> BankTransfer:
    """Put a line on the list of those that a second person must confirm; ``verb`` is for the audit trail.

    Raises:
        Refusal: ``transfer_known``: one line of the statement is one transfer.
    """
    if BankTransfer.objects.filter(reference=line.reference).exclude(state="declined").exists():
        raise Refusal(LINE_KNOWN, field="reference")
    transfer = BankTransfer.objects.create(
        attempt=attempt,
        refund=refund,
        currency=attempt.currency,
        amount=line.amount,
        booked_on=line.booked_on,
        party=line.party,
        party_account=line.party_account,
        reference=line.reference,
        note=note,
        maker=maker,
        made_at=now,
        state=REPORTED,
        due_at=due("confirm_transfer", now),
    )
    record(
        verb,
        actor_id=maker,
        subject_type="bank_transfer",
        subject_id=transfer.pk,
        because=note,
        facts={"number": (refund or attempt).number, "amount": line.amount, "reference": line.reference},
        now=now,
    )
    return transfer


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


def send_back(transfer: BankTransfer, trade: Trade, reason: str, now: datetime) -> str:
    """Owe money that pays nothing to the buyer; the caller holds the trade. Returns the reason.

    It is a payment of its own, over what came, so that it is proven like every other money that goes back.
    """
    attempt = Attempt.objects.create(
        trade=trade,
        number=new_number(now),
        gateway=GATEWAY,
        method=transfer.attempt.method,
        currency=transfer.currency,
        amount=transfer.amount,
        channel_ref=transfer.reference,
        shown_as=transfer.attempt.shown_as,
        duplicate=True,
        state=PENDING,
        due_at=due("attempt_query", now),
        # Before the one that was meant, which is still the latest that the buyer sees.
        created_at=trade.placed_at,
        expires_at=transfer.attempt.expires_at,
        captured_at=now,
    )
    move(attempt, "capture", by=By(states.GATEWAY), now=now, because=reason)
    row = AttemptRow(attempt.pk, attempt.number, GATEWAY, trade.pk, attempt.currency, attempt.amount, attempt.state)
    post_all([unwanted(row)], now=now)
    intend_refund(attempt, order=None, amount=attempt.amount, reason=reason, now=now)
    transfer.attempt = attempt
    transfer.save(update_fields=["attempt"])
    return reason


def hash_of(transfer: BankTransfer) -> bytes:
    """What tells the event from another of the same name."""
    facts = (transfer.reference, transfer.amount, transfer.currency, transfer.booked_on)
    return sha256(repr(facts).encode()).digest()
