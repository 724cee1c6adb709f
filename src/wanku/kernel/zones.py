"""Time zones by their names in the database of the IANA, such as ``Asia/Shanghai``."""

from functools import lru_cache
from zoneinfo import available_timezones


@lru_cache(1)
def zones() -> frozenset[str]:
    """Every name that this machine knows; read once, since the answer lies in hundreds of files."""
    return frozenset(available_timezones())


def zone_options(*chosen: str) -> list[tuple[str, str]]:
    """What people choose from, with the text for each: zones of places, without the bare offsets of ``Etc/``.

    Args:
        chosen: what is chosen now; listed too where it is another name, lest a form change it unseen.
    """
    places = {zone for zone in zones() if "/" in zone and not zone.startswith("Etc/")}
    return [(zone, zone.replace("_", " ")) for zone in sorted(places | zones().intersection(chosen))]
