"""What a wish for something that is not shipped means: pure values between a kind and the order engine."""

from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from wanku.kernel.refusal import Refusal


@dataclass(frozen=True, slots=True)
class Part:
    """One number of a price composition: minor units per unit of the line, and why.

    Attributes:
        code: for `Kind.explain`, which says it in the reader's language.
        facts: JSON, for the words.
    """

    code: str
    amount: int
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Way:
    """One way to keep the promise.

    Attributes:
        demand: pieces by key of a supply (`wanku.inventory.models.Supply.key`), for the whole line with its quantity.
            A key without a row counts as nothing free; an empty demand is always to be had.
        choice: what was chosen, complete and as JSON, as it is frozen with the line if this way is taken (with the
            person that "anyone" became).
    """

    demand: Mapping[str, int]
    choice: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Otherwise:
    """What is said when no way is to be had, if this could be had instead.

    Attributes:
        demand: pieces by key of a supply; empty fits always, and is said only when not even one unit is left.
        refusal: with a field that is relative to the line.
    """

    demand: Mapping[str, int]
    refusal: Refusal


@dataclass(frozen=True, slots=True)
class Pick:
    """What a wish means: what it costs and what it takes.

    Attributes:
        unit_price: per unit of the line without add-ons, minor units; the sum of ``parts``.
        ways: in order of preference; the engine takes the first that is to be had. Never empty.
        starts_at, ends_at: when the promise is kept, given aware and kept in UTC: two aware times of one zone are
            compared without their ``fold``, so Python takes the two two-o'clocks of an autumn night for one. Empty for
            kinds without a time.
        together: lines of one merchant and kind with equal values make one order; ``None`` means an order of its own.
        otherwise: what is said when no way is to be had, the first that fits; their supplies are locked too, so few.
        terms: frozen with the order, JSON; ``cancellation`` is a table as `wanku.kinds.notice` reads it.
    """

    unit_price: int
    parts: tuple[Part, ...]
    ways: tuple[Way, ...]
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    together: Hashable = None
    otherwise: tuple[Otherwise, ...] = ()
    terms: Mapping[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Times in UTC.

        Raises:
            ValueError: a time without a zone.
        """
        object.__setattr__(self, "starts_at", _in_utc(self.starts_at))
        object.__setattr__(self, "ends_at", _in_utc(self.ends_at))


def _in_utc(at: datetime | None) -> datetime | None:
    if at is None:
        return None
    if at.utcoffset() is None:
        raise ValueError(at)
    return at.astimezone(UTC)


@dataclass(frozen=True, slots=True)
class Fee:
    """What bringing it or coming costs, per order; minor units. The code is for `Kind.explain`."""

    amount: int
    code: str = "no_fee"
    facts: Mapping[str, Any] = field(default_factory=dict)
