"""The buyer corrects where the goods go, while they have not left."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from django.db import transaction

from wanku.access.actor import Actor
from wanku.audit.move import note as write_note
from wanku.catalog.models import Variant
from wanku.flows.buying._checkout import NOTE_MAX, TOO_LONG, tidy_address
from wanku.kernel.refusal import NOT_FOUND, Code, Refusal, gettext_noop, refuse_all
from wanku.kernel.text import clean
from wanku.kinds.registry import SHIP
from wanku.orders.models import Line, Order
from wanku.orders.states import PAID, PLACED
from wanku.pricing.freight import FREE, Template, freight_of
from wanku.pricing.load import templates_of

TOO_LATE = Code(
    "delivery_fixed",
    gettext_noop("The address can no longer be changed: the order is “%(state)s”. Please contact the merchant."),
    409,
)
FREIGHT_DIFFERS = Code(
    "freight_differs",
    gettext_noop("Shipping to %(province)s costs a different fee. Please cancel and order again for that address."),
    409,
)
PLACE_AGREED = Code(
    "place_agreed",
    gettext_noop("Where to come was agreed with the time and the fee. Please cancel this order and place a new one."),
    409,
)


def edit_delivery(
    order_id: UUID,
    *,
    address: Mapping[str, str] | None = None,
    note: str | None = None,
    actor: Actor,
    now: datetime,
) -> None:
    """Change the address or the note of an order before any of it was shipped. What stays None stays as it is.

    Another province is refused when the merchant's freight for it differs, since the price was agreed.

    Raises:
        Refusal: ``not_found`` for anyone but the buyer, ``delivery_fixed`` once shipping began, ``freight_differs`` or
            ``not_shipped_there`` on ``address.province``, ``place_agreed`` for what is not goods, and what
            is wrong with the texts.
    """
    refusals: list[Refusal] = []
    tidied = None
    if address is not None:
        tidied, refusals = tidy_address(address)
    if note is not None and len(note := clean(note)) > NOTE_MAX:
        refusals.append(Refusal(TOO_LONG, field="note", most=NOTE_MAX))
    refuse_all(refusals)
    with transaction.atomic():
        orders = Order.objects.bought_by(actor).select_related("merchant")
        order = orders.select_for_update(no_key=True, of=("self",)).filter(pk=order_id).first()
        if order is None:
            raise Refusal(NOT_FOUND)
        if order.state not in (PLACED, PAID):
            raise Refusal(TOO_LATE, state=order.state)
        changed = []
        if tidied is not None and tidied != order.address:
            if order.kind != SHIP:
                raise Refusal(PLACE_AGREED, field="address")
            _same_freight(order, tidied["province"])
            order.address = tidied
            changed.append("address")
        if note is not None and note != order.note:
            order.note = note
            changed.append("note")
        if changed:
            order.save(update_fields=changed)
            # Which fields, not what they say: moves hold no personal data.
            write_note(order, "edit_delivery", by=actor.as_buyer(), now=now, facts={"fields": changed})


def _same_freight(order: Order, province: str) -> None:
    """Compare today's freight for both provinces, so that a template changed since the purchase is nobody's fault."""
    before = order.address.get("province", "")
    if province == before:
        return
    template = templates_of([order.merchant_id]).get(order.merchant_id, FREE)
    units = _units(order, template)
    new, old = (
        freight_of(template, goods=order.goods, units=units, province=where, shop=order.merchant.name).amount
        for where in (province, before)
    )
    if new != old:
        raise Refusal(FREIGHT_DIFFERS, field="address.province", province=province)


def _units(order: Order, template: Template) -> int:
    lines = list(Line.objects.filter(order=order))
    if template.by != "weight":
        return sum(line.quantity for line in lines)
    grams = dict(Variant.objects.filter(pk__in=[line.variant_id for line in lines]).values_list("pk", "weight_g"))
    return sum(line.quantity * grams.get(line.variant_id, 0) for line in lines)
