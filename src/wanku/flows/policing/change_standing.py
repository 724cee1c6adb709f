"""A merchant's standing goes down or up. What a standing allows is in `wanku.merchants.states.CAPABILITIES`."""

from datetime import datetime
from typing import Final

from django.db import transaction

from wanku.access.actor import Actor
from wanku.access.can import Permission, require
from wanku.audit.move import move
from wanku.audit.reason import reason
from wanku.audit.record import record
from wanku.kernel.refusal import BAD_VALUE, NOT_FOUND, Refusal, gettext_noop
from wanku.merchants.models import Merchant

STEPS: Final = ("restrict", "suspend", "restore", "close")


def change_standing(merchant_id: int, step: str, *, because: str, actor: Actor, now: datetime) -> None:
    """Restrict, suspend, restore or close a merchant.

    Nothing else needs to be switched: every list, checkout and desk asks the capability table for the standing that
    is in force, so a suspended shop is out of the lists with this commit and still serves what it sold.

    Args:
        step: one of `STEPS`.
        because: reason, which the merchant reads at its desk.

    Raises:
        Refusal: ``bad_value`` for a missing reason or an unknown step, ``not_allowed``, ``not_found``,
            ``wrong_state`` when the step does not follow from the present standing.
    """
    require(actor, Permission.MERCHANTS_DECIDE)
    if step not in STEPS:
        raise Refusal(BAD_VALUE, field="step", problem=gettext_noop("Choose one of the steps that are offered."))
    because = reason(because)
    with transaction.atomic():
        merchant = Merchant.objects.visible_to(actor).select_for_update(no_key=True).filter(pk=merchant_id).first()
        if merchant is None:
            raise Refusal(NOT_FOUND)
        before = merchant.state
        move(merchant, step, by=actor.as_platform(), now=now, facts={"because": because})
        merchant.decided_because = "" if step == "restore" else because
        merchant.save(update_fields=["decided_because"])
        record(
            f"{step}_merchant",
            actor_id=actor.person_id,
            subject_type="merchant",
            subject_id=merchant_id,
            merchant_id=merchant_id,
            because=because,
            facts={"from": before, "to": merchant.state},
            now=now,
        )
