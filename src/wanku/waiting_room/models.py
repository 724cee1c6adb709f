"""Tickets: one person's place in the line of one product."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from wanku.audit.models import Stateful
from wanku.kernel.states import Machine
from wanku.orders.models import Trade
from wanku.waiting_room.states import ADMITTED, OPEN, ROOM_TICKET_MACHINE, USED, WAITING


class Ticket(Stateful):
    """A place in line, then a pass.

    Attributes:
        id: the order of arrival; nothing else decides who is next.
        product_id: no foreign key, since twenty thousand inserts in half a minute would all lock the same product.
        person_key: ``person:7`` or ``guest:<uuid>``, the scope that this person's checkout has.
        wish: what they came for, ``{"variant": 81, "quantity": 1, "add_ons": [5]}``, or empty.
        trade: the order that used the pass up.
    """

    MACHINE: ClassVar[Machine] = ROOM_TICKET_MACHINE

    product_id = models.BigIntegerField()
    person_key = models.CharField(max_length=60)
    wish = models.JSONField(default=dict)
    joined_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
    trade = models.ForeignKey(Trade, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("place in line")
        constraints = [
            models.UniqueConstraint(
                fields=["product_id", "person_key"], name="ticket_once", condition=models.Q(state__in=OPEN)
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=ROOM_TICKET_MACHINE.states()), name="room_ticket_state"
            ),
        ]
        indexes = [
            models.Index(fields=["product_id", "id"], name="ticket_queue", condition=models.Q(state=WAITING)),
            models.Index(fields=["product_id"], name="ticket_passes", condition=models.Q(state=ADMITTED)),
            models.Index(fields=["product_id", "used_at"], name="ticket_used", condition=models.Q(state=USED)),
            models.Index(fields=["person_key", "product_id", "-id"], name="ticket_person"),
            models.Index(fields=["due_at"], name="ticket_due", condition=models.Q(due_at__isnull=False)),
        ]
