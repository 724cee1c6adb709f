"""What delivery costs and where it goes, pure."""

from collections.abc import Mapping, Sequence

from wanku.kernel.money import Money
from wanku.kernel.refusal import Refusal
from wanku.kinds.meal.facts import ZoneFact
from wanku.kinds.meal.refusals import BELOW, OUTSIDE
from wanku.kinds.pick import Fee

FIELD = "address.district"


def zone_for(zones: Sequence[ZoneFact], address: Mapping[str, str]) -> ZoneFact | None:
    """The zone of an address: one that names its district before one of the whole city."""
    near = [z for z in zones if z.city == address.get("city", "") and z.province == address.get("province", "")]
    named = next((zone for zone in near if address.get("district", "") in zone.districts), None)
    return named or next((zone for zone in near if not zone.districts), None)


def delivery_fee(zones: Sequence[ZoneFact], address: Mapping[str, str] | None, *, goods: int, currency: str) -> Fee:
    """The fee for bringing food of ``goods`` minor units; while nobody knows the city, the lowest.

    Raises:
        Refusal: ``outside``; ``below_minimum`` saying how much is missing.
    """
    if not zones:
        raise Refusal(OUTSIDE, field=FIELD)
    if not (address and address.get("province") and address.get("city")):
        low = min(zones, key=lambda zone: (zone.minimum, zone.fee))
        _check_minimum(low, goods, currency)
        least = min(zone.fee for zone in zones)
        return Fee(least, "zone_from", {"zones": len(zones)})
    zone = zone_for(zones, address)
    if zone is None:
        raise Refusal(OUTSIDE, field=FIELD)
    _check_minimum(zone, goods, currency)
    return Fee(zone.fee, "zone", {"zone": zone.name, "minutes": zone.minutes})


def _check_minimum(zone: ZoneFact, goods: int, currency: str) -> None:
    if goods < zone.minimum:
        minimum, missing = Money(zone.minimum, currency), Money(zone.minimum - goods, currency)
        raise Refusal(BELOW, field=FIELD, zone=zone.name, minimum=minimum, missing=missing)
