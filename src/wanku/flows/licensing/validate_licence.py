"""A program asks whether its licence still holds on a device."""

from datetime import datetime

from wanku.flows.licensing._find import check_standing, find_licence
from wanku.kernel.refusal import Refusal
from wanku.kinds.issue import codes
from wanku.kinds.issue.claims import claims_of
from wanku.kinds.issue.models import Licence, Machine
from wanku.kinds.issue.refusals import NOT_ACTIVE_HERE
from wanku.kinds.issue.signing import Signer


def validate_licence(shop: str, code: str, machine: str, *, now: datetime) -> tuple[Licence, str]:
    """The licence, and what we sign of it, as long as it is active on this device.

    Raises:
        Refusal: ``licence_unknown``, ``licence_revoked``, ``licence_expired``, ``not_active_here``.
    """
    licence = find_licence(shop, code, lock=False)
    check_standing(licence, now)
    here = Machine.objects.filter(licence=licence, released_at=None, digest__in=codes.machine_digests(machine))
    if not here.update(seen_at=now):
        raise Refusal(NOT_ACTIVE_HERE)
    return licence, Signer(licence.merchant_id, now=now).sign(claims_of(licence, now=now, machine=machine))
