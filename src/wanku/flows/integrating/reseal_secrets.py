"""Everything sealed at rest passes from former secrets of the installation to the current one."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Final

from django.db import transaction

from wanku.audit.record import record
from wanku.kinds.issue import reseal as licences
from wanku.payments import accounts
from wanku.people import mfa
from wanku.settlement import bank_accounts

SEALED: Final[Sequence[tuple[str, Callable[[], int]]]] = (
    ("channel_accounts", accounts.reseal_all),
    ("second_factors", mfa.reseal_all),
    ("bank_accounts", bank_accounts.reseal_all),
    ("licences", licences.reseal_all),
)
"""Whoever seals something adds a line: its name, and what seals all of it anew and says how many there were."""


def reseal_secrets(*, now: datetime) -> Mapping[str, int]:
    """Seal everything under the current ``WANKU_SECRET``, so that former ones can be forgotten. All of it or nothing.

    Returns:
        how many of each kind.

    Raises:
        Unsealable: something opens with no secret that is known here.
    """
    with transaction.atomic():
        counts = {name: reseal() for name, reseal in SEALED}
        record(
            "reseal_secrets",
            actor_id=None,
            subject_type="installation",
            subject_id="secrets",
            facts=counts,
            now=now,
        )
    return counts
