"""The kinds' part in placing orders: what their lines need, and telling them what was placed."""

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import ValidationError

from wanku.flows.buying._rows import Accepted
from wanku.kernel.refusal import Refusal, refuse_all
from wanku.kernel.secrets import seal
from wanku.kinds.kind import Booked
from wanku.kinds.pick import Pick, Way
from wanku.kinds.registry import KINDS, faults_of
from wanku.orders.sealed import PURPOSE
from wanku.pricing.quote import NO_CHOICE, Offer, Quote, Wish, within

Made = Mapping[int, Pick | Refusal]


def needs_address(wishes: Sequence[Wish], offers: Mapping[int, Offer], made: Made) -> bool:
    """Whether anything is to be brought, or somebody is to come; what is not known counts as goods."""
    return any(_needs(offers.get(wish.variant_id), made.get(index)) for index, wish in enumerate(wishes))


def _needs(offer: Offer | None, pick: Pick | Refusal | None) -> bool:
    if offer is None or offer.is_shipped or offer.kind not in KINDS:
        return True
    kind = KINDS[offer.kind]
    return kind.wants_address(pick.ways[0].choice) if isinstance(pick, Pick) else kind.needs_address


def seal_details(wishes: Sequence[Wish], priced: Quote, ways: Mapping[int, Way]) -> dict[int, str]:
    """The details of each line that has some, encrypted; by index.

    Raises:
        Refusal: they do not fit, with the field (``lines.0.details.travellers``).
    """
    sealed: dict[int, str] = {}
    refusals: list[Refusal] = []
    for line in (line for part in priced.parts for line in part.lines if line.pick is not None):
        kind, wish = KINDS[line.offer.kind], wishes[line.index]
        if kind.details_model is None:
            if wish.details:
                refusals.append(Refusal(NO_CHOICE, field=f"lines.{line.index}.details", title=line.offer.title))
            continue
        try:
            details = kind.details_model.model_validate_json(wish.details or "{}")
            kind.check_details(ways[line.index].choice, line.quantity, details)
            sealed[line.index] = seal(PURPOSE, json.dumps(details.model_dump(mode="json"), ensure_ascii=False))
        except ValidationError as error:
            refusals += [no for fault in faults_of(error, "details") for no in within(fault, f"lines.{line.index}")]
        except Refusal as no:
            refusals += within(no, f"lines.{line.index}")
    refuse_all(refusals)
    return sealed


def tell_placed(accepted: Iterable[Accepted], *, now: datetime) -> None:
    """Let the kinds write what is theirs, after the rows of the batch are stored."""
    lines: dict[str, list[Booked]] = {}
    for each in accepted:
        orders = {row["id"]: row for row in each.orders}
        for line in each.lines:
            if line["kind"] in KINDS:
                lines.setdefault(line["kind"], []).append(_booked(line, orders[line["order_id"]]))
    for kind, those in sorted(lines.items()):
        KINDS[kind].placed(those, now=now)


def _booked(line: Mapping[str, Any], order: Mapping[str, Any]) -> Booked:
    return Booked(
        line_id=UUID(line["id"]),
        order_id=UUID(line["order_id"]),
        merchant_id=line["merchant_id"],
        product_id=line["product_id"],
        variant_id=line["variant_id"],
        quantity=line["quantity"],
        choice=line["choice"],
        starts_at=order["starts_at"],
        ends_at=order["ends_at"],
    )
