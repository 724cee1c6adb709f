"""One notice that a step makes."""

from collections.abc import Callable
from dataclasses import dataclass

from wanku.audit.models import Move

When = Callable[[Move], bool]


@dataclass(frozen=True, slots=True)
class Telling:
    """One notice that a step makes.

    Attributes:
        kind: wording in `wanku.notices.texts`.
        to: ``buyer``, ``merchant`` or ``platform``.
        email: whether an e-mail goes out as well; else the site is enough.
        when: for which of these steps; none means every one.
        guests_only: for readers who have no place on the site to look at.
        booked: only where all is sent (no), only where something is not (yes), or for both alike (none).
    """

    kind: str
    to: str
    email: bool = False
    when: When | None = None
    guests_only: bool = False
    booked: bool | None = None


def by(*kinds: str) -> When:
    """Only what one of these did."""
    return lambda move: move.actor in kinds
