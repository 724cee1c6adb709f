"""Remove a freight template."""

from datetime import datetime

from django.db import transaction

from wanku.access.actor import Actor
from wanku.access.can import Permission, require
from wanku.audit.record import record
from wanku.kernel.refusal import NOT_FOUND, Refusal
from wanku.merchants.models import Merchant
from wanku.pricing.models import FreightTemplate
from wanku.pricing.template_rules import IN_FORCE


def remove_freight(merchant_id: int, template_id: int, *, actor: Actor, now: datetime) -> None:
    """Delete a template that is not in force, or the last one; without any, the shop ships for free.

    Raises:
        Refusal: ``not_allowed``; ``not_found``; ``freight_in_force`` while others could take its place.
    """
    require(actor, Permission.PROFILE_EDIT, merchant_id)
    with transaction.atomic():
        Merchant.objects.select_for_update(no_key=True).get(pk=merchant_id)
        templates = {t.pk: t for t in FreightTemplate.objects.filter(merchant_id=merchant_id)}
        row = templates.get(template_id)
        if row is None:
            raise Refusal(NOT_FOUND)
        if row.is_default and len(templates) > 1:
            raise Refusal(IN_FORCE)
        row.delete()
        record(
            "remove_freight",
            actor_id=actor.person_id,
            subject_type="freight_template",
            subject_id=template_id,
            merchant_id=merchant_id,
            facts={"name": row.name},
            now=now,
        )
