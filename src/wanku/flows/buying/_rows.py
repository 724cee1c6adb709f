"""The rows that an accepted checkout becomes, with everything frozen that a reader may need later."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

from wanku.audit.rules import current
from wanku.catalog.models import ReturnRule
from wanku.flows.buying import _sql
from wanku.flows.buying._checkout import Checkout
from wanku.kernel.ids import new_id_text, new_number
from wanku.kinds.pick import Way
from wanku.kinds.registry import KINDS
from wanku.pricing.quote import MerchantPart, PricedLine, Quote

Row = dict[str, Any]
FROZEN_CLOCKS = ("pay_goods", "receipt_goods", "receipt_extension", "review_window")


@dataclass(frozen=True, slots=True)
class Taken:
    """What the lines of one checkout take.

    Attributes:
        demand: pieces by counter.
        ways: of lines of kinds, by index.
        ids: counters by key.
        sealed: encrypted details, by index.
    """

    demand: Mapping[int, int]
    ways: Mapping[int, Way] = field(default_factory=dict)
    ids: Mapping[str, int] = field(default_factory=dict)
    sealed: Mapping[int, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Accepted:
    """The rows of one trade, and the quote that they freeze."""

    trade_id: str
    number: str
    priced: Quote
    placed_at: datetime
    trade: Row
    orders: list[Row]
    lines: list[Row]


def accept(
    checkout: Checkout, fingerprint: bytes, priced: Quote, taken: Taken, *, now: datetime, due_at: datetime
) -> Accepted:
    """Build the rows of one checkout."""
    trade_id, number = new_id_text(), new_number(now)
    actor, contact = checkout.actor, checkout.contact
    trade: Row = {
        "id": trade_id,
        "number": number,
        "buyer_id": actor.person_id,
        "guest_key": None if actor.is_member else actor.guest_key,
        "contact_name": contact.name,
        "contact_phone": contact.phone,
        "contact_email": contact.email,
        "language": checkout.language,
        "currency": priced.currency,
        "amount": priced.total,
        "due_at": due_at,
        "request_scope": checkout.scope,
        "request_key": checkout.key,
        "request_hash": fingerprint,
    }
    orders = [_order(checkout, part, trade, now) for part in priced.parts]
    lines = [
        _line(line, order["id"], checkout, taken)
        for order, part in zip(orders, priced.parts, strict=True)
        for line in part.lines
    ]
    return Accepted(trade_id, number, priced, now, trade, orders, lines)


def write(accepted: Sequence[Accepted], taken: Mapping[int, int], now: datetime) -> None:
    """Take the pieces and insert the rows of a batch: one statement."""
    _sql.write(
        taken,
        [a.trade for a in accepted],
        [order for a in accepted for order in a.orders],
        [line for a in accepted for line in a.lines],
        now,
    )


def _order(checkout: Checkout, part: MerchantPart, trade: Row, now: datetime) -> Row:
    return {
        "id": new_id_text(),
        "number": new_number(now),
        "trade_id": trade["id"],
        "merchant_id": part.merchant_id,
        "kind": part.kind,
        "starts_at": part.starts_at,
        "ends_at": part.ends_at,
        "currency": trade["currency"],
        "goods": part.goods,
        "freight": part.freight,
        "amount": part.total,
        "commission": part.commission,
        "address": checkout.address if _is_brought(part) else {},
        "note": checkout.notes.get(part.merchant_id, ""),
        "terms": _terms(part),
        "due_at": trade["due_at"],
    }


def _terms(part: MerchantPart) -> Row:
    """The terms of sale that stay readable forever: composition, promise, clocks (requirement O9)."""
    rules = current()
    kind = KINDS.get(part.kind)
    clocks = FROZEN_CLOCKS if kind is None else (*FROZEN_CLOCKS, *(s.clock for s in kind.course.silence.values()))
    return {
        **part.frozen,
        "version": 1,
        "merchant": part.merchant_name,
        "goods": part.goods,
        "freight": part.freight,
        "freight_reason": {"code": part.freight_reason.code, "facts": dict(part.freight_reason.facts)},
        "total": part.total,
        **(_promise(part) if kind is None else {}),
        "clocks": {name: rules[name] for name in clocks},
    }


def _is_brought(part: MerchantPart) -> bool:
    kind = KINDS.get(part.kind)
    return kind is None or any(kind.wants_address(line.choice) for line in part.lines)


def _promise(part: MerchantPart) -> Row:
    """When goods leave and arrive."""
    return {
        "ship_within_hours": max(line.offer.ship_within_hours for line in part.lines),
        "arrives_days": [
            max(line.offer.arrives_days[0] for line in part.lines),
            max(line.offer.arrives_days[1] for line in part.lines),
        ],
    }


def _line(line: PricedLine, order_id: str, checkout: Checkout, taken: Taken) -> Row:
    offer, way = line.offer, taken.ways.get(line.index)
    demand = {offer.supply_id: line.quantity} if way is None else {taken.ids[k]: n for k, n in way.demand.items()}
    returns = dict(offer.returns)
    if returns["rule"] == ReturnRule.EXCLUDABLE:
        # Without a tick of its own at the purchase, the merchant cannot refuse (Interim Measures, article 20).
        returns["agreed"] = offer.variant_id in checkout.agreed_no_return
    return {
        "id": new_id_text(),
        "order_id": order_id,
        "merchant_id": offer.merchant_id,
        "kind": offer.kind,
        "product_id": offer.product_id,
        "variant_id": offer.variant_id,
        "choice": dict(way.choice) if way else {},
        "parts": [asdict(part) for part in line.pick.parts] if line.pick else [],
        "sealed": taken.sealed.get(line.index, ""),
        "demand": {str(supply): pieces for supply, pieces in demand.items()},
        "limit_per_person": offer.limit_per_person,
        "title": offer.title,
        "label": offer.label,
        "sku": offer.sku,
        "picture_id": offer.picture_id,
        "unit_price": line.unit_price,
        "quantity": line.quantity,
        "amount": line.amount,
        "add_ons": [{"name": extra.name, "price": extra.price} for extra in line.add_ons],
        "returns": returns,
    }
