"""What only some products ask of an order: pieces left for this person, and a pass of the waiting room.

Where no product of a batch asks for either, nothing is read and nothing is written; where one does, the cost is that
of a few statements for the whole batch.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from wanku.flows.buying._checkout import Checkout
from wanku.kernel.refusal import refuse_all
from wanku.orders import personal
from wanku.pricing.quote import Offer, PricedLine, Quote, over_limit
from wanku.waiting_room import passes
from wanku.waiting_room.refusals import no_pass

Key = tuple[int, str]
"""Product and person."""


def people(checkout: Checkout) -> frozenset[str]:
    """Everything that the buyer of a tidied checkout is known by."""
    actor, contact = checkout.actor, checkout.contact
    return personal.keys(person_id=actor.person_id, guest_key=actor.guest_key, phone=contact.phone, email=contact.email)


class Gates:
    """The gates of one batch, decided in order of arrival against what was locked for all of it.

    Args:
        counts: pieces that each person has of limited products.
        admitted: passes by product and person.
    """

    def __init__(self, counts: Mapping[Key, int] | None = None, admitted: Mapping[Key, int] | None = None) -> None:
        self._counts = dict(counts or {})
        self._admitted = dict(admitted or {})
        self._raised: dict[Key, int] = {}
        self._used: dict[int, UUID] = {}

    @classmethod
    def lock(cls, checkouts: Sequence[Checkout], offers: Mapping[int, Offer]) -> "Gates":
        """Lock what the batch needs, inside its transaction and after its supplies."""
        limited: set[Key] = set()
        queued: set[Key] = set()
        if any(offer.limit_per_person is not None or offer.waiting_room for offer in offers.values()):
            for checkout in checkouts:
                for offer in _offers_of(checkout, offers):
                    if offer.limit_per_person is not None:
                        limited.update((offer.product_id, person) for person in people(checkout))
                    if offer.waiting_room:
                        queued.add((offer.product_id, checkout.scope))
        return cls(personal.lock(limited) if limited else None, passes.lock(queued) if queued else None)

    def check(self, checkout: Checkout, priced: Quote) -> None:
        """Whether the checkout may pass.

        Raises:
            Refusal: ``waiting_room`` without a pass, ``limit_per_person`` with what is left for this person.
        """
        refusals = []
        by_product: dict[int, int] = {}
        for line in _lines(priced):
            offer = line.offer
            if offer.waiting_room and (offer.product_id, checkout.scope) not in self._admitted:
                refusals.append(no_pass(offer, f"lines.{line.index}"))
            if offer.limit_per_person is not None:
                by_product[offer.product_id] = by_product.get(offer.product_id, 0) + line.quantity
                left = self._left(offer, offer.limit_per_person, checkout)
                if by_product[offer.product_id] > left:
                    refusals.append(over_limit(offer, left, f"lines.{line.index}.quantity"))
        refuse_all(refusals)

    def enter(self, checkout: Checkout, priced: Quote, trade_id: UUID) -> None:
        """The checkout is accepted: its pieces count from now on, and its pass is used up."""
        for line in _lines(priced):
            offer = line.offer
            if offer.limit_per_person is not None:
                for person in people(checkout):
                    key = (offer.product_id, person)
                    self._counts[key] = self._counts.get(key, 0) + line.quantity
                    self._raised[key] = self._raised.get(key, 0) + line.quantity
            if offer.waiting_room and (ticket := self._admitted.pop((offer.product_id, checkout.scope), None)):
                self._used[ticket] = trade_id

    def write(self, now: datetime) -> None:
        """Write down what was entered; the trades are stored already."""
        personal.raise_by(self._raised)
        if self._used:
            passes.use(self._used, now=now)

    def _left(self, offer: Offer, limit: int, checkout: Checkout) -> int:
        has = max(self._counts.get((offer.product_id, person), 0) for person in people(checkout))
        return max(0, limit - has)


def _offers_of(checkout: Checkout, offers: Mapping[int, Offer]) -> Iterable[Offer]:
    return (offers[wish.variant_id] for wish in checkout.wishes if wish.variant_id in offers)


def _lines(priced: Quote) -> Iterable[PricedLine]:
    return (line for part in priced.parts for line in part.lines)
