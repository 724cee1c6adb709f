"""Whether departures with a minimum group go, when the time has come to know."""

from datetime import datetime

from django.db import transaction
from django.db.models import F, Q, Sum

from wanku.audit.move import By, move
from wanku.audit.rules import due
from wanku.kernel.states import CLOCK
from wanku.kinds.seat.models import Departure, Passage
from wanku.kinds.seat.passages import confirm, empty, lock_counters
from wanku.kinds.seat.states import OPEN


def decide_departures(*, now: datetime, limit: int = 100) -> int:
    """Promise departures whose group is complete; call off those whose group is not when they had to be decided.

    Where seats in orders that are being paid would still complete the group, it is looked at once more when their time
    to pay is over. What was paid for a departure that does not go is paid back by `clear_departures`.

    Returns:
        departures about which something was decided.
    """
    paid = Sum("passages__seats", filter=Q(passages__standing=Passage.PAID))
    waiting = Departure.objects.filter(state=OPEN).annotate(paid=paid)
    found = waiting.filter(Q(due_at__lte=now) | Q(paid__gte=F("minimum"))).order_by("due_at", "pk")[:limit]
    return sum(_decide(departure_id, now) for departure_id in list(found.values_list("pk", flat=True)))


@transaction.atomic
def _decide(departure_id: int, now: datetime) -> bool:
    # Payments lock the counters before they look at the departure: whoever pays now is either counted, or pays for a
    # departure that was called off and gets it back.
    counters = lock_counters(departure_id)
    row = Departure.objects.select_for_update(no_key=True).get(pk=departure_id)
    if row.state != OPEN or row.due_at is None or row.decide_at is None:
        return False
    paid, held = sum(each.sold for each in counters), sum(each.held for each in counters)
    facts = {"seats": paid, "minimum": row.minimum}
    if paid >= row.minimum:
        confirm(row, by=By(CLOCK), now=now)
    elif row.due_at > now:
        # Paid seats that were paid back in part made it look complete.
        return False
    elif paid + held >= row.minimum and row.due_at == row.decide_at:
        later = min(due("pay_goods", now), row.starts_at)
        move(row, "wait", by=By(CLOCK), now=now, due_at=later, facts={**facts, "held": held})
    else:
        move(row, "miss", by=By(CLOCK), now=now, because="group_missed", facts=facts)
        empty(row.pk, because="departure_cancelled", by_id=None, now=now)
    return True
