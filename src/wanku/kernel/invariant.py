"""What must hold at any moment, as a statement that finds what breaks it."""

from typing import NamedTuple


class Invariant(NamedTuple):
    """One that a single statement proves, so that it sees one moment even under load.

    Attributes:
        code: its name in the design, e.g. ``I5``.
        says: the invariant as a sentence, an English msgid.
        all_of: statement that counts what is looked at.
        wrong: statement that selects what breaks the invariant, a row for each. Both are constants, never input.
    """

    code: str
    says: str
    all_of: str
    wrong: str
