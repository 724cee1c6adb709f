"""A row of the report, and how its two sides take turns."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import psycopg

from bench.numbers import Round, median, percentile, ratio, turns
from bench.place import Place
from bench.shop import Shop


@dataclass(slots=True)
class Row:
    """One line of the report.

    Attributes:
        ours, beside: rates in ``unit``, medians over the rounds.
        reach: the least ratio that is wanted.
        facts: further figures of this row, by name.
        claims: what else is wanted, and whether it is so.
    """

    name: str
    unit: str
    ours: float
    beside: float | None = None
    beside_name: str = ""
    p50_ms: float | None = None
    p99_ms: float | None = None
    beside_p50_ms: float | None = None
    beside_p99_ms: float | None = None
    accepted: int = 0
    refused: int = 0
    client_cpu: float = 0.0
    reach: float | None = None
    facts: dict[str, Any] = field(default_factory=dict)
    claims: dict[str, bool] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    skipped: str = ""

    @property
    def ratio(self) -> float | None:
        """Ours as a multiple of what is beside it."""
        return ratio(self.ours, self.beside) if self.beside else None

    def wanted(self) -> dict[str, bool]:
        """Everything that is wanted of this row, and whether it is so."""
        if self.reach is None or self.ratio is None:
            return self.claims
        return {f"at least {self.reach:g} x": self.ratio >= self.reach, **self.claims}

    def line(self) -> str:
        """The row in one line of text."""
        if self.skipped:
            return f"{self.name:26} left out: {self.skipped}"
        parts = [f"{self.name:26} {self.ours:10,.1f} {self.unit}"]
        if self.ratio is not None:
            parts.append(f"{self.ratio:.2f} x {self.beside_name} ({self.beside:,.1f})")
        if self.p50_ms is not None:
            parts.append(f"p50 {self.p50_ms:.1f} p99 {self.p99_ms:.1f} ms")
        parts += [f"refused {self.refused}"] if self.refused else []
        return " · ".join(parts + ([str(self.facts)] if self.facts else []))


@dataclass(slots=True)
class Bench:
    """What every row works with.

    Attributes:
        seconds: length of one round.
        rounds: rounds of each side.
        sizes: how many past orders the rows of growth have, ascending.
        others: further installations on the server.
        keys: request keys of orders that were acknowledged, by database; all of them must be stored in the end (I6).
    """

    place: Place
    shop: Shop
    seconds: float
    rounds: int
    quick: bool
    sizes: tuple[int, ...] = (1_000,)
    others: list[Place] = field(default_factory=list)
    keys: dict[str, list[str]] = field(default_factory=dict)
    seed: int = 0

    def fresh_seed(self) -> int:
        """Another one each time, the same in every run."""
        self.seed += 1
        return self.seed

    def acknowledge(self, place: Place, keys: Sequence[str]) -> None:
        """Remember orders that were answered with success."""
        self.keys.setdefault(place.database, []).extend(keys)

    def checkpoint(self) -> None:
        """Write everything to disk now, so that no round pays for the one before."""
        with psycopg.connect(self.place.cluster.keeper_url, autocommit=True) as keeper:
            keeper.execute("CHECKPOINT")


def measure(bench: Bench, row: Row, ours: Callable[[], Round], beside: Callable[[], Round]) -> Row:
    """Let both sides take turns and write their medians into the row."""
    sides: dict[str, list[Round]] = {"ours": [], "beside": []}
    for turn in turns(bench.rounds):
        bench.checkpoint()
        done = ours() if turn == "ours" else beside()
        sides[turn].append(done)
        print(f"  {row.name:28} {turn:6} {done.rate:9.1f} {row.unit}", flush=True)
    own, other = sides["ours"], sides["beside"]
    row.ours, row.beside = median([r.rate for r in own]), median([r.rate for r in other])
    row.p50_ms, row.p99_ms = times(own)
    row.beside_p50_ms, row.beside_p99_ms = times(other)
    row.accepted, row.refused = sum(r.accepted for r in own), sum(r.refused for r in own)
    row.client_cpu = median([r.cpu for r in own])
    return row


def times(rounds: list[Round]) -> tuple[float, float]:
    """Median and 99th percentile over all rounds, milliseconds."""
    took = [t for r in rounds for t in r.took]
    return percentile(took, 0.5) * 1000, percentile(took, 0.99) * 1000


Measure = Callable[[Bench], Iterator[Row]]
"""Measures one or several rows."""
