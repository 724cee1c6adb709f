"""Tables of states: what may follow what, who may do it, and what happens when nobody does."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

BUYER: Final = "buyer"
MERCHANT: Final = "merchant"
PLATFORM: Final = "platform"
CLOCK: Final = "clock"
GATEWAY: Final = "gateway"
SYSTEM: Final = "system"


@dataclass(frozen=True, slots=True)
class Rule:
    """One allowed transition: the state it leads to and who may cause it."""

    to: str
    by: frozenset[str]


@dataclass(frozen=True, slots=True)
class Waiting:
    """A state in which someone must act.

    Attributes:
        who: whose turn it is.
        clock: name of the duration in `wanku.kernel.deadlines` that runs.
        silence: event that the sweeper fires when the clock has run out.
    """

    who: str
    clock: str
    silence: str


@dataclass(frozen=True, slots=True)
class MayWait:
    """A state in which a clock runs for some rows and not for others: what the row is about says which, and how long.

    Attributes:
        who: whose turn it is.
        silences: the events of which one is fired when the row's clock has run out.
    """

    who: str
    silences: frozenset[str]


@dataclass(frozen=True, slots=True)
class Machine:
    """The states of one noun.

    Attributes:
        name: noun, as written in moves.
        initial: the state a new row has.
        rules: ``{(state, event): Rule}``.
        waiting: states in which someone must act, each with clock and outcome (invariant I11).
        may_wait: states whose clock and outcome are the row's own; none of them is in ``waiting``.
    """

    name: str
    initial: str
    rules: Mapping[tuple[str, str], Rule]
    waiting: Mapping[str, Waiting] = field(default_factory=dict)
    may_wait: Mapping[str, MayWait] = field(default_factory=dict)

    def states(self) -> list[str]:
        """Every state, in order of first mention."""
        seen = {self.initial: None}
        for (state, _), rule in self.rules.items():
            seen.setdefault(state)
            seen.setdefault(rule.to)
        return list(seen)

    def events(self) -> list[str]:
        """Every event, in order of first mention."""
        return list(dict.fromkeys(event for _, event in self.rules))

    def final(self) -> set[str]:
        """States that nothing leads out of."""
        return set(self.states()) - {state for state, _ in self.rules}

    def after(self, state: str, event: str) -> Rule | None:
        """What ``event`` does in ``state``, or None when it is not allowed there."""
        return self.rules.get((state, event))

    def takes(self, state: str, *, clock: bool) -> bool:
        """Whether a row may be in ``state`` with a clock, or without one."""
        return state in self.may_wait or (state in self.waiting) == clock


def rule(to: str, *by: str) -> Rule:
    """Shorthand for the tables."""
    return Rule(to, frozenset(by))
