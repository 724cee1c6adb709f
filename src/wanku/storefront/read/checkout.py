"""What the checkout shows: lines by shop with their terms, every number with its reason, what stands in the way."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from wanku.access.actor import Actor
from wanku.audit.rules import current
from wanku.catalog.models import ReturnRule
from wanku.files.models import Picture
from wanku.files.queries import pictures_by_id
from wanku.kernel.money import Money
from wanku.kernel.refusal import Refusal
from wanku.kinds.kind import Fact
from wanku.kinds.notice_words import notice_words
from wanku.kinds.registry import KINDS
from wanku.kinds.shown import brief, described
from wanku.orders.models import Trade
from wanku.people.models import Address, Person
from wanku.pricing.load import load_quote
from wanku.pricing.quote import SHIP, MerchantPart, PricedLine, Quote, Wish
from wanku.storefront.read.frozen import freight_text
from wanku.storefront.read.price_rows import Row, coming_row, part_rows
from wanku.storefront.read.terms import Promise, Terms, promise, return_words
from wanku.ui.words import number_text, refusal_text


@dataclass(frozen=True, slots=True)
class CheckoutLine:
    """A line with what the buyer should know before ordering.

    Attributes:
        promise: when goods arrive; none for what is not shipped.
        facts: what was configured, in words.
        composition: what its price is made of, where it is more than one number.
        details: template of what is asked for it, if anything is.
    """

    line: PricedLine
    returns: Terms
    promise: Promise | None
    needs_tick: bool
    faults: tuple[str, ...]
    facts: Sequence[Fact] = ()
    composition: Sequence[Row] = ()
    details: str = ""

    @property
    def prefix(self) -> str:
        """How the names of its own questions begin."""
        return f"details.{self.line.index}."


@dataclass(frozen=True, slots=True)
class CheckoutPart:
    """One shop's order.

    Attributes:
        notice: what cancelling will cost, for what is not goods.
    """

    part: MerchantPart
    lines: tuple[CheckoutLine, ...]
    freight_reason: str
    notice: Sequence[str] = ()

    @property
    def asks_note(self) -> bool:
        """Whether there is room for a word to the shop; a kind with questions of its own has asked already."""
        return not any(line.details for line in self.lines)

    @property
    def merchant_key(self) -> str:
        """The merchant's id as text, for names of fields."""
        return str(self.part.merchant_id)


@dataclass(frozen=True, slots=True)
class CheckoutView:
    """A checkout as it is shown.

    Attributes:
        faults: what stands in the way and is not about one priced line.
    """

    quote: Quote
    parts: tuple[CheckoutPart, ...]
    rows: tuple[Row, ...]
    faults: tuple[str, ...]
    wishes: tuple[Wish, ...]

    @property
    def total(self) -> Money:
        """What will be paid."""
        return Money(self.quote.total, self.quote.currency)

    @property
    def needs_address(self) -> bool:
        """Whether anything is brought, or somebody comes."""
        return any(
            line.line.offer.kind not in KINDS or KINDS[line.line.offer.kind].wants_address(line.line.choice)
            for part in self.parts
            for line in part.lines
        )

    @property
    def ships(self) -> bool:
        """Whether there are goods in it."""
        return any(part.part.kind == SHIP for part in self.parts)

    @property
    def pay_seconds(self) -> int:
        """How long it waits for its payment."""
        clocks = [KINDS[p.part.kind].pay_clock if p.part.kind in KINDS else "pay_goods" for p in self.parts]
        return min((current()[clock] for clock in clocks), default=current()["pay_goods"])

    @property
    def orderable(self) -> bool:
        """Whether nothing stands in the way that the reader can see now."""
        return not self.quote.refusals

    @property
    def picture_ids(self) -> list[UUID | None]:
        """Pictures of all lines."""
        return [line.line.offer.picture_id for part in self.parts for line in part.lines]


def read_checkout(wishes: Sequence[Wish], *, address: Mapping[str, str], now: datetime) -> CheckoutView:
    """Price the wishes for an address, as far as it is known, and put every number into words."""
    quote = load_quote(wishes, address=address, now=now)
    by_line: dict[int, list[str]] = {}
    faults: list[str] = []
    priced = {line.index for part in quote.parts for line in part.lines}
    for refusal in quote.refusals:
        index = line_of(refusal)
        if index in priced:
            by_line.setdefault(index, []).append(refusal_text(refusal))
        else:
            faults.append(refusal_text(refusal))
    parts = tuple(_part(part, quote.currency, by_line, now) for part in quote.parts)
    return CheckoutView(quote, parts, tuple(_rows(parts, quote.currency)), tuple(dict.fromkeys(faults)), tuple(wishes))


def line_of(refusal: Refusal) -> int:
    """Index of the line that a refusal is about; −1 when it is about no line."""
    head, _dot, rest = (refusal.field or "").partition(".")
    index = rest.partition(".")[0]
    return int(index) if head == "lines" and index.isdigit() else -1


def _part(part: MerchantPart, currency: str, faults: Mapping[int, Sequence[str]], now: datetime) -> CheckoutPart:
    lines = tuple(
        CheckoutLine(
            line=line,
            returns=return_words(line.offer.returns),
            promise=promise(line.offer.ship_within_hours, line.offer.arrives_days, now) if line.pick is None else None,
            needs_tick=line.offer.returns.get("rule") == ReturnRule.EXCLUDABLE,
            faults=tuple(faults.get(line.index, ())),
            facts=described(line.offer.kind, line.choice),
            composition=_composition(line, currency),
            details=_details(line.offer.kind),
        )
        for line in part.lines
    )
    notice = notice_words(part.frozen.get("cancellation", ()))
    return CheckoutPart(part, lines, freight_text(part.freight_reason, currency, part.kind), notice)


def _what(part: MerchantPart) -> str:
    """Pieces of goods; of anything else what was configured."""
    if part.kind != SHIP:
        return brief(part.kind, part.lines[0].choice)
    pieces = sum(line.quantity for line in part.lines)
    return ngettext("%(n)s piece", "%(n)s pieces", pieces) % {"n": number_text(pieces)}


def _composition(line: PricedLine, currency: str) -> list[Row]:
    rows = part_rows(line.offer.kind, line.pick.parts if line.pick else (), currency)
    return rows if len(rows) > 1 else []


def _details(kind: str) -> str:
    asks = KINDS.get(kind)
    return asks.details_template if asks is not None and asks.details_model is not None else ""


def _rows(parts: Sequence[CheckoutPart], currency: str) -> list[Row]:
    """Rows of the price composition: goods and freight of each shop."""
    rows: list[Row] = []
    for shown in parts:
        part = shown.part
        rows.append({"label": part.merchant_name, "amount": Money(part.goods, currency), "note": _what(part)})
        if part.kind == SHIP:
            freight = Money(part.freight, currency)
            rows.append({"label": _("Freight"), "amount": freight, "note": shown.freight_reason})
        elif part.freight:
            rows.append(coming_row(part.freight, shown.freight_reason, currency))
    return rows


def pictures_of(view: CheckoutView) -> dict[UUID, Picture]:
    """Pictures by key, one query."""
    return pictures_by_id(view.picture_ids)


def address_book(actor: Actor) -> list[Address]:
    """A member's addresses, the usual one first."""
    return list(Address.objects.filter(person_id=actor.person_id)) if actor.person_id is not None else []


def person_of(actor: Actor) -> Person | None:
    """The member, if it is one."""
    return Person.objects.filter(pk=actor.person_id).first() if actor.person_id is not None else None


def placed_before(actor: Actor, key: str) -> Trade | None:
    """The trade that this browser already made with a request key."""
    if actor.is_member:
        scope = f"person:{actor.person_id}"
    elif actor.guest_key is not None:
        scope = f"guest:{actor.guest_key}"
    else:
        return None
    return Trade.objects.bought_by(actor).filter(request_scope=scope, request_key=key).first()
