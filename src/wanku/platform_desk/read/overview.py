"""The first page: what waits, what the clocks did, and how trade went."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Count, Min, Q, Sum
from django.db.models.functions import TruncDate
from django.utils import timezone

from wanku.audit.models import Move
from wanku.catalog.models import Question
from wanku.kernel.states import CLOCK
from wanku.merchants.models import Merchant
from wanku.merchants.states import ACTIVE, APPLYING
from wanku.orders.models import Order
from wanku.payments.models import Refund
from wanku.payments.states import FAILED, STUCK
from wanku.people.models import Person
from wanku.platform_desk.read.queues import LATE_STATES

DAYS = 14
CHART_HEIGHT = 96


@dataclass(frozen=True, slots=True)
class Day:
    """One day of trade in one currency."""

    day: date
    orders: int
    amount: int
    bar: int


@dataclass(frozen=True, slots=True)
class Overview:
    """Everything on the first page; amounts in minor units of `currency`."""

    applications: int
    oldest_application: datetime | None
    late_orders: int
    late_since: datetime | None
    stuck_refunds: int
    failed_refunds: int
    stuck_amount: int
    ran_out: int
    questions: int
    questions_overdue: int
    unsent: int
    currency: str
    days: Sequence[Day]
    merchants: int
    new_people: int
    late_list: Sequence[Order]
    applicants: Sequence[Merchant]
    clocks: Sequence[dict[str, Any]]

    @property
    def today(self) -> Day:
        """Trade since midnight in the reader's zone."""
        return self.days[-1]

    @property
    def week_amount(self) -> int:
        """Paid in the last seven days."""
        return sum(day.amount for day in self.days[-7:])

    @property
    def week_orders(self) -> int:
        """Orders paid in the last seven days."""
        return sum(day.orders for day in self.days[-7:])


def overview(now: datetime) -> Overview:
    """Read the first page in a fixed number of queries."""
    since = now - timedelta(days=1)
    merchants = Merchant.objects.aggregate(
        waiting=Count("pk", filter=Q(state=APPLYING)),
        oldest=Min("applied_at", filter=Q(state=APPLYING)),
        active=Count("pk", filter=Q(state=ACTIVE)),
    )
    late = Order.objects.filter(late_since__isnull=False, state__in=LATE_STATES)
    lateness = late.aggregate(count=Count("pk"), since=Min("late_since"))
    refunds = Refund.objects.filter(state__in=[STUCK, FAILED]).aggregate(
        stuck=Count("pk", filter=Q(state=STUCK)),
        failed=Count("pk", filter=Q(state=FAILED)),
        amount=Sum("amount", filter=Q(state=STUCK)),
    )
    questions = Question.objects.filter(due_at__isnull=False).aggregate(
        open=Count("pk"), overdue=Count("pk", filter=Q(due_at__lte=now))
    )
    clocks = (
        Move.objects.filter(actor=CLOCK, at__gt=since)
        .values("subject_type", "event", "from_state", "to_state")
        .annotate(count=Count("pk"))
        .order_by("-count", "subject_type", "event")
    )
    ran_out: list[dict[str, Any]] = [dict(row) for row in clocks]
    currency, days = _trade(now)
    return Overview(
        applications=merchants["waiting"],
        oldest_application=merchants["oldest"],
        late_orders=lateness["count"],
        late_since=lateness["since"],
        stuck_refunds=refunds["stuck"],
        failed_refunds=refunds["failed"],
        stuck_amount=refunds["amount"] or 0,
        ran_out=sum(row["count"] for row in ran_out),
        questions=questions["open"],
        questions_overdue=questions["overdue"],
        unsent=Move.objects.filter(sent_at__isnull=True).count(),
        currency=currency,
        days=days,
        merchants=merchants["active"],
        new_people=Person.objects.filter(joined_at__gt=now - timedelta(days=7)).count(),
        late_list=list(late.select_related("merchant").order_by("late_since")[:6]),
        applicants=list(Merchant.objects.filter(state=APPLYING).order_by("applied_at")[:6]),
        clocks=ran_out[:8],
    )


def _trade(now: datetime) -> tuple[str, list[Day]]:
    """The last days of paid orders, in the currency that most of them were paid in."""
    today = timezone.localtime(now).date()
    first = today - timedelta(days=DAYS - 1)
    start = timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0) - timedelta(days=DAYS - 1)
    rows = list(
        Order.objects.filter(paid_at__gte=start)
        .annotate(day=TruncDate("paid_at"))
        .values("day", "currency")
        .annotate(count=Count("pk"), amount=Sum("amount"))
    )
    by_currency: dict[str, int] = {}
    for row in rows:
        by_currency[row["currency"]] = by_currency.get(row["currency"], 0) + row["count"]
    currency = max(by_currency, key=lambda code: by_currency[code], default="CNY")
    found = {row["day"]: (row["count"], row["amount"]) for row in rows if row["currency"] == currency}
    top = max((amount for _count, amount in found.values()), default=0)
    days = []
    for offset in range(DAYS):
        day = first + timedelta(days=offset)
        count, amount = found.get(day, (0, 0))
        bar = max(round(CHART_HEIGHT * amount / top), 2) if amount else 0
        days.append(Day(day, count, amount, bar))
    return currency, days
