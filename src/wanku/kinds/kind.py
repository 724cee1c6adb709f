"""The protocol of a kind: everything that the order engine, the pages and the desks need to know of it.

Goods that are shipped are the engine's own; every other kind of order is a folder with a `Kind`, and one line in
`wanku.kinds.registry`. How to add one: `docs/kinds.md`; why it is built so: `docs/decisions/0015-kinds.md`.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, ClassVar, Protocol
from uuid import UUID

from django.db.models import Exists
from django.utils.functional import Promise
from pydantic import BaseModel, ConfigDict

from wanku.inventory.queries import has_stock
from wanku.kernel.invariant import Invariant
from wanku.kinds.course import Course
from wanku.kinds.pick import Fee, Pick


class Choice(BaseModel):
    """What a buyer configures besides variant, quantity and add-ons: dates, a slot, travellers.

    Doors give it as JSON (API) or as texts of a form (``choice.from``), so fields must accept texts where a form sends
    them. Unknown names are refused.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)


class OnOffer(Protocol):
    """What a kind is told of the variant; `wanku.pricing.quote.Offer` is one."""

    @property
    def variant_id(self) -> int: ...
    @property
    def product_id(self) -> int: ...
    @property
    def merchant_id(self) -> int: ...
    @property
    def title(self) -> str: ...
    @property
    def price(self) -> int: ...
    @property
    def currency(self) -> str: ...
    @property
    def facts(self) -> Any: ...


@dataclass(frozen=True, slots=True)
class Chosen:
    """A line of an order that is being priced, for `Kind.fee`; ``amount`` in minor units."""

    offer: OnOffer
    pick: Pick
    choice: Mapping[str, Any]
    quantity: int
    amount: int


@dataclass(frozen=True, slots=True)
class Booked:
    """A line of an order that stands in the database, for what happens to it."""

    line_id: UUID
    order_id: UUID
    merchant_id: int
    product_id: int
    variant_id: int
    quantity: int
    choice: Mapping[str, Any]
    starts_at: datetime | None
    ends_at: datetime | None


@dataclass(frozen=True, slots=True)
class Fact:
    """One row for people: a label and what it says, in the reader's language."""

    label: str
    value: str


class Kind:
    """A kind of order. Those that differ override; what is here is right for most.

    Attributes:
        code: as in `wanku.catalog.models.Product.kind` and on lines; at most eight letters.
        label: as merchants and buyers call it.
        icon: name of a Lucide icon.
        needs_address: whether the checkout asks where to deliver or come to, at least for some choices.
        by_piece: whether it takes back single pieces of a line (codes); others hear when nothing of a line is left.
        by_sku: whether it takes from the variant's own counter (``sku:<id>``): only then the editor makes one, people
            put pieces in and hear when it runs low. Others open counters of their own.
        pay_clock: rule that says how long an unpaid order holds its supplies.
        terms_of_time: names of the frozen terms that belong to the time, and change when it is moved.
        course: how the promise is kept.
        choice_model: what the buyer configures.
        details_model: what the checkout asks besides, for personal data that must not lie in carts (names and
            documents of travellers, a word to the person who comes); stored encrypted.
        template: shown on the product page for choosing; gets ``shown`` from `show`. Its fields are named
            ``choice.<field>`` and ``choice.<field>.<n>.<field>`` for lists of things.
        details_template: shown in the checkout for each line; fields ``<prefix><field>`` and ``<prefix><field>.<n>.…``,
            gets ``prefix``, ``quantity``, ``choice``, and what was typed as ``typed``.
    """

    code: ClassVar[str]
    label: ClassVar[Promise | str]
    icon: ClassVar[str]
    choice_model: ClassVar[type[Choice]]
    course: ClassVar[Course]
    details_model: ClassVar[type[Choice] | None] = None
    needs_address: ClassVar[bool] = False
    by_piece: ClassVar[bool] = False
    by_sku: ClassVar[bool] = False
    pay_clock: ClassVar[str] = "pay_goods"
    terms_of_time: ClassVar[frozenset[str]] = frozenset({"zone"})

    @property
    def template(self) -> str:
        """Of the choosing on the product page, in this kind's folder."""
        return f"kinds/{self.code}/choose.html"

    @property
    def details_template(self) -> str:
        """Of what the checkout asks, in this kind's folder."""
        return f"kinds/{self.code}/details.html"

    # Pure: no database, no clock.
    def pick(
        self, offer: OnOffer, choice: Choice, quantity: int, *, add_ons: Collection[int] = (), now: datetime
    ) -> Pick:
        """What a wish costs and takes, from ``offer.facts``. Counters are not looked at here.

        Args:
            add_ons: those that were chosen, by id; for kinds whose add-ons change more than the price (they take
                time). What they cost, the engine adds.

        Raises:
            Refusal: it cannot be had as asked; ``field`` is relative to the line (``choice.from``, ``quantity``).
        """
        raise NotImplementedError

    def fee(self, lines: Sequence[Chosen], address: Mapping[str, str] | None) -> Fee:
        """What bringing it costs for one order. ``address`` is none while nobody knows it.

        Raises:
            Refusal: not served there.
        """
        return Fee(0)

    def wants_address(self, choice: Mapping[str, Any]) -> bool:
        """Whether a line with this choice needs an address (a meal at the table does not)."""
        return self.needs_address

    def check_details(self, choice: Mapping[str, Any], quantity: int, details: Choice) -> None:
        """Whether the details fit what was chosen (one traveller for each seat).

        Raises:
            Refusal: with ``field`` relative to the line, ``details.travellers``.
        """

    def mask(self, details: Mapping[str, Any]) -> list["Fact"]:
        """The details as the buyer and the merchant's list may show them; documents but for their last characters."""
        return []

    def promised_by(self, starts_at: datetime | None, ends_at: datetime | None, paid_at: datetime) -> datetime:
        """When the merchant must have recorded that the promise was kept; afterwards the order is late."""
        return (ends_at or starts_at or paid_at) + timedelta(hours=24)

    def describe(self, choice: Mapping[str, Any]) -> list[Fact]:
        """What was chosen, for carts, checkouts, order pages, letters; in the reader's language."""
        return []

    def asked(self, choice: Mapping[str, Any]) -> dict[str, Any]:
        """What of a frozen choice the buyer had asked for, so that the same can be asked for again."""
        return {name: value for name, value in choice.items() if name in self.choice_model.model_fields}

    def brief(self, choice: Mapping[str, Any]) -> str:
        """What was chosen in one short line, for lists."""
        return " · ".join(fact.value for fact in self.describe(choice))

    def explain(self, code: str, facts: Mapping[str, Any]) -> str:
        """A part of a price or a fee in the reader's language."""
        return code

    # Reading.
    def load(self, variants: Collection[int]) -> Mapping[int, Any]:
        """``facts`` by variant id: all that `pick` needs, in a fixed number of statements.

        Kept in memory until the shop's version changes, so every table that is read here must touch it by triggers
        (`wanku.catalog.versions`, migration 0005). Variants that are not set up are missing: they cannot be sold.
        """
        return {}

    def counted(self, variants: Collection[int]) -> Collection[int]:
        """Those of the variants whose own counter (``sku:<id>``) is the number of things that this kind keeps, so that
        nobody may type another number into a form of stock.
        """
        return ()

    def ahead(self, *, now: datetime) -> Exists:
        """A condition on products of this kind: some day something of it can still be had, as far as counters say.

        Part of the statement of a list, so it must be answered by indexes. Without more, some offered variant has
        pieces left.
        """
        return has_stock()

    def show(self, product_id: int, asked: Mapping[str, str], *, now: datetime) -> Mapping[str, Any]:
        """What the template of the product page needs: calendars, departures, free slots. ``asked`` is the query."""
        return {}

    def proofs(self) -> Sequence[Invariant]:
        """What must hold of this kind's own rows and its counters, besides what holds of all orders; checked from
        scratch with the books (`wanku.flows.proving.prove_books`), so asked of the rows and trusting no constraint.
        """
        return ()

    # In the transaction of whoever calls; the supplies are taken or set free already, and their rows are locked.
    def placed(self, lines: Sequence[Booked], *, now: datetime) -> None:
        """The lines were ordered, or an order that had expired was revived by late money."""

    def paid(self, lines: Sequence[Booked], *, now: datetime) -> None:
        """The lines were paid."""

    def freed(self, lines: Sequence[Booked], *, because: str, now: datetime) -> None:
        """The lines were cancelled, ran out of time or were paid back: nothing is owed any more."""

    def moved(self, line: Booked, *, now: datetime) -> None:
        """The line was rescheduled: ``choice`` and times are the new ones."""
