"""Roles at the platform."""

from wanku.access.models import PlatformSeat


def platform_roles_of(person_id: int) -> frozenset[str]:
    """The roles of a person at the platform."""
    return frozenset(PlatformSeat.objects.filter(person_id=person_id).values_list("role", flat=True))
