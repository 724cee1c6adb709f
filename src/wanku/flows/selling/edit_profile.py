"""Change what a shop tells about itself."""

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction

from wanku.access.actor import Actor
from wanku.access.can import Permission, require
from wanku.audit.record import record
from wanku.files.models import Picture
from wanku.flows.offering._calendars import open_calendars
from wanku.kernel.refusal import BAD_VALUE, NOT_FOUND, Refusal, gettext_noop
from wanku.merchants.details import Details
from wanku.merchants.models import Merchant
from wanku.merchants.refusals import NAME_TAKEN
from wanku.merchants.states import APPLYING, DECLINED

LOW_STOCK_MAX = 100_000
BAD_THRESHOLD = gettext_noop("Use a whole number of pieces from 0 to 100,000.")


def edit_profile(
    merchant_id: int, details: Details, *, low_stock_at: int, logo_id: UUID | None, actor: Actor, now: datetime
) -> Merchant:
    """Store the profile. Once a shop is approved, its company and credit code stay as they were checked.

    Another time zone changes which moments the hours of people and kitchens mean, so their counters are opened anew in
    the same transaction. What is booked keeps its moment, its counters and the zone in which it is shown.

    Args:
        low_stock_at: threshold in pieces for products that get no own one.
        logo_id: a picture of this merchant, or none.

    Raises:
        Refusal: ``not_allowed``; what `Details.checked` refuses; ``not_found`` for a foreign picture; ``name_taken``.
    """
    require(actor, Permission.PROFILE_EDIT, merchant_id)
    if not 0 <= low_stock_at <= LOW_STOCK_MAX:
        raise Refusal(BAD_VALUE, field="low_stock_at", problem=BAD_THRESHOLD)
    if logo_id and not Picture.objects.filter(pk=logo_id, owner=f"merchant:{merchant_id}", is_public=True).exists():
        raise Refusal(NOT_FOUND, field="logo")
    with transaction.atomic():
        merchant = Merchant.objects.select_for_update(no_key=True).get(pk=merchant_id)
        if merchant.state not in (APPLYING, DECLINED):
            details = replace(details, legal_name=merchant.legal_name, credit_code=merchant.credit_code)
        told = details.checked()
        wanted = {name: getattr(told, name) for name in Details.__dataclass_fields__}
        wanted |= {"low_stock_at": low_stock_at, "logo_id": logo_id}
        changed = sorted(name for name, value in wanted.items() if getattr(merchant, name) != value)
        if not changed:
            return merchant
        for name in changed:
            setattr(merchant, name, wanted[name])
        try:
            with transaction.atomic():
                merchant.save(update_fields=changed)
        except IntegrityError:
            raise Refusal(NAME_TAKEN, field="name") from None
        if "zone" in changed:
            open_calendars(merchant_id, by_id=actor.person_id, now=now)
        record(
            "edit_profile",
            actor_id=actor.person_id,
            subject_type="merchant",
            subject_id=merchant_id,
            merchant_id=merchant_id,
            facts={"fields": changed},
            now=now,
        )
    return merchant
