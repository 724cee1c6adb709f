"""Where the lines of a booking go when it is moved: what their kind makes of the new time, and the counters."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from wanku.flows.booking._hold import Held
from wanku.inventory import take
from wanku.inventory.models import Supply
from wanku.kernel.money import Money
from wanku.kernel.refusal import Code, Refusal, gettext_noop
from wanku.kinds.kind import Choice
from wanku.kinds.pick import Pick, Way
from wanku.kinds.registry import read_choice
from wanku.orders.demand import demand_of
from wanku.orders.models import Line
from wanku.pricing.load import load_offers
from wanku.pricing.quote import NOT_FREE, UNAVAILABLE, Offer
from wanku.pricing.ways import first_way

NOT_MOVABLE = Code("not_movable", gettext_noop("This order cannot be moved to another time."), 409)
SAME_TIME = Code("same_time", gettext_noop("This is the time that you have already."), 409)
PRICE_DIFFERS = Code(
    "price_differs",
    gettext_noop("What you chose costs %(new)s instead of %(old)s. Please cancel this order and place a new one."),
    409,
)


@dataclass(frozen=True, slots=True)
class Target:
    """Where a line goes: what its kind made of the new choice, and the counters that it may take."""

    pick: Pick
    supplies: Mapping[str, int]


def targets_of(held: Held, lines: Sequence[Line], choice: str, now: datetime) -> list[Target]:
    """What the kind makes of the new choice today for each line, at the price that was paid.

    Raises:
        Refusal: ``not_movable`` where the lines would be kept at several times; ``same_time``, ``price_differs``,
            ``unavailable``; those of the kind.
    """
    wished = read_choice(held.kind, choice)
    offers = load_offers([line.variant_id for line in lines])
    picks = [_pick(held, line, offers.get(line.variant_id), wished, now) for line in lines]
    if any((pick.starts_at, pick.ends_at) != (picks[0].starts_at, picks[0].ends_at) for pick in picks):
        # One order is kept at one time.
        raise Refusal(NOT_MOVABLE)
    if picks[0].starts_at == held.booking.starts_at and picks[0].ends_at == held.booking.ends_at:
        raise Refusal(SAME_TIME, field="choice")
    for line, pick in zip(lines, picks, strict=True):
        if pick.unit_price != line.price_of_choice:
            old, new = (Money(amount, held.order.currency) for amount in (line.price_of_choice, pick.unit_price))
            raise Refusal(PRICE_DIFFERS, field="choice", new=new, old=old)
    keys = {key for pick in picks for way in pick.ways for key in way.demand}
    supplies = dict(Supply.objects.filter(key__in=keys).values_list("key", "pk"))
    return [Target(pick, supplies) for pick in picks]


def _pick(held: Held, line: Line, offer: Offer | None, wished: Choice, now: datetime) -> Pick:
    if offer is None or not offer.sellable:
        raise Refusal(UNAVAILABLE, title=line.title)
    return held.kind.pick(offer, wished, line.quantity, add_ons=_add_ons(line, offer), now=now)


def _add_ons(line: Line, offer: Offer) -> tuple[int, ...]:
    """The extras of the line as they are offered today; what takes time must still be known."""
    known = {extra.name: extra.id for extra in offer.extras}
    names = [str(extra["name"]) for extra in line.add_ons]
    if any(name not in known for name in names):
        raise Refusal(UNAVAILABLE, title=line.title)
    return tuple(sorted(known[name] for name in names))


def swap(lines: Sequence[Line], targets: Sequence[Target]) -> list[Way]:
    """Take the first way that is to be had for each line once the old supplies of all are free, under the locks of all.

    Raises:
        Refusal: ``not_free``.
    """
    old, supplies = demand_of(lines), targets[0].supplies
    free = take.lock(dict.fromkeys({*old, *supplies.values()}, 0))
    taken: Counter[int] = Counter()

    def left(key: str) -> int:
        pk = supplies.get(key)
        return 0 if pk is None else free.get(pk, 0) + old.get(pk, 0) - taken[pk]

    ways = []
    for line, target in zip(lines, targets, strict=True):
        way = first_way(target.pick, left)
        if way is None:
            raise Refusal(NOT_FREE, field="choice", title=line.title)
        taken.update({supplies[key]: pieces for key, pieces in way.demand.items()})
        ways.append(way)
    take.free_sold(old)
    if not take.sell_free(taken):
        raise Refusal(NOT_FREE, field="choice", title=lines[0].title)
    return ways
