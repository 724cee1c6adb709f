"""Refunds that finance pays by bank transfer although the payment came through a channel."""

from datetime import datetime
from typing import Final
from uuid import UUID

from wanku.access.actor import Actor
from wanku.audit.move import move
from wanku.flows.paying._money import book_refunded
from wanku.flows.paying._refund import call_for, settle
from wanku.kernel.refusal import WRONG_STATE, Code, Refusal, gettext_noop
from wanku.payments.channel import ChannelDown, RefundState
from wanku.payments.gateways import GATEWAYS
from wanku.payments.models import BankTransfer, Refund
from wanku.payments.states import STUCK

ROUTE: Final = "transfer"
MAY_HAVE_LEFT = Code(
    "refund_may_have_left",
    gettext_noop(
        "The channel may have paid it already. Pay it another way only when the channel says that it has not."
    ),
    409,
)


def surely_unpaid(refund: Refund, now: datetime) -> None:
    """Be sure that the channel has not paid it and never will; asked outside any transaction.

    Raises:
        Refusal: ``refund_may_have_left``; ``wrong_state`` when it has paid it, which is then settled.
    """
    try:
        said = GATEWAYS[refund.attempt.gateway].query_refund(call_for(refund))
    except ChannelDown as error:
        raise Refusal(MAY_HAVE_LEFT) from error
    if said.state == RefundState.SUCCEEDED:
        settle(refund, said, now)
        raise Refusal(WRONG_STATE, state="succeeded")
    if said.state == RefundState.PROCESSING:
        raise Refusal(MAY_HAVE_LEFT)


def paid_elsewhere(transfer: BankTransfer, refund_id: UUID, *, actor: Actor, now: datetime) -> None:
    """Settle the refund of a confirmed transfer; the caller holds the transfer's lock.

    Raises:
        Refusal: ``wrong_state`` when the refund is not stuck any more.
    """
    rows = Refund.objects.select_for_update(no_key=True, of=("self",)).select_related("attempt", "order")
    refund = rows.get(pk=refund_id)
    if refund.state != STUCK:
        raise Refusal(WRONG_STATE, state=refund.state)
    refund.route, refund.reference, refund.succeeded_at = ROUTE, transfer.reference, now
    refund.save(update_fields=["route", "reference", "succeeded_at"])
    facts = {"amount": refund.amount, "reference": refund.reference}
    move(refund, "pay_elsewhere", by=actor.as_platform(), now=now, facts=facts)
    book_refunded(refund, now)
