"""Finance settles a shop before its period ends."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from wanku.access.actor import Actor
from wanku.access.can import Permission, require
from wanku.audit.reason import reason
from wanku.audit.record import record
from wanku.flows.settling._settle import settle
from wanku.kernel.refusal import NOT_FOUND, Refusal
from wanku.merchants.models import Merchant
from wanku.merchants.states import Capability, capable
from wanku.settlement.models import Plan, Settlement
from wanku.settlement.plans import begin_plans
from wanku.settlement.refusals import NOTHING_TO_SETTLE, STANDING_HOLDS_MONEY


def settle_merchant(merchant_id: int, *, actor: Actor, because: str, now: datetime) -> Sequence[Settlement]:
    """Draw a settlement now, for instance after a payout came back; the running period ends with it.

    Raises:
        Refusal: ``not_allowed``, ``bad_value`` without a reason, ``not_found``, ``standing_holds_money``,
            ``nothing_to_settle``.
    """
    require(actor, Permission.PAYOUTS_HANDLE)
    because = reason(because)
    with transaction.atomic():
        merchant = Merchant.objects.filter(pk=merchant_id).first()
        if merchant is None:
            raise Refusal(NOT_FOUND)
        if not capable(merchant.state, Capability.BE_SETTLED):
            raise Refusal(STANDING_HOLDS_MONEY, state=merchant.state)
        begin_plans({merchant.pk: merchant.zone}, now=now)
        plans = Plan.objects.select_for_update(no_key=True, of=("self",)).select_related("merchant")
        drawn = settle(plans.get(merchant=merchant), until=now, now=now)
        if not drawn:
            raise Refusal(NOTHING_TO_SETTLE)
        record(
            "settle_merchant",
            actor_id=actor.person_id,
            subject_type="merchant",
            subject_id=merchant_id,
            merchant_id=merchant_id,
            because=because,
            facts={"settlements": [settlement.number for settlement in drawn]},
            now=now,
        )
        return drawn
