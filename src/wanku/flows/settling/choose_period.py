"""A shop chooses how often it is settled."""

from datetime import datetime

from django.db import transaction

from wanku.access.actor import Actor
from wanku.access.can import Permission, require
from wanku.audit.record import record
from wanku.kernel.refusal import BAD_VALUE, Refusal, gettext_noop
from wanku.merchants.models import Merchant
from wanku.settlement.models import Period, Plan
from wanku.settlement.plans import begin_plans
from wanku.settlement.rules import period_ends


def choose_period(merchant_id: int, period: str, *, actor: Actor, now: datetime) -> Plan:
    """From the running period on. Nothing changes when it is the same.

    Raises:
        Refusal: ``not_allowed``, ``bad_value`` for an unknown period.
    """
    require(actor, Permission.BANK_ACCOUNT_EDIT, merchant_id)
    if period not in Period.values:
        raise Refusal(BAD_VALUE, field="period", problem=gettext_noop("Choose one of the periods that are offered."))
    with transaction.atomic():
        zone = Merchant.objects.values_list("zone", flat=True).get(pk=merchant_id)
        begin_plans({merchant_id: zone}, now=now)
        plan = Plan.objects.select_for_update(no_key=True).get(merchant=merchant_id)
        if plan.period == period:
            return plan
        before, plan.period = plan.period, period
        plan.due_at = period_ends(now, period=period, zone=zone)
        plan.save(update_fields=["period", "due_at"])
        record(
            "choose_period",
            actor_id=actor.person_id,
            subject_type="merchant",
            subject_id=merchant_id,
            merchant_id=merchant_id,
            facts={"from": before, "to": period},
            now=now,
        )
        return plan
