"""A line of our bank's statement, as the forms of the desk send it."""

from datetime import date
from decimal import Decimal, InvalidOperation

from wanku.kernel.money import from_major
from wanku.kernel.refusal import BAD_VALUE, Refusal, gettext_noop
from wanku.payments.statement_line import StatementLine
from wanku.ui.request import Request


def line_of(request: Request, currency: str) -> StatementLine:
    """The whole line.

    Raises:
        Refusal: ``bad_value`` on ``amount`` or ``booked_on``.
    """
    typed = request.POST
    return StatementLine(
        amount=amount_of(request, currency),
        booked_on=day_of(request),
        party=typed.get("party", ""),
        party_account=typed.get("party_account", ""),
        reference=typed.get("reference", ""),
    )


def amount_of(request: Request, currency: str) -> int:
    """Minor units.

    Raises:
        Refusal: ``bad_value`` on ``amount``.
    """
    try:
        return from_major(Decimal(request.POST.get("amount", "").replace(",", "").strip()), currency).amount
    except (InvalidOperation, ValueError) as error:
        raise Refusal(BAD_VALUE, field="amount", problem=gettext_noop("An amount such as 1234.56.")) from error


def day_of(request: Request) -> date:
    """The bank's day.

    Raises:
        Refusal: ``bad_value`` on ``booked_on``.
    """
    try:
        return date.fromisoformat(request.POST.get("booked_on", ""))
    except ValueError as error:
        raise Refusal(BAD_VALUE, field="booked_on", problem=gettext_noop("Please choose the day.")) from error
