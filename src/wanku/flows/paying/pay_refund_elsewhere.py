"""The first person: a refund that the channel cannot pay was transferred to the buyer."""

from datetime import datetime
from typing import Final
from uuid import UUID

from django.db import IntegrityError, transaction

from wanku.access.actor import Actor
from wanku.access.can import Permission, require
from wanku.audit.reason import reason
from wanku.flows.paying._elsewhere import surely_unpaid
from wanku.flows.paying._transfers import GATEWAY, LINE_KNOWN, NOT_THE_SUM, checked, keep
from wanku.kernel.refusal import BAD_VALUE, NOT_FOUND, WRONG_STATE, Refusal, gettext_noop
from wanku.payments.models import BankTransfer, Refund
from wanku.payments.statement_line import StatementLine
from wanku.payments.states import STUCK

REFERENCE_MAX: Final = 60


def pay_refund_elsewhere(
    refund_id: UUID, line: StatementLine, *, because: str, actor: Actor, now: datetime
) -> BankTransfer:
    """Keep that finance has transferred a stuck refund to the buyer, who agreed to it (Interim Measures, article 14).

    It stays stuck, and is not sent again, until somebody else confirms the line of the statement
    (`wanku.flows.paying.confirm_transfer`). The channel is asked first, so that the buyer is not paid twice; while it
    cannot say, nothing is kept.

    Args:
        because: how and when the buyer agreed.

    Raises:
        Refusal: ``not_allowed``, ``not_found``, ``bad_value``, ``wrong_state`` when it is not stuck or arrived
            meanwhile, ``refund_may_have_left``, ``transfer_not_the_sum``, ``transfer_known`` for a line or a refund
            that was reported before.
    """
    require(actor, Permission.REFUNDS_HANDLE)
    because, line = reason(because), checked(line, now)
    if len(line.reference) > REFERENCE_MAX:
        raise Refusal(BAD_VALUE, field="reference", problem=gettext_noop("This is too long."))
    if actor.person_id is None:
        raise ValueError("a person must report it")
    found = Refund.objects.select_related("attempt").exclude(attempt__gateway=GATEWAY).filter(pk=refund_id).first()
    if found is None:
        raise Refusal(NOT_FOUND)
    _check(found, line)
    surely_unpaid(found, now)
    try:
        with transaction.atomic():
            locked = Refund.objects.select_for_update(no_key=True, of=("self",)).select_related("attempt")
            refund = locked.get(pk=refund_id)
            _check(refund, line)
            verb, maker = "pay_refund_elsewhere", actor.person_id
            return keep(verb, line, refund.attempt, refund=refund, note=because, maker=maker, now=now)
    except IntegrityError as error:
        raise Refusal(LINE_KNOWN, field="reference") from error


def _check(refund: Refund, line: StatementLine) -> None:
    if refund.state != STUCK:
        raise Refusal(WRONG_STATE, state=refund.state)
    if line.amount != refund.amount:
        raise Refusal(NOT_THE_SUM, field="amount")
