"""A plan as the order engine keeps it in memory."""

from dataclasses import dataclass
from typing import Any, Final

PERPETUAL: Final = 0
"""In facts of prices, a term without an end."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What a variant grants; as `wanku.kinds.issue.models.LicencePlan`.

    Attributes:
        renewable: whether it can extend a licence that somebody has; codes of others cannot be extended by us.
    """

    variant_id: int
    edition: str
    term_days: int | None
    seats: int
    machines: int
    renewable: bool

    @property
    def supply_key(self) -> str:
        """The counter that it takes from, the variant's own."""
        return f"sku:{self.variant_id}"

    def as_facts(self) -> dict[str, Any]:
        """JSON, for the words of a price and the terms of sale."""
        return {
            "edition": self.edition,
            "days": self.term_days or PERPETUAL,
            "seats": self.seats,
            "machines": self.machines,
        }
