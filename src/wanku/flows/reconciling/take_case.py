"""Somebody of finance takes a case."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from wanku.access.actor import Actor
from wanku.access.can import Permission, require
from wanku.audit.record import record
from wanku.kernel.refusal import NOT_FOUND, WRONG_STATE, Refusal
from wanku.reconciliation.models import FinanceCase
from wanku.reconciliation.states import RESOLVED


def take_case(case_id: UUID, *, actor: Actor, now: datetime) -> None:
    """From now on the case is theirs; its clock goes on.

    Raises:
        Refusal: ``not_allowed``, ``not_found``, ``wrong_state`` when it is resolved.
    """
    require(actor, Permission.RECONCILE)
    with transaction.atomic():
        case = FinanceCase.objects.select_for_update(no_key=True).filter(pk=case_id).first()
        if case is None:
            raise Refusal(NOT_FOUND)
        if case.state == RESOLVED:
            raise Refusal(WRONG_STATE, state=case.state)
        if case.owner_id != actor.person_id:
            facts = {"before": case.owner_id}
            case.owner_id = actor.person_id
            case.save(update_fields=["owner_id"])
            record(
                "take_case",
                actor_id=actor.person_id,
                subject_type="finance_case",
                subject_id=case.pk,
                facts=facts,
                now=now,
            )
