"""The first person: a refund that was paid by bank transfer."""

from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction

from wanku.access.actor import Actor
from wanku.access.can import Permission, require
from wanku.audit.record import record
from wanku.audit.rules import due
from wanku.flows.paying._transfers import GATEWAY, LINE_KNOWN, checked, refuse_known
from wanku.kernel.refusal import NOT_FOUND, WRONG_STATE, Code, Refusal, gettext_noop
from wanku.payments.models import BankTransfer, Refund
from wanku.payments.statement_line import StatementLine
from wanku.payments.states import FAILED, REPORTED, SENT, STUCK

NOT_THE_SUM = Code("transfer_not_the_sum", gettext_noop("The refund is over another sum."), 409)


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
            refuse_known(line.reference)
            transfer = BankTransfer.objects.create(
                attempt=refund.attempt,
                refund=refund,
                currency=refund.currency,
                amount=line.amount,
                booked_on=line.booked_on,
                party=line.party,
                party_account=line.party_account,
                reference=line.reference,
                maker=actor.person_id,
                made_at=now,
                state=REPORTED,
                due_at=due("confirm_transfer", now),
            )
            record(
                "report_refund_transfer",
                actor_id=actor.person_id,
                subject_type="bank_transfer",
                subject_id=transfer.pk,
                facts={"refund": refund.number, "amount": line.amount, "reference": line.reference},
                now=now,
            )
    except IntegrityError as error:
        raise Refusal(LINE_KNOWN, field="reference") from error
    return transfer
