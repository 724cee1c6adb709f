"""A refund that the channel cannot pay reaches the buyer another way."""

from datetime import datetime
from typing import Final
from uuid import UUID

from django.db import transaction

from wanku.access.actor import Actor
from wanku.access.can import Permission, require
from wanku.audit.move import move
from wanku.audit.reason import reason
from wanku.audit.record import record
from wanku.flows.paying._money import book_refunded
from wanku.flows.paying._refund import call_for, settle
from wanku.kernel.refusal import BAD_VALUE, NOT_FOUND, WRONG_STATE, Code, Refusal, gettext_noop
from wanku.kernel.text import clean
from wanku.payments.channel import ChannelDown, RefundState
from wanku.payments.gateways import GATEWAYS
from wanku.payments.models import Refund
from wanku.payments.states import STUCK

ROUTE: Final = "transfer"
REFERENCE_MAX: Final = 60
MAY_HAVE_LEFT = Code(
    "refund_may_have_left",
    gettext_noop(
        "The channel may have paid it already. Pay it another way only when the channel says that it has not."
    ),
    409,
)


def pay_refund_elsewhere(refund_id: UUID, *, reference: str, because: str, actor: Actor, now: datetime) -> None:
    """Keep that finance has transferred a stuck refund to the buyer, who agreed to it (Interim Measures, article 14).

    The channel is asked first, so that the buyer is not paid twice; while it cannot say, nothing is kept.

    Args:
        reference: number of the transfer at the bank.
        because: how and when the buyer agreed.

    Raises:
        Refusal: ``not_allowed``, ``not_found``, ``bad_value`` on ``because`` or ``reference``, ``wrong_state`` when it
            is not stuck or arrived meanwhile, ``refund_may_have_left``.
    """
    require(actor, Permission.REFUNDS_HANDLE)
    because, reference = reason(because), clean(reference)
    if not 4 <= len(reference) <= REFERENCE_MAX:
        problem = gettext_noop("Please give the number of the transfer, 4 to 60 characters.")
        raise Refusal(BAD_VALUE, field="reference", problem=problem)
    found = Refund.objects.select_related("attempt").filter(pk=refund_id).first()
    if found is None:
        raise Refusal(NOT_FOUND)
    if found.state != STUCK:
        raise Refusal(WRONG_STATE, state=found.state)
    _ask(found, now)
    with transaction.atomic():
        locked = Refund.objects.select_for_update(no_key=True, of=("self",)).select_related("attempt", "order")
        refund = locked.get(pk=refund_id)
        refund.route, refund.reference, refund.succeeded_at = ROUTE, reference, now
        refund.save(update_fields=["route", "reference", "succeeded_at"])
        facts = {"amount": refund.amount, "reference": reference}
        move(refund, "pay_elsewhere", by=actor.as_platform(), now=now, facts=facts)
        record(
            "pay_refund_elsewhere",
            actor_id=actor.person_id,
            subject_type="refund",
            subject_id=refund.pk,
            because=because,
            now=now,
            facts=facts,
        )
        book_refunded(refund, now)


def _ask(refund: Refund, now: datetime) -> None:
    """Be sure that the channel has not paid it and never will."""
    try:
        said = GATEWAYS[refund.attempt.gateway].query_refund(call_for(refund))
    except ChannelDown as error:
        raise Refusal(MAY_HAVE_LEFT) from error
    if said.state == RefundState.SUCCEEDED:
        settle(refund, said, now)
        raise Refusal(WRONG_STATE, state="succeeded")
    if said.state == RefundState.PROCESSING:
        raise Refusal(MAY_HAVE_LEFT)
