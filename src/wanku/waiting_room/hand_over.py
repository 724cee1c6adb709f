"""A guest's places in line become the member's."""

from datetime import datetime
from uuid import UUID

from wanku.access.actor import Actor
from wanku.audit.move import Step, move_all
from wanku.waiting_room.models import Ticket
from wanku.waiting_room.person import person_key
from wanku.waiting_room.states import ADMITTED, OPEN


def hand_over(guest_key: UUID, actor: Actor, *, now: datetime) -> None:
    """Give the guest's open places to the member, inside the caller's transaction.

    Who had a place for the same product already keeps the better one, a pass before a place, then the earlier; the
    other is left.
    """
    guest, member = f"guest:{guest_key}", person_key(actor)
    rows = Ticket.objects.select_for_update(no_key=True).filter(person_key__in=[guest, member], state__in=OPEN)
    by_product: dict[int, list[Ticket]] = {}
    for ticket in rows.order_by("pk"):
        by_product.setdefault(ticket.product_id, []).append(ticket)
    kept = []
    left = []
    for tickets in by_product.values():
        best, *others = sorted(tickets, key=lambda ticket: (ticket.state != ADMITTED, ticket.pk))
        left += [Step(ticket) for ticket in others]
        if best.person_key == guest:
            best.person_key = member
            kept.append(best)
    # First left, then handed over: a person has one open place for a product at any moment.
    move_all(left, "leave", by=actor.as_buyer(), now=now)
    Ticket.objects.bulk_update(kept, ["person_key"])
