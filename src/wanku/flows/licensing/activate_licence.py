"""A program starts to use a licence on a device."""

from datetime import datetime, timedelta

from django.db import transaction

from wanku.flows.licensing._find import check_standing, find_licence
from wanku.kernel.refusal import Refusal
from wanku.kernel.text import clean
from wanku.kinds.issue import codes
from wanku.kinds.issue.claims import claims_of
from wanku.kinds.issue.models import Licence, Machine
from wanku.kinds.issue.refusals import MACHINES_FULL
from wanku.kinds.issue.signing import Signer


def activate_licence(shop: str, code: str, machine: str, *, label: str = "", now: datetime) -> tuple[Licence, str]:
    """Activate a code on a device; the first time its term begins. On a device that is active already, nothing changes.

    Args:
        shop: slug of the shop that issued it.
        machine: what the program calls the device; only a keyed hash of it is kept.
        label: as its user calls it.

    Returns:
        the licence, and what we sign of it for this device.

    Raises:
        Refusal: ``licence_unknown``, ``licence_revoked``, ``licence_expired``, ``machines_full``.
    """
    with transaction.atomic():
        licence = find_licence(shop, code, lock=True)
        check_standing(licence, now)
        active = Machine.objects.filter(licence=licence, released_at=None)
        known = active.filter(digest__in=codes.machine_digests(machine)).first()
        if known is not None:
            known.seen_at = now
            known.save(update_fields=["seen_at"])
        else:
            if active.count() >= licence.machines:
                raise Refusal(MACHINES_FULL, most=licence.machines)
            _begin(licence, now)
            Machine.objects.create(
                licence=licence,
                digest=codes.machine_digests(machine)[0],
                label=clean(label)[:60],
                activated_at=now,
                seen_at=now,
            )
    return licence, Signer(licence.merchant_id, now=now).sign(claims_of(licence, now=now, machine=machine))


def _begin(licence: Licence, now: datetime) -> None:
    if licence.activated_at is not None:
        return
    licence.activated_at = now
    licence.expires_at = now + timedelta(days=licence.term_days) if licence.term_days else None
    licence.save(update_fields=["activated_at", "expires_at"])
