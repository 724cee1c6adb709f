"""What is on offer, in memory: the order engine prices thousands of checkouts a second and must not read each anew.

A copy is as good as its shop's version (`wanku.catalog.versions`). The engine asks for the versions inside its
transaction and takes what changed from the database, so a price is never older than the moment of ordering.
Counters (`Offer.free`) are not kept fresh here; the engine counts under lock.
"""

import threading
from collections import OrderedDict
from collections.abc import Collection, Iterable, Mapping
from typing import Final

from wanku.catalog.versions import versions_of_variants
from wanku.pricing.freight import Template
from wanku.pricing.load import load_offers, templates_of
from wanku.pricing.quote import Offer

OFFERS_MAX: Final = 20_000
"""Variants kept, about 1 kB each; the one that was unused longest is forgotten first."""


class Shelf:
    """Offers by variant and freight by shop, with the version of the shop that each was read at."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._offers: OrderedDict[int, tuple[int, Offer]] = OrderedDict()
        self._templates: dict[int, tuple[int, Template | None]] = {}

    def offers(self, variants: Iterable[int]) -> dict[int, Offer]:
        """Offers by variant id, as last read; those that are not kept are read. Unknown variants are missing."""
        wanted = set(variants)
        with self._lock:
            found = {v: self._offers[v][1] for v in wanted if v in self._offers}
            for variant in found:
                self._offers.move_to_end(variant)
        missing = wanted - found.keys()
        if missing:
            found |= self._read(missing)
        return found

    def templates(self, merchants: Collection[int]) -> dict[int, Template]:
        """Freight by merchant id; a merchant without a template ships for free and is missing."""
        with self._lock:
            kept = {m: self._templates[m][1] for m in merchants if m in self._templates}
        return {merchant: template for merchant, template in kept.items() if template is not None}

    def stale(self, offers: Mapping[int, Offer], versions: Mapping[int, int]) -> set[int]:
        """Which of the variants were read at another version than the shop has now."""
        with self._lock:
            return {
                variant
                for variant, offer in offers.items()
                if variant not in self._offers or self._offers[variant][0] != versions.get(offer.merchant_id, 0)
            }

    def refresh(self, variants: Collection[int]) -> dict[int, Offer]:
        """Read these anew."""
        return self._read(variants)

    def forget(self) -> None:
        """Drop everything, between tests."""
        with self._lock:
            self._offers.clear()
            self._templates.clear()

    def _read(self, variants: Collection[int]) -> dict[int, Offer]:
        # Versions first: what is read after them is at least as new, so a copy can seem too old but never too new.
        versions = versions_of_variants(variants)
        offers = load_offers(list(variants))
        with self._lock:
            merchants = {
                merchant
                for merchant in {offer.merchant_id for offer in offers.values()}
                if merchant not in self._templates or self._templates[merchant][0] != versions.get(merchant, 0)
            }
        templates = templates_of(merchants) if merchants else {}
        with self._lock:
            for variant, offer in offers.items():
                self._offers[variant] = versions.get(offer.merchant_id, 0), offer
                self._offers.move_to_end(variant)
            for merchant in merchants:
                self._templates[merchant] = versions.get(merchant, 0), templates.get(merchant)
            while len(self._offers) > OFFERS_MAX:
                self._offers.popitem(last=False)
        return offers
