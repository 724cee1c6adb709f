"""How much goes back for what: a decision about numbers, to the last fen."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from wanku.kernel.money import Money, share
from wanku.kernel.refusal import BAD_VALUE, Code, Refusal, gettext_noop, refuse_all

NOTHING_TO_REFUND = Code("nothing_to_refund", gettext_noop("Everything of this order was paid back already."), 409)
NOTHING_ASKED = Code("nothing_to_refund_chosen", gettext_noop("Please choose what to pay back."), 422)
TOO_MUCH = Code("refund_too_much", gettext_noop("That is more than is left: at most %(most)s."), 422)
TOO_MANY_PIECES = Code(
    "refund_too_many_pieces", gettext_noop("Only %(left)s of “%(title)s” are not paid back yet."), 422
)
BAD_NUMBER = gettext_noop("Please give a whole number from 0 up.")


@dataclass(frozen=True, slots=True)
class Part:
    """A line of an order as refunds see it.

    Attributes:
        to_ship: pieces that have not left and were not called off.
        pieces: pieces that were not paid back yet.
        left: minor units that were paid for the line and are not paid back yet.
    """

    line_id: UUID
    title: str
    to_ship: int
    pieces: int
    left: int


@dataclass(frozen=True, slots=True)
class Refundable:
    """What of an order can still go back.

    Attributes:
        freight: minor units of freight that are not paid back yet.
        any_shipped: whether something has left, so that freight was earned.
        refunds: how many there were.
    """

    parts: Sequence[Part]
    freight: int
    currency: str
    any_shipped: bool
    refunds: int = 0

    @property
    def goods(self) -> int:
        """Minor units of goods."""
        return sum(part.left for part in self.parts)

    @property
    def total(self) -> int:
        """Minor units of everything."""
        return self.goods + self.freight


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to go back.

    Attributes:
        pieces: by line id; each takes what is left of its line with it.
        amount: a sum besides, minor units, spread over the goods that are left, then taken from the freight.
        freight: the freight that is left.
        everything: all that is left, whatever the others say.
        fee: what of everything is kept, minor units: first of the goods, then of the freight.
    """

    pieces: Mapping[UUID, int] = field(default_factory=dict)
    amount: int = 0
    freight: bool = False
    everything: bool = False
    fee: int = 0


@dataclass(frozen=True, slots=True)
class PlannedPart:
    """A line's part of a refund; the first fields are those of `wanku.payments.models.RefundLine`.

    Attributes:
        ends: whether no piece of the line is left with it.
    """

    line_id: UUID
    quantity: int
    called_off: int
    amount: int
    ends: bool = False


@dataclass(frozen=True, slots=True)
class Plan:
    """A refund to be.

    Attributes:
        whole: whether nothing of the order is left with it.
        stays: pieces that are still to be shipped after it.
    """

    parts: Sequence[PlannedPart]
    freight: int
    whole: bool
    stays: int

    @property
    def goods(self) -> int:
        """Minor units of goods."""
        return sum(part.amount for part in self.parts)

    @property
    def amount(self) -> int:
        """Minor units that go back."""
        return self.goods + self.freight


def plan_refund(left: Refundable, wanted: Wanted) -> Plan:
    """Share a wish over lines and freight.

    Pieces that have not left are called off first. When nothing of the order has left and nothing will, the freight
    goes back too, since it pays for nothing. The last piece of a line takes all that is left of it, so that the parts
    of all refunds sum to what was paid, whatever their order.

    Raises:
        Refusal: ``nothing_to_refund``; ``nothing_to_refund_chosen``; per line (``pieces.<line id>``) ``bad_value``
            and ``refund_too_many_pieces``; ``refund_too_much`` on ``amount``.
    """
    if not left.total:
        raise Refusal(NOTHING_TO_REFUND)
    pieces = {part.line_id: part.pieces for part in left.parts} if wanted.everything else _pieces(left, wanted)
    if wanted.everything:
        # What a fee left behind has no pieces any more.
        sums = {part.line_id: part.left for part in left.parts}
    else:
        sums = {part.line_id: _of_pieces(part, pieces.get(part.line_id, 0)) for part in left.parts}
    amount = 0 if wanted.everything else wanted.amount
    remaining = [part.left - sums[part.line_id] for part in left.parts]
    _check_amount(amount, Money(sum(remaining) + (0 if wanted.freight else left.freight), left.currency))
    on_goods = min(amount, sum(remaining))
    for part, more in zip(left.parts, share(on_goods, remaining) if on_goods else [], strict=False):
        sums[part.line_id] += more
    nothing_leaves = not left.any_shipped and all(part.to_ship <= pieces.get(part.line_id, 0) for part in left.parts)
    freight = left.freight if wanted.freight or wanted.everything or nothing_leaves else amount - on_goods
    if wanted.everything and wanted.fee:
        freight -= _keep(wanted.fee, sums)
    whole = sum(sums.values()) + freight == left.total
    if whole:
        pieces = {part.line_id: part.pieces for part in left.parts}
    if sum(sums.values()) + freight <= 0:
        raise Refusal(NOTHING_ASKED, field="pieces")
    parts = [
        PlannedPart(
            part.line_id,
            pieces.get(part.line_id, 0),
            min(part.to_ship, pieces.get(part.line_id, 0)),
            sums[part.line_id],
            ends=0 < part.pieces == pieces.get(part.line_id, 0),
        )
        for part in left.parts
        if pieces.get(part.line_id, 0) or sums[part.line_id]
    ]
    stays = sum(part.to_ship for part in left.parts) - sum(part.called_off for part in parts)
    return Plan(parts, freight, whole, stays)


def _keep(fee: int, sums: dict[UUID, int]) -> int:
    """Take a fee from what the lines would get back; what of it is left for the freight."""
    of_goods = min(fee, sum(sums.values()))
    if of_goods:
        for line_id, kept in zip(sums, share(of_goods, list(sums.values())), strict=True):
            sums[line_id] -= kept
    return fee - of_goods


def _pieces(left: Refundable, wanted: Wanted) -> dict[UUID, int]:
    """The wanted pieces, without zeros."""
    known = {part.line_id: part for part in left.parts}
    refusals = []
    for line_id, count in wanted.pieces.items():
        name, part = f"pieces.{line_id}", known.get(line_id)
        if part is None:
            refusals.append(Refusal(BAD_VALUE, field=name, problem=gettext_noop("This is not part of the order.")))
        elif count < 0:
            refusals.append(Refusal(BAD_VALUE, field=name, problem=BAD_NUMBER))
        elif count > part.pieces:
            refusals.append(Refusal(TOO_MANY_PIECES, field=name, left=part.pieces, title=part.title))
    refuse_all(refusals)
    return {line_id: count for line_id, count in wanted.pieces.items() if count}


def _of_pieces(part: Part, count: int) -> int:
    """What is left of a line, for so many of its pieces that are left; all of it for all of them."""
    return share(part.left, [count, part.pieces - count])[0] if count else 0


def _check_amount(amount: int, most: Money) -> None:
    if amount < 0:
        raise Refusal(BAD_VALUE, field="amount", problem=BAD_NUMBER)
    if amount > most.amount:
        raise Refusal(TOO_MUCH, field="amount", most=most)
