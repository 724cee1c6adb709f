"""A merchant ends a licence, or takes a bad code out of the pool."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from wanku.access.actor import Actor
from wanku.access.can import Permission, require
from wanku.audit.reason import reason
from wanku.audit.record import record
from wanku.flows.selling._product import lock_supplies
from wanku.kernel.refusal import NOT_FOUND, Refusal
from wanku.kinds.issue.grants import revoke, settle_pools
from wanku.kinds.issue.models import FREE, REVOKED, Licence
from wanku.kinds.issue.refusals import LICENCE_REVOKED


def revoke_licence(licence_id: UUID, *, because: str, actor: Actor, now: datetime) -> Licence:
    """End a licence for good; a code that nobody bought leaves the pool, and its counter is lowered.

    Nothing is paid back by this; refunds revoke by themselves.

    Raises:
        Refusal: ``not_found``; ``not_allowed``; ``bad_value`` on ``because``; ``licence_revoked`` before;
            ``stock_held`` when unpaid orders hold the last codes of the pool.
    """
    found = Licence.objects.filter(pk=licence_id, merchant_id__in=list(actor.seats)).first()
    if found is None:
        raise Refusal(NOT_FOUND)
    require(actor, Permission.PRODUCTS_EDIT, found.merchant_id)
    text = reason(because)
    with transaction.atomic():
        lock_supplies([f"sku:{found.plan_id}"])
        licence = Licence.objects.select_for_update(no_key=True).get(pk=licence_id)
        if licence.state == REVOKED:
            raise Refusal(LICENCE_REVOKED)
        was_free = licence.state == FREE
        revoke(licence, because=text, now=now)
        if was_free:
            settle_pools([licence.plan_id], because="code taken out", by_id=actor.person_id, now=now)
        record(
            "revoke_licence",
            actor_id=actor.person_id,
            merchant_id=licence.merchant_id,
            subject_type="licence",
            subject_id=licence.pk,
            because=text,
            facts={"tail": licence.tail, "issued": not was_free},
            now=now,
        )
    return licence
