"""Roles at the platform."""

from collections.abc import Collection
from datetime import datetime

from wanku.access.models import PlatformSeat


def platform_roles_of(person_id: int) -> frozenset[str]:
    """The roles of a person at the platform."""
    return frozenset(PlatformSeat.objects.filter(person_id=person_id).values_list("role", flat=True))


def lock_roles() -> list[tuple[int, str]]:
    """Every platform seat as ``(person, role)``, locked in id order, so that two administrators deciding at once
    cannot take each other's last seat. There are few of them.
    """
    rows = PlatformSeat.objects.select_for_update(no_key=True).order_by("pk")
    return list(rows.values_list("person_id", "role"))


def set_platform_roles(person_id: int, roles: Collection[str], *, now: datetime) -> None:
    """Give a person exactly these roles; those kept stay dated as they are."""
    PlatformSeat.objects.filter(person_id=person_id).exclude(role__in=roles).delete()
    PlatformSeat.objects.bulk_create(
        [PlatformSeat(person_id=person_id, role=role, since=now) for role in sorted(roles)], ignore_conflicts=True
    )
