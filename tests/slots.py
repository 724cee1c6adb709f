"""A small kind of order for tests of what all kinds have in common: an hour of somebody's time."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any, ClassVar
from uuid import UUID, uuid4

import pytest

from tests.bought import pay
from tests.cast import ADDRESS, NOW, Shop, product_of, variant_of
from wanku.access.actor import Actor
from wanku.catalog.models import Variant
from wanku.flows.buying.place_order import Checkout, Contact, place_order
from wanku.inventory.models import Supply
from wanku.kernel.refusal import Code, Refusal
from wanku.kinds import registry
from wanku.kinds.course import (
    ACCEPTED,
    CANCELLED,
    DONE,
    FROM_END,
    FROM_NOW,
    FROM_START,
    NO_SHOW,
    REJECTED,
    STARTED,
    TO_ACCEPT,
    UNDER_WAY,
    Course,
    Silence,
)
from wanku.kinds.kind import Booked, Choice, Fact, Kind, OnOffer
from wanku.kinds.pick import Part, Pick, Way
from wanku.orders.models import Order, Trade
from wanku.pricing.load import load_quote
from wanku.pricing.quote import Wish

__all__ = [
    "AT_ONCE",
    "COURSE",
    "NOTICE",
    "OPEN_DOOR",
    "STARTS",
    "SlotKind",
    "book",
    "choice_of",
    "free_at",
    "hour_of",
    "open_hours",
    "slots",
]

STARTS = NOW + timedelta(days=3)
"""The hour that is booked where nothing else is said."""

NOTICE = [{"hours": 24, "bp": 0}, {"hours": 2, "bp": 5000}]
"""A day before for free, two hours before for half, later for all."""
PAST = Code("slot_past", "This hour is over.", 409)
COURSE = Course(
    states={
        TO_ACCEPT: "waits for the shop",
        ACCEPTED: "accepted",
        UNDER_WAY: "on the way",
        STARTED: "begun",
        DONE: "done",
        NO_SHOW: "did not come",
        REJECTED: "rejected",
        CANCELLED: "cancelled",
    },
    acts={
        "accept": "Accept",
        "depart": "On my way",
        "start": "Begin",
        "finish": "Done",
        "no_show": "Nobody there",
    },
    silence={
        TO_ACCEPT: Silence("answer_question", FROM_NOW, "lapse"),
        ACCEPTED: Silence("pay_out", FROM_END, "miss"),
        UNDER_WAY: Silence("pay_out", FROM_END, "finish"),
        STARTED: Silence("pay_out", FROM_END, "finish"),
    },
    by_code=True,
    proof=frozenset({"start", "finish"}),
    move=True,
)
"""With every step that there is."""
OPEN_DOOR = replace(
    COURSE,
    acts={name: word for name, word in COURSE.acts.items() if name not in ("accept", "depart")},
    silence={ACCEPTED: Silence("pay_out", FROM_START, "no_show"), STARTED: COURSE.silence[STARTED]},
)
"""Without anybody who accepts."""
AT_ONCE = Course(states={DONE: "issued"}, at_once=True)
"""Done with the payment."""


class SlotChoice(Choice):
    """An hour of a day, in UTC."""

    day: date
    hour: int
    note: str = ""


class SlotKind(Kind):
    """Hours from 9 to 18; those from 17 cost 10.00 more."""

    code = "slot"
    label = "Hour"
    icon = "clock"
    choice_model = SlotChoice
    course: ClassVar[Course] = COURSE

    def __init__(self) -> None:
        self.told: list[tuple[str, list[UUID]]] = []

    def pick(
        self, offer: OnOffer, choice: Choice, quantity: int, *, add_ons: Collection[int] = (), now: datetime
    ) -> Pick:
        """One unit of the hour for each."""
        assert isinstance(choice, SlotChoice)
        starts_at = datetime(choice.day.year, choice.day.month, choice.day.day, choice.hour, tzinfo=UTC)
        if starts_at <= now:
            raise Refusal(PAST, field="choice.hour")
        parts = [Part("hour", offer.price)]
        if choice.hour >= 17:
            parts.append(Part("evening", 1000))
        key = f"slot:{offer.variant_id}:{starts_at:%Y%m%d%H}"
        return Pick(
            unit_price=sum(part.amount for part in parts),
            parts=tuple(parts),
            ways=(Way({key: quantity}, choice.model_dump(mode="json")),),
            starts_at=starts_at,
            ends_at=starts_at + timedelta(hours=1),
            terms={"cancellation": NOTICE},
        )

    def load(self, variants: Collection[int]) -> Mapping[int, Any]:
        """Nothing is needed."""
        return dict.fromkeys(variants, True)

    def describe(self, choice: Mapping[str, Any]) -> list[Fact]:
        """When."""
        return [Fact("When", f"{choice.get('day')} {choice.get('hour')}:00")]

    def placed(self, lines: Sequence[Booked], *, now: datetime) -> None:
        """Remembered."""
        self._tell("placed", lines)

    def paid(self, lines: Sequence[Booked], *, now: datetime) -> None:
        """Remembered."""
        self._tell("paid", lines)

    def freed(self, lines: Sequence[Booked], *, because: str, now: datetime) -> None:
        """Remembered, with the reason."""
        self._tell(f"freed:{because}", lines)

    def moved(self, line: Booked, *, now: datetime) -> None:
        """Remembered."""
        self._tell("moved", [line])

    def _tell(self, what: str, lines: Sequence[Booked]) -> None:
        self.told.append((what, [line.line_id for line in lines]))


@pytest.fixture
def slots(monkeypatch: pytest.MonkeyPatch) -> SlotKind:
    """The kind, registered for one test."""
    kind = SlotKind()
    monkeypatch.setitem(registry.KINDS, kind.code, kind)
    return kind


def open_hours(variant: Variant, *hours: datetime, capacity: int = 1) -> list[Supply]:
    """Counters for these hours."""
    return [
        Supply.objects.create(
            merchant_id=variant.merchant_id,
            key=f"slot:{variant.pk}:{hour:%Y%m%d%H}",
            free=capacity,
            put_in=capacity,
        )
        for hour in hours
    ]


def hour_of(shop: Shop, *, price: int = 10_000, **fields: Any) -> Variant:
    """An hour on offer."""
    return variant_of(product_of(shop.merchant, "一小时", prices=(price,), kind="slot", **fields))


def choice_of(start: datetime, note: str = "") -> str:
    """The choice of an hour."""
    return SlotChoice(day=start.date(), hour=start.hour, note=note).model_dump_json()


def book(
    actor: Actor,
    shop: Shop,
    start: datetime = STARTS,
    *,
    variant: Variant | None = None,
    quantity: int = 1,
    capacity: int = 1,
    now: datetime = NOW,
    is_paid: bool = True,
    **fields: Any,
) -> Order:
    """An order for an hour, placed and paid like any other; opens the hour where it is not open yet."""
    variant = variant or hour_of(shop)
    if not Supply.objects.filter(key=_key(variant, start)).exists():
        open_hours(variant, start, capacity=max(capacity, quantity))
    wishes = (Wish(variant.pk, quantity, choice=choice_of(start)),)
    fields.setdefault("contact", Contact("安小姐", "13800138000", "ann@example.com"))
    total = load_quote(wishes, address=ADDRESS, now=now).total
    checkout = Checkout(actor=actor, key=uuid4().hex, wishes=wishes, address=ADDRESS, agreed_total=total, **fields)
    trade = Trade.objects.get(pk=place_order(checkout, now=now).trade_id)
    if is_paid:
        pay(trade, now=now)
    return Order.objects.select_related("trade", "merchant").get(trade=trade)


def free_at(variant_id: int, start: datetime) -> int:
    """What is left of an hour."""
    return Supply.objects.get(key=f"slot:{variant_id}:{start:%Y%m%d%H}").free


def _key(variant: Variant, start: datetime) -> str:
    return f"slot:{variant.pk}:{start:%Y%m%d%H}"
