"""How many of those who wait may order now."""


def admissible(*, free: int, passes: int, waiting: int) -> int:
    """How many more may be admitted: one pass for each free piece, first come first served.

    A pass reserves nothing and may lapse, and a piece that is ordered closes its pass in the same transaction, so
    passes never outnumber what is left by more than what their holders take at once.
    """
    return max(0, min(free - passes, waiting))


def is_gone(*, free: int, held: int) -> bool:
    """Whether waiting is for nothing: no piece is free, and none is in an unpaid order that may come back."""
    return free <= 0 and held <= 0


NEAR, FAR = 100, 1_000
"""People ahead, for how often a place is told: twenty thousand who look every second would be the rush itself."""


def pace(ahead: int) -> int:
    """Seconds until it is worth looking again: whoever is far back is not let in within the next moment."""
    if ahead < NEAR:
        return 2
    return 5 if ahead < FAR else 15
