"""Placing orders: lock, decide, write, for a batch of checkouts in one transaction.

What it costs and why it is built so: `docs/decisions/0009-group-commit.md`.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final

from django.db import IntegrityError, transaction

from wanku.audit.rules import due
from wanku.flows.buying import _rows, _sql
from wanku.flows.buying._checkout import Checkout, tidy
from wanku.flows.buying._decide import Asked, Locked, Placed, again, decide, price, short_of, wanted
from wanku.flows.buying._gates import Gates
from wanku.flows.buying._kinds import Made, tell_placed
from wanku.inventory.gone import GONE
from wanku.kernel.refusal import Refusal, all_of
from wanku.pricing.load import picks_of
from wanku.pricing.quote import Offer, Quote
from wanku.pricing.shelf import Shelf
from wanku.pricing.ways import keys_of

__all__ = ["Placed", "place_orders"]

SHELF: Final = Shelf()
"""What this process knows of the catalogue; checked against the shops' versions in each transaction."""
AGAIN: Final = ("trade_request_once", "orders_trade_number_key", "orders_order_number_key")
"""Guards of the database that say "look again": a key that was written elsewhere since we looked and now has its
answer, or a random number that was drawn before (to be expected every second day at 100,000 orders a day)."""


def place_orders(batch: Sequence[Checkout], *, now: datetime) -> list[Placed | Refusal]:
    """Place checkouts in order of arrival; each is accepted or refused by itself.

    All effects are committed when this returns; a refusal means that its checkout changed nothing.
    """
    if not batch:
        return []
    offers = SHELF.offers([wish.variant_id for checkout in batch for wish in checkout.wishes])
    gone = GONE.among({offer.supply_id for offer in offers.values()})
    if gone and all(refusals := [wanted(checkout, offers, gone) for checkout in batch]):
        return _turn_away(batch, refusals)
    asked = [_asked(checkout) for checkout in batch]
    try:
        return _place(asked, offers, now)
    except IntegrityError as error:
        if getattr(getattr(error.__cause__, "diag", None), "constraint_name", "") not in AGAIN:
            raise
        return _place(asked, offers, now)


def _turn_away(batch: Sequence[Checkout], refusals: Sequence[Sequence[Refusal]]) -> list[Placed | Refusal]:
    """Refuse a crowd that wants what is sold out.

    One reading remains for all of it: whoever lost the answer to an accepted order must hear of that order.
    """
    pairs = [(checkout.scope, checkout.key) for checkout in batch]
    known = _sql.known_trades(pairs)
    return [
        again(_asked(checkout), known[pair]) if pair in known else all_of(mine)
        for checkout, pair, mine in zip(batch, pairs, refusals, strict=True)
    ]


def _asked(checkout: Checkout) -> Asked:
    found = tidy(checkout)
    tidied = found.checkout
    return Asked(tidied, found.faults, found.address_faults, tidied.fingerprint(), (tidied.scope, tidied.key))


def _place(asked: Sequence[Asked], offers: Mapping[int, Offer], now: datetime) -> list[Placed | Refusal]:
    made = _make(asked, offers, now)
    prices = price(asked, made, offers, SHELF.templates(_shops(offers)))
    with transaction.atomic():
        locked = _lock(asked, offers, made, prices, now)
        done = decide(asked, locked, now=now, due_at=due("pay_goods", now))
        if done.accepted:
            _rows.write(done.accepted, done.taken, now)
            if any(locked.made):
                tell_placed(done.accepted, now=now)
            locked.gates.write(now)
    left = {supply: pieces - done.taken.get(supply, 0) for supply, pieces in locked.free.items()}
    GONE.learn(left, short_of(asked, locked.offers, done.answers))
    return done.answers


def _lock(
    asked: Sequence[Asked],
    offers: Mapping[int, Offer],
    made: Sequence[Made],
    prices: Sequence[Quote | Refusal],
    now: datetime,
) -> Locked:
    """Look up the request keys, lock the counters, and take anew what changed in the catalogue.

    Which counters the kinds need is known from what is kept in memory. If that turns out to be old, they are asked
    again; a counter that only the new answer names is locked then, and the few who do so at once may have to be
    told apart by the database (a deadlock is tried again as any other fault of a batch is).
    """
    merchants = _shops(offers)
    known, (free, ids), versions = _sql.look([each.pair for each in asked], *_counters(offers, made), merchants)
    stale = SHELF.stale(offers, versions)
    fresh = {**offers, **SHELF.refresh(stale)} if stale else offers
    if stale:
        if any(made):
            made = _make(asked, fresh, now)
            more = _sql.lock_counters(*_counters({}, made))
            free, ids = {**free, **more.free}, {**ids, **more.ids}
        prices = price(asked, made, fresh, SHELF.templates(merchants))
    gates = Gates.lock([each.checkout for each in asked], fresh)
    return Locked(known, fresh, prices, free, ids, made, gates)


def _shops(offers: Mapping[int, Offer]) -> set[int]:
    return {offer.merchant_id for offer in offers.values()}


def _make(asked: Sequence[Asked], offers: Mapping[int, Offer], now: datetime) -> Sequence[Made]:
    """What the kinds make of each checkout; nothing where all is goods."""
    if all(offer.is_shipped for offer in offers.values()):
        return [{}] * len(asked)
    return [picks_of(each.checkout.wishes, offers, now=now) for each in asked]


def _counters(offers: Mapping[int, Offer], made: Sequence[Made]) -> tuple[set[int], set[str]]:
    """The counters of goods by id, and those of kinds by key."""
    supplies = {offer.supply_id for offer in offers.values()}
    return supplies, set().union(*(keys_of(each) for each in made)) if any(made) else set()
