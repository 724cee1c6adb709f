"""A program stops using a licence on a device."""

from datetime import datetime

from django.db import transaction

from wanku.flows.licensing._find import find_licence
from wanku.kinds.issue import codes
from wanku.kinds.issue.models import Licence, Machine


def deactivate_licence(shop: str, code: str, machine: str, *, now: datetime) -> Licence:
    """Set a device free, so that another one can be activated. Where it is not active, nothing changes.

    Raises:
        Refusal: ``licence_unknown``.
    """
    with transaction.atomic():
        licence = find_licence(shop, code, lock=True)
        here = Machine.objects.filter(licence=licence, released_at=None, digest__in=codes.machine_digests(machine))
        here.update(released_at=now)
    return licence
