"""Create or change a freight template."""

from datetime import datetime

from django.db import transaction

from wanku.access.actor import Actor
from wanku.access.can import Permission, require
from wanku.audit.record import record
from wanku.kernel.refusal import NOT_FOUND, Refusal
from wanku.merchants.models import Merchant
from wanku.pricing.models import FreightRate, FreightTemplate
from wanku.pricing.template_rules import TemplateData, check_template


def save_freight(
    merchant_id: int, data: TemplateData, *, template_id: int | None, actor: Actor, now: datetime
) -> FreightTemplate:
    """Store how a shop charges for shipping. The first template, and one that says so, becomes the one in force.

    Orders that were placed keep the freight that they were placed with.

    Raises:
        Refusal: ``not_allowed``; ``not_found``; ``bad_value`` naming the field.
    """
    require(actor, Permission.PROFILE_EDIT, merchant_id)
    told = check_template(data)
    with transaction.atomic():
        # The merchant's row is the queue, so that two people never leave two templates in force.
        Merchant.objects.select_for_update(no_key=True).get(pk=merchant_id)
        templates = {t.pk: t for t in FreightTemplate.objects.filter(merchant_id=merchant_id)}
        row = FreightTemplate(merchant_id=merchant_id)
        if template_id is not None:
            if template_id not in templates:
                raise Refusal(NOT_FOUND)
            row = templates[template_id]
        in_force = told.is_default or row.is_default or not templates
        if in_force:
            FreightTemplate.objects.filter(merchant_id=merchant_id).exclude(pk=row.pk).update(is_default=False)
        row.name, row.by, row.free_from, row.is_default = told.name, told.by, told.free_from, in_force
        row.save()
        row.rates.all().delete()
        FreightRate.objects.bulk_create(
            FreightRate(
                template=row,
                provinces=list(rate.provinces),
                first=rate.first,
                first_fee=rate.first_fee,
                step=rate.step,
                step_fee=rate.step_fee,
                refused=rate.refused,
            )
            for rate in told.rates
        )
        record(
            "save_freight",
            actor_id=actor.person_id,
            subject_type="freight_template",
            subject_id=row.pk,
            merchant_id=merchant_id,
            facts={"name": row.name},
            now=now,
        )
    return row
