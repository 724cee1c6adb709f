"""Houses in which some night is still free."""

from datetime import datetime

from django.db.models import CharField, DateTimeField, Exists, F, Func, OuterRef, Subquery, Value
from django.db.models.functions import Cast, Concat

from wanku.inventory.queries import free_between
from wanku.kinds.stay.models import Night, Rate


def free_nights_ahead(now: datetime) -> Exists:
    """A condition on products: an offered rate has a room on some night from today on, on the house's clock, that is
    not closed.
    """
    rates = Rate.objects.filter(variant__product=OuterRef("pk"), variant__is_active=True, room__is_active=True)
    rates = rates.annotate(
        nights=_nights(F("room_id")),
        today=_day(Func(F("room__property__zone"), Value(now), function="timezone", output_field=DateTimeField())),
    )
    closed = Night.objects.filter(room=OuterRef(OuterRef("room_id")), closed=True)
    closed = closed.annotate(key=Concat(_nights(F("room_id")), _day(F("date")))).filter(key=OuterRef("key"))
    # The tilde stands behind every digit of a date.
    free = free_between(Concat(OuterRef("nights"), OuterRef("today")), Concat(OuterRef("nights"), Value("~")))
    return Exists(rates.annotate(free=Subquery(free.filter(~Exists(closed))[:1])).filter(free__isnull=False))


def _nights(room: F) -> Concat:
    """What the keys of all nights of a room type begin with."""
    return Concat(Value("night:"), Cast(room, CharField()), Value(":"))


def _day(moment: F | Func) -> Func:
    return Func(moment, Value("YYYY-MM-DD"), function="to_char", output_field=CharField())
