"""The first person: a refund that was paid by bank transfer."""

from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction

from wanku.access.actor import Actor
from wanku.access.can import Permission, require
from wanku.flows.paying._transfers import GATEWAY, LINE_KNOWN, NOT_THE_SUM, checked, keep
from wanku.kernel.refusal import NOT_FOUND, WRONG_STATE, Refusal
from wanku.payments.models import BankTransfer, Refund
from wanku.payments.statement_line import StatementLine
from wanku.payments.states import FAILED, SENT, STUCK


def report_refund_transfer(refund_id: UUID, line: StatementLine, *, actor: Actor, now: datetime) -> BankTransfer:
    """Keep that a refund of a bank transfer was paid; it stays on its way until somebody else confirms that.

    Raises:
        Refusal: ``not_allowed``; ``not_found`` for one of another channel; ``wrong_state`` when it does not wait to be
            paid; ``bad_value``; ``transfer_not_the_sum``; ``transfer_known`` for a line or a refund reported before.
    """
    require(actor, Permission.TRANSFERS_HANDLE)
    line = checked(line, now)
    if actor.person_id is None:
        raise ValueError("a person must report it")
    try:
        with transaction.atomic():
            rows = Refund.objects.select_for_update(no_key=True, of=("self",)).select_related("attempt")
            refund = rows.filter(pk=refund_id, attempt__gateway=GATEWAY).first()
            if refund is None:
                raise Refusal(NOT_FOUND)
            if refund.state not in (SENT, FAILED, STUCK):
                raise Refusal(WRONG_STATE, state=refund.state)
            if line.amount != refund.amount:
                raise Refusal(NOT_THE_SUM, field="amount")
            verb = "report_refund_transfer"
            return keep(verb, line, refund.attempt, refund=refund, maker=actor.person_id, now=now)
    except IntegrityError as error:
        raise Refusal(LINE_KNOWN, field="reference") from error
