"""Which pieces go into a parcel: a decision about numbers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from wanku.kernel.refusal import BAD_VALUE, Code, Refusal, gettext_noop, refuse_all

TOO_MANY_PIECES = Code("too_many_pieces", gettext_noop("Only %(left)s of “%(title)s” are still to be shipped."), 409)
NOTHING_CHOSEN = Code("nothing_chosen", gettext_noop("Please choose at least one piece to ship."), 422)


@dataclass(frozen=True, slots=True)
class Left:
    """How many pieces of a line have not left yet."""

    line_id: UUID
    title: str
    left: int


def choose(lines: Sequence[Left], wanted: Mapping[UUID, int] | None) -> dict[UUID, int]:
    """Pieces by line for the next parcel.

    Args:
        wanted: pieces by line, zeros allowed; none means all that is left.

    Raises:
        Refusal: ``nothing_chosen``, or per line (``pieces.<line id>``) ``bad_value`` and ``too_many_pieces``.
    """
    if wanted is None:
        wanted = {line.line_id: line.left for line in lines}
    known = {line.line_id: line for line in lines}
    refusals = []
    for line_id, pieces in wanted.items():
        field = f"pieces.{line_id}"
        line = known.get(line_id)
        if line is None:
            refusals.append(Refusal(BAD_VALUE, field=field, problem=gettext_noop("This is not part of the order.")))
        elif pieces < 0:
            problem = gettext_noop("Please give a whole number from 0 up.")
            refusals.append(Refusal(BAD_VALUE, field=field, problem=problem))
        elif pieces > line.left:
            refusals.append(Refusal(TOO_MANY_PIECES, field=field, left=line.left, title=line.title))
    refuse_all(refusals)
    chosen = {line_id: pieces for line_id, pieces in wanted.items() if pieces}
    if not chosen:
        raise Refusal(NOTHING_CHOSEN, field="pieces")
    return chosen
