"""A report that the statement of the bank does not bear out."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from wanku.access.actor import Actor
from wanku.access.can import Permission, require
from wanku.audit.move import move
from wanku.audit.reason import reason
from wanku.audit.record import record
from wanku.flows.paying._clock import wait_no_longer
from wanku.flows.paying._transfers import locked
from wanku.orders.models import Trade


def decline_transfer(transfer_id: UUID, *, because: str, actor: Actor, now: datetime) -> None:
    """Take a report off the list; who made it may do so too. Nothing was booked, and the line may be reported anew.

    An order that waited for it alone has its ordinary time to be paid again.

    Raises:
        Refusal: ``not_allowed``, ``not_found``, ``wrong_state``, ``bad_value`` on ``because``.
    """
    require(actor, Permission.TRANSFERS_HANDLE)
    because = reason(because)
    with transaction.atomic():
        transfer = locked(transfer_id)
        trade = Trade.objects.select_for_update(no_key=True).get(pk=transfer.attempt.trade_id)
        transfer.checker, transfer.decided_at = actor.person_id, now
        transfer.save(update_fields=["checker", "decided_at"])
        move(transfer, "decline", by=actor.as_platform(), now=now, because=because)
        if transfer.refund_id is None:
            wait_no_longer(trade, now)
        record(
            "decline_transfer",
            actor_id=actor.person_id,
            subject_type="bank_transfer",
            subject_id=transfer.pk,
            because=because,
            facts={"reference": transfer.reference, "maker": transfer.maker},
            now=now,
        )
