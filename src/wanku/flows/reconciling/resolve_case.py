"""Finance settles a difference: what it chooses is carried out, and then the case ends."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from wanku.access.actor import Actor
from wanku.access.can import Permission, require
from wanku.audit.move import move
from wanku.audit.reason import reason
from wanku.audit.record import record
from wanku.audit.rules import due
from wanku.flows.reconciling._execute import (
    ACT,
    confirm_amount,
    send_again,
    settle_by_asking,
    take_in_and_return,
    write_off,
)
from wanku.flows.reconciling._look_again import look_again
from wanku.kernel.refusal import BAD_VALUE, NOT_FOUND, WRONG_STATE, Refusal, gettext_noop
from wanku.people.models import Person
from wanku.reconciliation.allowance import allowance
from wanku.reconciliation.models import FinanceCase
from wanku.reconciliation.policy import JUDGED, REFUND, Resolution
from wanku.reconciliation.states import EXPECTED, OPEN, PROPOSED, RESOLVED

NOT_OFFERED = gettext_noop("This cannot be done about such a difference. Choose one of those that are offered.")


def resolve_case(case_id: UUID, resolution: str, *, actor: Actor, because: str, now: datetime) -> FinanceCase:
    """Carry out one of `wanku.reconciliation.policy.choices`; the case follows from it.

    What needs the channel's word asks it first, with nothing locked. Afterwards the bill is compared again.

    Args:
        because: the evidence, in words.

    Returns:
        the case: ``resolved``; ``proposed`` where closing it takes a second person, since it is over more than one
        may close alone, or more in all on that day (`wanku.reconciliation.allowance`); ``expected`` where the next
        bill shall bring it.

    Raises:
        Refusal: ``not_allowed``, ``not_found``; ``bad_value`` on ``because`` or ``resolution``; ``wrong_state`` when
            the case is no longer open; ``channel_denies``, ``bill_not_answered``, ``payment_mismatch``. Nothing was
            booked.
    """
    require(actor, Permission.RECONCILE)
    because = reason(because)
    case = FinanceCase.objects.select_related("attempt", "refund", "line").filter(pk=case_id).first()
    if case is None:
        raise Refusal(NOT_FOUND)
    chosen = _chosen(case, resolution)
    if case.state not in (OPEN, EXPECTED):
        raise Refusal(WRONG_STATE, state=case.state)
    channel_ref = ""
    if chosen == Resolution.BOOK_MISSING_CAPTURE:
        settle_by_asking(case, actor=actor, because=because, now=now)
    elif chosen == Resolution.REFUND_BUYER and case.subject == REFUND:
        send_again(case)
    elif chosen == Resolution.REFUND_BUYER:
        channel_ref = confirm_amount(case)
    with transaction.atomic():
        done = _carry_out(case, chosen, channel_ref, actor=actor, because=because, now=now)
    look_again(done, now=now)
    return done


def _chosen(case: FinanceCase, resolution: str) -> Resolution:
    chosen = next((each for each in case.offered if each == resolution), None)
    if chosen is None:
        raise Refusal(BAD_VALUE, field="resolution", problem=NOT_OFFERED)
    return chosen


def _carry_out(
    seen: FinanceCase, chosen: Resolution, channel_ref: str, *, actor: Actor, because: str, now: datetime
) -> FinanceCase:
    """Books and case in one transaction."""
    if chosen in JUDGED:
        # Two cases closed by one person at once must see each other in the sum of the day.
        Person.objects.select_for_update(no_key=True).filter(pk=actor.person_id or 0).first()
    taken_in = chosen == Resolution.REFUND_BUYER and seen.subject != REFUND
    if taken_in:
        take_in_and_return(seen, channel_ref=channel_ref, now=now)
    case = FinanceCase.objects.select_for_update(no_key=True).get(pk=seen.pk)
    # What asking settled may have been seen by a look at the bill meanwhile, which ends the case with no words.
    caught_up = case.state == RESOLVED and chosen == Resolution.BOOK_MISSING_CAPTURE
    if case.state not in (OPEN, EXPECTED) and not caught_up:
        raise Refusal(WRONG_STATE, state=case.state)
    if not caught_up:
        _follow(case, chosen, actor=actor, now=now)
    case.resolution, case.because = chosen.value, because
    case.owner_id = case.owner_id or actor.person_id
    if case.state == RESOLVED:
        case.resolved_by, case.resolved_at = actor.person_id, now
    elif case.state == PROPOSED:
        case.proposed_by = actor.person_id
    case.save(update_fields=["resolution", "because", "owner_id", "resolved_by", "resolved_at", "proposed_by"])
    record(
        f"propose_{ACT[chosen]}" if case.state == PROPOSED else "resolve_case",
        actor_id=actor.person_id,
        subject_type="finance_case",
        subject_id=case.pk,
        because=because,
        facts={"resolution": chosen.value, "kind": case.kind, "number": case.number, "difference": case.difference},
        now=now,
    )
    if chosen == Resolution.WRITE_OFF and case.state == RESOLVED:
        write_off(case, now=now)
    return case


def _follow(case: FinanceCase, chosen: Resolution, *, actor: Actor, now: datetime) -> None:
    """Where the case goes. The state that says ``resolved`` needs its resolution beside it."""
    case.resolution = chosen.value
    case.save(update_fields=["resolution"])
    by, facts = actor.as_platform(), {**case.told, "resolution": chosen.value}
    waits_for_bill = chosen == Resolution.EXPECTED_NEXT_DAY or (
        chosen == Resolution.REFUND_BUYER and case.subject == REFUND
    )
    if waits_for_bill:
        move(case, "expect", by=by, now=now, due_at=due("bill_expected", now), facts=facts)
    elif chosen in JUDGED and not allowance(actor.person_id, case.currency, now=now).covers(case.stake):
        move(case, "propose", by=by, now=now, due_at=due("finance_case", now), facts=facts)
    else:
        move(case, "resolve", by=by, now=now, facts=facts)
