"""Reading what can be booked: eight statements, whatever is asked for."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import date
from zoneinfo import ZoneInfo

from wanku.kinds.visit.facts import Facts, Person, Reach
from wanku.kinds.visit.hours import Roster
from wanku.kinds.visit.models import Absence, Area, Item, Longer, Service, Skill, SpecialDay, WeekHours, Worker


def load_facts(variants: Collection[int]) -> dict[int, Facts]:
    """Facts by variant id; a variant without a duration or a service is missing."""
    items = {
        item.variant_id: item for item in Item.objects.filter(variant_id__in=list(variants)).select_related("variant")
    }
    products = {item.variant.product_id for item in items.values()}
    services = {s.product_id: s for s in Service.objects.filter(product_id__in=products).select_related("merchant")}
    longer: dict[int, dict[int, int]] = defaultdict(dict)
    for row in Longer.objects.filter(add_on__product_id__in=products).select_related("add_on"):
        longer[row.add_on.product_id][row.add_on_id] = row.quarters
    reach: dict[int, list[Reach]] = defaultdict(list)
    for area in Area.objects.filter(merchant_id__in={s.merchant_id for s in services.values()}):
        reach[area.merchant_id].append(Reach(area.city, area.district, area.fee))
    people = _people(items)
    return {
        variant: Facts(
            zone=ZoneInfo(service.merchant.zone),
            quarters=item.quarters,
            longer=longer[service.product_id],
            place=service.place,
            shop_address=service.shop_address,
            step=service.step,
            lead_minutes=service.lead_minutes,
            days_ahead=service.days_ahead,
            cancellation=service.cancellation,
            people=tuple(people[variant]),
            reach=tuple(reach[service.merchant_id]),
        )
        for variant, item in items.items()
        if (service := services.get(item.variant.product_id)) is not None
    }


def _people(variants: Collection[int]) -> dict[int, list[Person]]:
    skills = list(
        Skill.objects.filter(variant_id__in=list(variants), worker__is_active=True)
        .select_related("worker")
        .order_by("worker__position", "worker_id")
    )
    rosters = rosters_of({skill.worker for skill in skills})
    found: dict[int, list[Person]] = defaultdict(list)
    for skill in skills:
        worker = skill.worker
        found[skill.variant_id].append(
            Person(worker.pk, worker.name, worker.title, rosters[worker.pk], worker.travel_before, worker.travel_after)
        )
    return found


def rosters_of(workers: Iterable[Worker]) -> dict[int, Roster]:
    """When people work, by id: three statements."""
    by_id = {worker.pk: worker for worker in workers}
    week: dict[int, dict[int, list[tuple[int, int]]]] = defaultdict(lambda: defaultdict(list))
    breaks: dict[int, dict[int, list[tuple[int, int]]]] = defaultdict(lambda: defaultdict(list))
    for row in WeekHours.objects.filter(worker_id__in=by_id):
        (breaks if row.is_break else week)[row.worker_id][row.weekday].append((row.opens, row.closes))
    special: dict[int, dict[date, list[tuple[int, int]]]] = defaultdict(dict)
    for one in SpecialDay.objects.filter(worker_id__in=by_id):
        special[one.worker_id][one.day] = [(int(opens), int(closes)) for opens, closes in one.windows]
    shops = {worker.merchant_id for worker in by_id.values()}
    absences = list(Absence.objects.filter(merchant_id__in=shops))
    return {
        pk: Roster(
            week=dict(week[pk]),
            breaks=dict(breaks[pk]),
            special=special[pk],
            absences=tuple(
                (a.first, a.last) for a in absences if a.merchant_id == worker.merchant_id and a.worker_id in (None, pk)
            ),
        )
        for pk, worker in by_id.items()
    }
