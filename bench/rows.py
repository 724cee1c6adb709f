"""A row of the report, and how its two sides take turns."""

from collections.abc import Callable, Iterator
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
        facts: further figures of this row, by name.
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
    notes: list[str] = field(default_factory=list)
    skipped: str = ""

    @property
    def ratio(self) -> float | None:
        """Ours as a multiple of what is beside it."""
        return ratio(self.ours, self.beside) if self.beside else None


@dataclass(slots=True)
class Bench:
    """What every row works with.

    Attributes:
        seconds: length of one round.
        rounds: rounds of each side.
        keys: request keys of orders that were acknowledged; all of them must be stored in the end (I6).
    """

    place: Place
    shop: Shop
    seconds: float
    rounds: int
    quick: bool
    keys: list[str] = field(default_factory=list)
    seed: int = 0

    def fresh_seed(self) -> int:
        """Another one each time, the same in every run."""
        self.seed += 1
        return self.seed

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
