"""A carrier reports where a parcel is."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction

from wanku.audit.move import By, move, note
from wanku.fulfilment.add_events import Reported, TrackingCode, add_events
from wanku.fulfilment.carriers import plain_tracking
from wanku.fulfilment.models import Parcel
from wanku.fulfilment.states import SHIPPED
from wanku.kernel.refusal import BAD_VALUE, Code, Refusal, gettext_noop, refuse_all
from wanku.kernel.states import SYSTEM
from wanku.kernel.text import clean

UNKNOWN_PARCEL = Code("unknown_parcel", gettext_noop("No parcel has this carrier and tracking number."), 404)
EVENTS_MAX = 200
AHEAD = timedelta(minutes=15)
"""How far a carrier's clock may run ahead of ours."""
LENGTHS = {"event_id": 80, "place": 80, "text": 200}


def record_tracking(carrier: str, tracking: str, events: Sequence[Reported], *, now: datetime) -> int:
    """Keep what a carrier reported. Harmless when repeated, and steps may come in any order.

    A delivered parcel stays delivered, whatever is reported later. The receipt clock of the order is not touched:
    it ran from the day of shipping, and the buyer decides what was received.

    Returns:
        how many steps were new.

    Raises:
        Refusal: ``unknown_parcel``, or ``bad_value`` with the field of each wrong step; then nothing was kept.
    """
    tidied = _tidy(events, now)
    with transaction.atomic():
        parcels = Parcel.objects.select_for_update(no_key=True, of=("self",)).select_related("order")
        parcel = parcels.filter(carrier=carrier, tracking=plain_tracking(tracking)).first()
        if parcel is None:
            raise Refusal(UNKNOWN_PARCEL, field="tracking")
        fresh = add_events(parcel, tidied)
        delivered = [event.at for event in fresh if event.code == TrackingCode.DELIVERED]
        if delivered and parcel.state == SHIPPED:
            move(parcel, "deliver", by=By(SYSTEM), now=now, because="tracking", facts={"order": str(parcel.order_id)})
            parcel.delivered_at = min(delivered)
            parcel.save(update_fields=["delivered_at"])
        elif fresh:
            # No state changes, but whoever looks at the order sees it at once.
            note(parcel, "track", by=By(SYSTEM), now=now, facts={"order": str(parcel.order_id), "steps": len(fresh)})
        return len(fresh)


def _tidy(events: Sequence[Reported], now: datetime) -> list[Reported]:
    if len(events) > EVENTS_MAX:
        problem = gettext_noop("Please send at most 200 steps at once.")
        raise Refusal(BAD_VALUE, field="events", problem=problem)
    refusals: list[Refusal] = []
    kept = []
    for index, event in enumerate(events):
        texts = {name: clean(getattr(event, name)) for name in LENGTHS}
        field = f"events.{index}"
        for name, most in LENGTHS.items():
            if len(texts[name]) > most:
                refusals.append(Refusal(BAD_VALUE, field=f"{field}.{name}", problem=gettext_noop("This is too long.")))
        if not texts["event_id"]:
            refusals.append(Refusal(BAD_VALUE, field=f"{field}.id", problem=gettext_noop("Every step needs an id.")))
        if event.code not in list(TrackingCode):
            problem = gettext_noop("Use picked_up, in_transit, out_for_delivery, delivered or problem.")
            refusals.append(Refusal(BAD_VALUE, field=f"{field}.code", problem=problem))
        if event.at > now + AHEAD:
            problem = gettext_noop("This time has not come yet.")
            refusals.append(Refusal(BAD_VALUE, field=f"{field}.at", problem=problem))
        kept.append(Reported(code=event.code, at=event.at, **texts))
    refuse_all(refusals)
    return kept
