"""Which desks a person works at."""

from collections.abc import Mapping

from wanku.merchants.models import Staff


def seats_of(person_id: int) -> Mapping[int, str]:
    """``{merchant_id: role}``."""
    return dict(Staff.objects.filter(person_id=person_id).values_list("merchant_id", "role"))
