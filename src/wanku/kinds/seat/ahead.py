"""Products of which some departure still has a seat."""

from datetime import datetime

from django.db.models import CharField, Exists, OuterRef, Value
from django.db.models.functions import Cast, Concat

from wanku.inventory.models import Supply
from wanku.kinds.seat.models import Cabin
from wanku.kinds.seat.states import SOLD_IN


def seats_ahead(now: datetime) -> Exists:
    """A condition on products: a departure that is on sale has a free seat in an offered cabin."""
    key = Concat(Value("seat:"), Cast("departure_id", CharField()), Value(":"), Cast("variant_id", CharField()))
    cabins = Cabin.objects.filter(
        variant__product=OuterRef("pk"),
        variant__is_active=True,
        departure__state__in=SOLD_IN,
        departure__sale_until__gt=now,
    )
    return Exists(cabins.annotate(key=key).filter(Exists(Supply.objects.filter(key=OuterRef("key"), free__gt=0))))
