"""From moves to messages: reads what a batch of moves is about in a few queries, then words each by the table."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar
from uuid import UUID

from wanku.audit.models import Move
from wanku.flows.talking import _links
from wanku.flows.talking._recipients import PLATFORM, buyer_of, desks
from wanku.flows.talking._table import TABLE
from wanku.flows.talking._telling import Telling
from wanku.fulfilment.models import Booking, Parcel
from wanku.invoices.models import Invoice
from wanku.kernel.ids import spaced
from wanku.kernel.states import BUYER, MERCHANT
from wanku.kinds.registry import KINDS
from wanku.merchants.models import Merchant
from wanku.notices.tell import Message, Recipient
from wanku.orders.models import Line, Order, Trade
from wanku.payments.models import Refund
from wanku.people.models import Person
from wanku.settlement.models import Payout, Settlement

T = TypeVar("T")
KEPT_FACTS = ("carrier", "tracking", "pieces", "reminder", "count", "title", "goods", "because", "note", "reference")
"""Facts of a move that go into its notices as they are."""


@dataclass(slots=True)
class Subjects:
    """Everything that a batch of moves is about, by key as text."""

    trades: dict[str, Trade] = field(default_factory=dict)
    orders: dict[str, Order] = field(default_factory=dict)
    parcels: dict[str, Parcel] = field(default_factory=dict)
    bookings: dict[str, Booking] = field(default_factory=dict)
    titles: dict[UUID, list[str]] = field(default_factory=dict)
    refunds: dict[str, Refund] = field(default_factory=dict)
    invoices: dict[str, Invoice] = field(default_factory=dict)
    payments_out: dict[str, Payout | Settlement] = field(default_factory=dict)
    merchants: dict[str, Merchant] = field(default_factory=dict)
    buyers: dict[int, Person] = field(default_factory=dict)
    desks: Mapping[int, Recipient] = field(default_factory=dict)
    first_orders: dict[UUID, list[Order]] = field(default_factory=dict)


def read_subjects(moves: Iterable[Move]) -> Subjects:
    """A fixed number of queries for any number of moves."""
    ids: dict[str, set[str]] = {}
    for move in moves:
        if (move.subject_type, move.event) in TABLE:
            ids.setdefault(move.subject_type, set()).add(move.subject_id)
    found = Subjects()
    found.parcels = {str(parcel.pk): parcel for parcel in Parcel.objects.filter(pk__in=ids.get("parcel", ()))}
    for refund in Refund.objects.filter(pk__in=ids.get("refund", ())):
        found.refunds[str(refund.pk)] = refund
    for invoice in Invoice.objects.filter(pk__in=ids.get("invoice", ())).defer("lines"):
        found.invoices[str(invoice.pk)] = invoice
    found.bookings = {str(booking.pk): booking for booking in Booking.objects.filter(pk__in=ids.get("booking", ()))}
    wanted = {*ids.get("order", ()), *(str(parcel.order_id) for parcel in found.parcels.values())}
    wanted |= {str(invoice.order_id) for invoice in found.invoices.values()}
    wanted |= {str(booking.order_id) for booking in found.bookings.values()}
    for order in Order.objects.filter(pk__in=wanted).select_related("trade", "merchant"):
        found.orders[str(order.pk)] = order
        found.trades[str(order.trade_id)] = order.trade
    found.titles = _titles(found.orders.values())
    further = {*ids.get("trade", ()), *(str(refund.trade_id) for refund in found.refunds.values())}
    for trade in Trade.objects.filter(pk__in=further - set(found.trades)):
        found.trades[str(trade.pk)] = trade
    for order in Order.objects.filter(trade__in=further).select_related("merchant").order_by("pk"):
        found.first_orders.setdefault(order.trade_id, []).append(order)
    found.payments_out = _payments_out(ids)
    of_shops = {"freeze", "payout", "settlement"}
    concerned = {*ids.get("merchant", ()), *(move.merchant_id for move in moves if move.subject_type in of_shops)}
    for merchant in Merchant.objects.filter(pk__in=concerned):
        found.merchants[str(merchant.pk)] = merchant
    owners = {o.merchant_id: o.merchant for o in found.orders.values()} | {m.pk: m for m in found.merchants.values()}
    found.desks = desks(list(owners.values()))
    found.buyers = Person.objects.in_bulk({t.buyer_id for t in found.trades.values() if t.buyer_id is not None})
    return found


def _titles(orders: Iterable[Order]) -> dict[UUID, list[str]]:
    """What is in the orders of which nothing is sent."""
    titles: dict[UUID, list[str]] = {}
    booked = [order.pk for order in orders if order.kind in KINDS]
    for order_id, title in Line.objects.filter(order__in=booked).order_by("pk").values_list("order_id", "title"):
        titles.setdefault(order_id, []).append(title)
    return titles


def _payments_out(ids: Mapping[str, Collection[str]]) -> dict[str, Payout | Settlement]:
    found: dict[str, Payout | Settlement] = {}
    for payout in Payout.objects.filter(pk__in=ids.get("payout", ())).select_related("account"):
        found[str(payout.pk)] = payout
    for settlement in Settlement.objects.filter(pk__in=ids.get("settlement", ())):
        found[str(settlement.pk)] = settlement
    return found


def messages_of(move: Move, found: Subjects) -> Sequence[Message]:
    """What a move tells, and to whom.

    Raises:
        KeyError: what it is about does not exist.
    """
    tellings = [t for t in TABLE.get((move.subject_type, move.event), ()) if t.when is None or t.when(move)]
    if not tellings:
        return []
    about = _ABOUT[move.subject_type](move, found)
    messages = []
    for telling in tellings:
        if telling.booked not in (None, about.booked):
            continue
        to = about.reader(telling)
        if telling.guests_only and to.in_app:
            continue
        messages.append(
            Message(
                cause=f"move:{move.pk}",
                kind=telling.kind,
                to=to,
                facts=about.facts,
                link=about.link(telling),
                email=telling.email,
            )
        )
    return messages


@dataclass(frozen=True, slots=True)
class About:
    """One move's subject with those who may be told of it.

    Attributes:
        address: where the buyer wants to be written about this matter; empty for the contact of the trade.
        place: where its readers go, if that is one place for all.
        others: the further orders of a trade.
    """

    found: Subjects
    facts: dict[str, Any]
    trade: Trade | None = None
    order: Order | None = None
    merchant: Merchant | None = None
    address: str = ""
    place: str = ""
    others: Sequence[Order] = ()

    @property
    def booked(self) -> bool:
        """Whether something of it is not sent in parcels: what is said of a trade must be true of all its orders."""
        orders = [*([self.order] if self.order else []), *self.others]
        return any(order.kind in KINDS for order in orders)

    def reader(self, telling: Telling) -> Recipient:
        """Who is told."""
        if telling.to == BUYER:
            trade = _given(self.trade)
            reader = buyer_of(trade, self.found.buyers[trade.buyer_id] if trade.buyer_id is not None else None)
            return replace(reader, address=self.address) if self.address else reader
        return self.found.desks[_given(self.merchant).pk] if telling.to == MERCHANT else PLATFORM

    def link(self, telling: Telling) -> str:
        """Where the reader goes from here."""
        if self.place:
            return self.place
        if telling.kind.startswith("refund_stuck"):
            return _links.platform_refunds()
        if telling.kind.startswith("invoice_"):
            return self._invoices(telling.to)
        if telling.kind.startswith(("payout_", "money_", "freeze_")):
            return self._money(telling)
        if telling.to == BUYER:
            if telling.kind == "trade_placed" or self.order is None:
                return _links.pay_page(_given(self.trade))
            return _links.order_page(self.order)
        if telling.to == MERCHANT:
            if telling.kind.startswith("review_"):
                return _links.desk_reviews(_given(self.merchant))
            return _links.desk_order(self.order) if self.order else _links.desk(_given(self.merchant))
        return _links.platform_trade(self.trade) if self.trade else _links.platform_merchant(_given(self.merchant))

    def _money(self, telling: Telling) -> str:
        if telling.kind.startswith("payout_"):
            at_desk = telling.to == MERCHANT
            return _links.desk_settlements(_given(self.merchant)) if at_desk else _links.platform_payouts()
        if telling.kind.startswith("freeze_"):
            return _links.platform_statement(_given(self.merchant))
        return _links.desk_money(_given(self.merchant))

    def _invoices(self, to: str) -> str:
        if to == BUYER:
            return _links.order_invoices(_given(self.order))
        return _links.desk_invoices(_given(self.merchant)) if to == MERCHANT else _links.platform_invoices()


def _given(value: T | None) -> T:
    if value is None:
        raise KeyError("the step is not about this")
    return value


def _money(amount: int, currency: str) -> dict[str, Any]:
    return {"money": [amount, currency]}


def _kept(move: Move) -> dict[str, Any]:
    facts: dict[str, Any] = {name: move.facts[name] for name in KEPT_FACTS if name in move.facts}
    if "until" in move.facts:
        facts["until"] = {"at": move.facts["until"]}
    return facts


def _about_order(move: Move, found: Subjects) -> About:
    order = found.orders[move.subject_id]
    about = _order(order, found, _kept(move))
    if "amount" in move.facts:
        about.facts["amount"] = _money(int(move.facts["amount"]), order.currency)
    return about


def _about_parcel(move: Move, found: Subjects) -> About:
    parcel = found.parcels[move.subject_id]
    facts = {"carrier": parcel.carrier, "tracking": parcel.tracking}
    return _order(found.orders[str(parcel.order_id)], found, facts)


def _order(order: Order, found: Subjects, facts: dict[str, Any]) -> About:
    facts |= {
        "order": spaced(order.number),
        "trade": spaced(order.trade.number),
        "shop": order.merchant.name,
        "amount": _money(order.amount, order.currency),
    }
    if order.ship_by is not None:
        facts["ship_by"] = {"at": order.ship_by.isoformat()}
    if order.kind in KINDS:
        facts["booked"] = _booked(order, found)
    return About(found, facts, order.trade, order, order.merchant)


def _booked(order: Order, found: Subjects) -> dict[str, Any]:
    """What it is and when, for whoever writes it in the reader's language and the place's own time."""
    said: dict[str, Any] = {"titles": found.titles.get(order.pk, [])}
    if order.starts_at is not None:
        said |= {"from": order.starts_at.isoformat(), "to": (order.ends_at or order.starts_at).isoformat()}
        said["zone"] = order.terms.get("zone") or order.merchant.zone
    return said


def _about_booking(move: Move, found: Subjects) -> About:
    booking = found.bookings[move.subject_id]
    about = _order(found.orders[str(booking.order_id)], found, _kept(move))
    about.facts.setdefault("note", "—")
    about.facts["fee"] = _money(int(move.facts.get("fee", 0)), _given(about.order).currency)
    if booking.due_at is not None:
        about.facts["due"] = {"at": booking.due_at.isoformat()}
    return about


def _about_invoice(move: Move, found: Subjects) -> About:
    invoice = found.invoices[move.subject_id]
    about = _order(found.orders[str(invoice.order_id)], found, _kept(move))
    about.facts["invoice"] = spaced(invoice.number)
    about.facts["amount"] = _money(invoice.amount, invoice.currency)
    about.facts["issue_by"] = {"at": invoice.issue_by.isoformat()}
    about.facts["failure"] = invoice.failure
    return replace(about, address=invoice.email)


def _about_trade(move: Move, found: Subjects) -> About:
    return _trade(found.trades[move.subject_id], found, move)


def _about_refund(move: Move, found: Subjects) -> About:
    refund = found.refunds[move.subject_id]
    about = _trade(found.trades[str(refund.trade_id)], found, move)
    about.facts["amount"] = _money(refund.amount, refund.currency)
    return about


def _trade(trade: Trade, found: Subjects, move: Move) -> About:
    orders = found.first_orders[trade.pk]
    facts = _kept(move) | {
        "trade": spaced(trade.number),
        "amount": _money(trade.amount, trade.currency),
        "shop": ", ".join(order.merchant.name for order in orders),
    }
    if trade.due_at is not None:
        facts["due"] = {"at": trade.due_at.isoformat()}
    return About(found, facts, trade, orders[0], others=orders[1:])


def _about_bill(move: Move, found: Subjects) -> About:
    facts = {name: move.facts[name] for name in ("gateway", "day", "cases") if name in move.facts}
    return About(found, facts, place=_links.platform_bill(move.subject_id))


def _about_case(move: Move, found: Subjects) -> About:
    facts = {name: move.facts[name] for name in ("number", "gateway", "day") if name in move.facts}
    facts["amount"] = _money(*move.facts["difference"])
    return About(found, facts, place=_links.platform_case(move.subject_id))


def _about_merchant(move: Move, found: Subjects) -> About:
    merchant = found.merchants[move.subject_id]
    because = move.facts.get("because") or merchant.decided_because
    return About(found, {"shop": merchant.name, "because": because}, merchant=merchant)


def _about_freeze(move: Move, found: Subjects) -> About:
    merchant = found.merchants[str(move.merchant_id)]
    facts = _kept(move) | {
        "shop": merchant.name,
        "amount": _money(move.facts["amount"], move.facts["currency"]),
    }
    return About(found, facts, merchant=merchant)


def _about_transfer(move: Move, found: Subjects) -> About:
    facts = {
        "amount": _money(move.facts["amount"], move.facts["currency"]),
        "reference": move.facts["reference"],
    }
    return About(found, facts, place=_links.platform_transfers())


def _about_payout(move: Move, found: Subjects) -> About:
    thing, merchant = found.payments_out[move.subject_id], found.merchants[str(move.merchant_id)]
    facts = {
        "shop": merchant.name,
        "number": spaced(thing.number),
        "amount": _money(thing.total.amount, thing.currency),
        "tail": thing.account.tail if isinstance(thing, Payout) else "",
    }
    return About(found, facts, merchant=merchant)


_ABOUT = {
    "order": _about_order,
    "parcel": _about_parcel,
    "booking": _about_booking,
    "trade": _about_trade,
    "refund": _about_refund,
    "bill": _about_bill,
    "finance_case": _about_case,
    "invoice": _about_invoice,
    "bank_transfer": _about_transfer,
    "merchant": _about_merchant,
    "freeze": _about_freeze,
    "payout": _about_payout,
    "settlement": _about_payout,
}
