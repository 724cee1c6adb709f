"""A trade that was placed just now, from the rows that were written: the answer costs no reading."""

from itertools import groupby
from operator import itemgetter
from typing import Any

from wanku.api.read.buying import trade_by_id
from wanku.api.read.catalog import picture
from wanku.flows.buying.place_order import Placed, Written
from wanku.orders.states import PLACED

NOWHERE = dict.fromkeys(("name", "phone", "province", "city", "district", "line", "postcode"), "")
"""The address of what is brought nowhere."""
PRICED = ("unit_price", "quantity", "amount")
LATER = ("paid_at", "ship_by", "late_since", "fulfilled_at", "completed_at", "extended_at")
"""What has not happened to any order at this moment."""


def placed_trade(placed: Placed) -> dict[str, Any]:
    """What `wanku.api.read.buying.trade` says of it, as JSON is made of; a repeat is read as it is by now."""
    if placed.written is None:
        return trade_by_id(placed.trade_id).model_dump(mode="json")
    return written_trade(placed.written)


def written_trade(written: Written) -> dict[str, Any]:
    """The same from the rows alone."""
    row = written.trade
    lines = {order: list(those) for order, those in groupby(written.lines, itemgetter("order_id"))}
    orders = zip(written.orders, written.priced.parts, strict=True)
    shops = [(part.lines[0].offer.merchant_slug, part.merchant_name) for _, part in orders]
    return {
        **_stage(written),
        "number": row["number"],
        "amount": row["amount"],
        "paid_at": None,
        "orders": [
            _order(written, order, lines[order["id"]], shop) for order, shop in zip(written.orders, shops, strict=True)
        ],
        "contact": {"name": row["contact_name"], "phone": row["contact_phone"], "email": row["contact_email"]},
        "attempts": [],
    }


def _stage(written: Written) -> dict[str, Any]:
    """Where a trade and its orders alike stand."""
    row = written.trade
    return {
        "state": PLACED,
        "due_at": row["due_at"],
        "currency": row["currency"],
        "placed_at": written.placed_at,
    }


def _order(written: Written, row: dict[str, Any], lines: list[dict[str, Any]], shop: tuple[str, str]) -> dict[str, Any]:
    names = ("number", "kind", "starts_at", "ends_at", "goods", "freight", "amount", "note", "terms")
    return {
        **_stage(written),
        **{name: row[name] for name in names},
        **dict.fromkeys(LATER),
        "address": row["address"] or NOWHERE,
        "trade_number": written.number,
        "merchant": {"slug": shop[0], "name": shop[1]},
        "lines": [_line(line) for line in lines],
        "parcels": [],
        "booking": None,
        "refunds": [],
    }


def _line(row: dict[str, Any]) -> dict[str, Any]:
    names: tuple[str, ...] = (
        "id",
        "product_id",
        "variant_id",
        "title",
        "label",
        "sku",
        "unit_price",
        "quantity",
        "amount",
    )
    names += ("kind", "choice", "parts")
    return {
        **{name: row[name] for name in names},
        "picture": picture(row["picture_id"], row["title"]),
        "add_ons": row["add_ons"],
        "returns": row["returns"],
        "shipped": 0,
        "review_id": None,
    }
