"""The list of everybody on a departure, with their documents, for those who let them aboard."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from wanku.access.actor import Actor
from wanku.access.can import Permission
from wanku.flows.offering._departures import departure_at_desk, note_act
from wanku.fulfilment.models import Booking
from wanku.kinds.seat.models import Departure, Passage
from wanku.kinds.seat.travellers import Travellers, birth_of
from wanku.orders.models import Line
from wanku.orders.sealed import details_of


@dataclass(frozen=True, slots=True)
class Aboard:
    """One traveller.

    Attributes:
        standing: state of the booking, in `wanku.fulfilment.booking_states`.
        document: in `wanku.kinds.seat.travellers.DOCUMENTS`; empty where none was asked for.
    """

    order: str
    cabin: str
    name: str
    document: str
    number: str
    birth_date: date | None
    phone: str
    standing: str


def export_manifest(departure_id: int, *, actor: Actor, now: datetime) -> tuple[Departure, Sequence[Aboard]]:
    """Everybody with a paid seat, by cabin and order; that it was read, and by whom, is written down with it.

    Raises:
        Refusal: ``not_found``, ``sign_in``, ``not_allowed``.
    """
    row = departure_at_desk(departure_id, Permission.ORDERS_FULFIL, actor)
    with transaction.atomic():
        paid = Passage.objects.filter(departure=row, standing=Passage.PAID).values_list("pk", flat=True)
        lines = Line.objects.filter(pk__in=list(paid)).select_related("order__trade").order_by("label", "order__number")
        found = [line for line in lines if line.standing]
        orders = [line.order_id for line in found]
        states = dict(Booking.objects.filter(order_id__in=orders).values_list("order_id", "state"))
        people = [each for line in found for each in _aboard(line, states)]
        note_act("export_manifest", row, actor=actor, now=now, travellers=len(people))
    return row, people


def _aboard(line: Line, states: Mapping[UUID, str]) -> list[Aboard]:
    told = Travellers.model_validate(details_of(line))
    return [
        Aboard(
            order=line.order.number,
            cabin=line.label,
            name=each.name,
            document=each.document if each.number else "",
            number=each.number,
            birth_date=birth_of(each),
            phone=line.order.trade.contact_phone,
            standing=states.get(line.order_id, ""),
        )
        for each in told.travellers
    ]
