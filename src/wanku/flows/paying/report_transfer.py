"""The first person: money that came in by bank transfer."""

from datetime import datetime

from django.db import IntegrityError, transaction

from wanku.access.actor import Actor
from wanku.access.can import Permission, require
from wanku.audit.rules import due
from wanku.flows.paying._clock import wait
from wanku.flows.paying._transfers import GATEWAY, LINE_KNOWN, checked, keep
from wanku.kernel.ids import clean_number
from wanku.kernel.refusal import Code, Refusal, gettext_noop
from wanku.orders.models import Trade
from wanku.payments.models import Attempt, BankTransfer
from wanku.payments.statement_line import StatementLine

NO_SUCH_PAYMENT = Code(
    "no_such_transfer",
    gettext_noop("No payment by bank transfer has this number. Ask the payer for the number, or send the money back."),
    422,
)


def report_transfer(quoted: str, line: StatementLine, *, actor: Actor, now: datetime) -> BankTransfer:
    """Keep a line of the statement until somebody else confirms it; nothing is booked before.

    The buyer has done their part, so an unpaid order waits with its goods: once more as long as a transfer may take
    where it is the sum that was asked for, else until the second person should have looked.

    Args:
        quoted: the payment number that the payer quoted, or the order's.

    Raises:
        Refusal: ``not_allowed``, ``no_such_transfer``, ``bad_value``, ``transfer_known``.
    """
    require(actor, Permission.TRANSFERS_HANDLE)
    attempt = _attempt(quoted)
    line = checked(line, now)
    if actor.person_id is None:
        raise ValueError("a person must report it")
    try:
        with transaction.atomic():
            trade = Trade.objects.select_for_update(no_key=True).get(pk=attempt.trade_id)
            wait(trade, due("pay_transfer" if line.amount == attempt.amount else "confirm_transfer", now))
            return keep("report_transfer", line, attempt, maker=actor.person_id, now=now)
    except IntegrityError as error:
        raise Refusal(LINE_KNOWN, field="reference") from error


def _attempt(quoted: str) -> Attempt:
    number = clean_number(quoted)
    payments = Attempt.objects.filter(gateway=GATEWAY).order_by("-created_at")
    found = payments.filter(number=number).first() or payments.filter(trade__number=number, duplicate=False).first()
    if number is None or found is None:
        raise Refusal(NO_SUCH_PAYMENT, field="quoted")
    return found
