"""The second person on what one may not close alone."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from wanku.access.actor import Actor
from wanku.access.can import Permission, require
from wanku.audit.move import move
from wanku.audit.reason import reason
from wanku.audit.record import record
from wanku.audit.rules import due
from wanku.flows.reconciling._execute import ACT, write_off
from wanku.flows.reconciling._look_again import look_again
from wanku.kernel.refusal import NOT_FOUND, WRONG_STATE, Code, Refusal, gettext_noop
from wanku.reconciliation.models import FinanceCase
from wanku.reconciliation.policy import Resolution
from wanku.reconciliation.states import PROPOSED

OWN_PROPOSAL = Code("own_proposal", gettext_noop("You proposed this yourself. Another person must decide on it."), 409)


def decide_case(case_id: UUID, *, approve: bool, actor: Actor, because: str, now: datetime) -> FinanceCase:
    """Approve what was proposed, which carries it out, or decline it, which opens the case again.

    Raises:
        Refusal: ``not_allowed``, ``not_found``, ``bad_value`` without a reason, ``own_proposal``, ``wrong_state``.
    """
    require(actor, Permission.RECONCILE)
    because = reason(because)
    with transaction.atomic():
        case = FinanceCase.objects.select_for_update(no_key=True).filter(pk=case_id).first()
        if case is None:
            raise Refusal(NOT_FOUND)
        if case.state != PROPOSED:
            raise Refusal(WRONG_STATE, state=case.state)
        if case.proposed_by == actor.person_id:
            raise Refusal(OWN_PROPOSAL)
        chosen = Resolution(case.resolution)
        facts = {"proposed_by": case.proposed_by}
        if approve:
            case.resolved_by, case.resolved_at = actor.person_id, now
            case.save(update_fields=["resolved_by", "resolved_at"])
            move(case, "approve", by=actor.as_platform(), now=now, facts=facts)
        else:
            case.resolution, case.proposed_by = "", None
            case.save(update_fields=["resolution", "proposed_by"])
            move(case, "decline", by=actor.as_platform(), now=now, due_at=due("finance_case", now), facts=facts)
        record(
            f"{'approve' if approve else 'decline'}_{ACT[chosen]}",
            actor_id=actor.person_id,
            subject_type="finance_case",
            subject_id=case.pk,
            because=because,
            facts={"number": case.number, "difference": case.difference},
            now=now,
        )
        if approve and chosen == Resolution.WRITE_OFF:
            write_off(case, now=now)
    look_again(case, now=now)
    return case
