"""The rows that an accepted checkout becomes, with everything frozen that a reader may need later."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from wanku.audit.rules import current
from wanku.catalog.models import ReturnRule
from wanku.flows.buying import _sql
from wanku.flows.buying._checkout import Checkout
from wanku.kernel.ids import new_id, new_number
from wanku.kernel.states import BUYER
from wanku.orders.states import ORDER_MACHINE, TRADE_MACHINE
from wanku.pricing.quote import MerchantPart, PricedLine, Quote

Row = dict[str, Any]
FROZEN_CLOCKS = ("pay_goods", "receipt_goods", "receipt_extension", "review_window")


@dataclass(frozen=True, slots=True)
class Accepted:
    """The rows of one trade."""

    trade_id: UUID
    number: str
    trade: Row
    orders: list[Row]
    lines: list[Row]
    moves: list[Row]


def accept(checkout: Checkout, priced: Quote, *, now: datetime, due_at: datetime) -> Accepted:
    """Build the rows of one checkout."""
    trade_id, number = new_id(), new_number(now)
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
        "state": TRADE_MACHINE.initial,
        "due_at": due_at,
        "placed_at": now,
        "request_scope": checkout.scope,
        "request_key": checkout.key,
        "request_hash": checkout.fingerprint(),
    }
    orders = [_order(checkout, part, trade) for part in priced.parts]
    lines = [
        _line(line, order["id"], checkout)
        for order, part in zip(orders, priced.parts, strict=True)
        for line in part.lines
    ]
    moves = [_move("trade", trade_id, None, trade_id, actor.person_id, now)]
    moves += [_move("order", o["id"], o["merchant_id"], trade_id, actor.person_id, now) for o in orders]
    return Accepted(trade_id, number, trade, orders, lines, moves)


def write(accepted: Sequence[Accepted]) -> None:
    """Insert the rows of a batch: four statements."""
    _sql.insert("orders_trade", _sql.TRADE_COLUMNS, [a.trade for a in accepted])
    _sql.insert("orders_order", _sql.ORDER_COLUMNS, [o for a in accepted for o in a.orders])
    _sql.insert("orders_line", _sql.LINE_COLUMNS, [line for a in accepted for line in a.lines])
    _sql.insert("audit_move", _sql.MOVE_COLUMNS, [m for a in accepted for m in a.moves])


def _order(checkout: Checkout, part: MerchantPart, trade: Row) -> Row:
    return {
        "id": new_id(),
        "number": new_number(trade["placed_at"]),
        "trade_id": trade["id"],
        "merchant_id": part.merchant_id,
        "currency": trade["currency"],
        "goods": part.goods,
        "freight": part.freight,
        "amount": part.total,
        "commission": part.commission,
        "address": dict(checkout.address),
        "note": checkout.notes.get(part.merchant_id, ""),
        "terms": _terms(part),
        "state": ORDER_MACHINE.initial,
        "due_at": trade["due_at"],
        "placed_at": trade["placed_at"],
    }


def _terms(part: MerchantPart) -> Row:
    """The terms of sale that stay readable forever: composition, promise, clocks (requirement O9)."""
    rules = current()
    return {
        "version": 1,
        "merchant": part.merchant_name,
        "goods": part.goods,
        "freight": part.freight,
        "freight_reason": {"code": part.freight_reason.code, "facts": dict(part.freight_reason.facts)},
        "total": part.total,
        "ship_within_hours": max(line.offer.ship_within_hours for line in part.lines),
        "arrives_days": [
            max(line.offer.arrives_days[0] for line in part.lines),
            max(line.offer.arrives_days[1] for line in part.lines),
        ],
        "clocks": {name: rules[name] for name in FROZEN_CLOCKS},
    }


def _line(line: PricedLine, order_id: UUID, checkout: Checkout) -> Row:
    offer = line.offer
    returns = dict(offer.returns)
    if returns["rule"] == ReturnRule.EXCLUDABLE:
        # Without a tick of its own at the purchase, the merchant cannot refuse (Interim Measures, article 20).
        returns["agreed"] = offer.variant_id in checkout.agreed_no_return
    return {
        "id": new_id(),
        "order_id": order_id,
        "merchant_id": offer.merchant_id,
        "kind": offer.kind,
        "product_id": offer.product_id,
        "variant_id": offer.variant_id,
        "demand": {str(offer.supply_id): line.quantity},
        "title": offer.title,
        "label": offer.label,
        "sku": offer.sku,
        "picture_id": offer.picture_id,
        "unit_price": line.unit_price,
        "quantity": line.quantity,
        "amount": line.amount,
        "add_ons": [{"name": extra.name, "price": extra.price} for extra in line.add_ons],
        "returns": returns,
        "shipped": 0,
    }


def _move(
    kind: str, subject: UUID, merchant_id: int | None, trade_id: UUID, person_id: int | None, now: datetime
) -> Row:
    return {
        "subject_type": kind,
        "subject_id": str(subject),
        "merchant_id": merchant_id,
        "trade_id": trade_id,
        "from_state": "",
        "to_state": "placed",
        "event": "place",
        "actor": BUYER,
        "actor_id": person_id,
        "because": "",
        "facts": {},
        "at": now,
    }
