"""Visits: free times of a service, and a shop's services and people."""

from zoneinfo import ZoneInfo

from django.http import HttpResponse
from ninja import Path, Query, Router, Status

from wanku.access.can import Permission
from wanku.api.callers import KNOWN, PUBLIC, desk
from wanku.api.fields import IdempotencyKey, PathId, Slug
from wanku.api.naming import renaming
from wanku.api.repeats import repeatable
from wanku.api.shapes.visits import (
    AbsenceBody,
    AbsenceShape,
    AreaBody,
    Areas,
    ChangedDayShape,
    DayShape,
    NewAbsenceShape,
    PersonShape,
    ServiceBody,
    SpecialDayBody,
    SpecialDayShape,
    TimesAsked,
    TimeShape,
    TimesShape,
    WorkerBody,
    WorkerShape,
)
from wanku.catalog.models import Product
from wanku.flows.offering.add_absence import add_absence
from wanku.flows.offering.remove_absence import remove_absence
from wanku.flows.offering.save_worker import save_worker
from wanku.flows.offering.set_areas import set_areas
from wanku.flows.offering.set_service import set_service
from wanku.flows.offering.set_special_day import set_special_day
from wanku.kernel.refusal import NOT_FOUND, Refusal
from wanku.kinds.visit.hours import day_of
from wanku.kinds.visit.kind import VisitKind
from wanku.kinds.visit.models import Absence, Area, SpecialDay, Worker
from wanku.kinds.visit.rules import AreaData, ServiceData, WorkerData
from wanku.kinds.visit.show import show_slots
from wanku.ui.request import Request

router = Router(tags=["visits"], auth=KNOWN)


@router.get("/services/{service_id}/times", response=TimesShape, auth=PUBLIC, summary="Free times of a service")
def list_times(request: Request, service_id: Path[PathId], wanted: Query[TimesAsked]) -> TimesShape:
    """Days, people and the free times of a day; a service is a product of the kind `visit`.

    Order one with `choice: {"at": …, "worker": …}`.
    """
    if not Product.objects.visible_to(request.actor).filter(pk=service_id, kind=VisitKind.code).exists():
        raise Refusal(NOT_FOUND)
    asked = {
        "variant": str(wanted.variant_id or ""),
        "day": wanted.day.isoformat() if wanted.day else "",
        "from": wanted.day.isoformat() if wanted.day else "",
        "choice.worker": str(wanted.worker_id or ""),
        "choice.where": wanted.where or "",
        "add_on": wanted.add_ons,
    }
    shown = show_slots(service_id, asked, now=request.now)
    if not shown["ready"]:
        return TimesShape(people=[], days=[], day=None, times=[])
    return TimesShape(
        people=[PersonShape.model_validate(face) for face in shown["people"]],
        days=[DayShape(day=day.day, state=day.state, times=day.slots) for day in shown["days"]],
        day=shown["day"],
        times=[TimeShape(at=slot.at, worker_ids=[p.id for p in slot.people]) for slot in shown["slots"]],
    )


@router.put("/merchants/{slug}/services/{service_id}", response={204: None}, summary="Set up a service")
def set_visit_service(request: Request, slug: Path[Slug], service_id: Path[PathId], body: ServiceBody) -> HttpResponse:
    """Say where a product of the kind `visit` is done and how long it takes. Scope `products.edit`."""
    actor, merchant = desk(request, slug, Permission.PRODUCTS_EDIT)
    if not Product.objects.filter(pk=service_id, merchant=merchant, kind=VisitKind.code).exists():
        raise Refusal(NOT_FOUND)
    rest = body.model_dump(exclude={"lengths", "longer", "cancellation"})
    data = ServiceData(
        **rest,
        quarters={each.id: each.quarters for each in body.lengths},
        longer={each.id: each.quarters for each in body.longer},
        cancellation=[row.model_dump() for row in body.cancellation],
    )
    set_service(service_id, data, actor=actor, now=request.now)
    return HttpResponse(status=204)


@router.get("/merchants/{slug}/people", response=list[WorkerShape], summary="People who do visits")
def list_workers(request: Request, slug: Path[Slug]) -> list[WorkerShape]:
    """Everybody, those who cannot be booked too. Scope `products.edit`."""
    _, merchant = desk(request, slug, Permission.PRODUCTS_EDIT)
    return [WorkerShape.model_validate(worker) for worker in Worker.objects.filter(merchant=merchant)]


@router.post("/merchants/{slug}/people", response={201: WorkerShape}, summary="Add somebody")
def add_worker(request: Request, slug: Path[Slug], body: WorkerBody) -> Status[WorkerShape]:
    """Somebody new; can be booked at once. Scope `products.edit`."""
    return Status(201, _save(request, slug, body, None))


@router.put("/merchants/{slug}/people/{worker_id}", response=WorkerShape, summary="Change somebody")
def replace_worker(request: Request, slug: Path[Slug], worker_id: Path[PathId], body: WorkerBody) -> WorkerShape:
    """Card, hours and skills anew; what is booked stays booked. Scope `products.edit`."""
    return _save(request, slug, body, worker_id)


@router.get("/merchants/{slug}/people/{worker_id}/days", response=list[SpecialDayShape], summary="Days that differ")
def list_special_days(request: Request, slug: Path[Slug], worker_id: Path[PathId]) -> list[SpecialDayShape]:
    """Days of somebody with other hours than the week's, in order. Scope `products.edit`."""
    _, merchant = desk(request, slug, Permission.PRODUCTS_EDIT)
    if not Worker.objects.filter(pk=worker_id, merchant=merchant).exists():
        raise Refusal(NOT_FOUND)
    return [SpecialDayShape.model_validate(row) for row in SpecialDay.objects.filter(worker=worker_id)]


@router.put("/merchants/{slug}/people/{worker_id}/days", response=ChangedDayShape, summary="Change one day")
def replace_special_day(
    request: Request, slug: Path[Slug], worker_id: Path[PathId], body: SpecialDayBody
) -> ChangedDayShape:
    """Other hours on one day, a day off, or the hours of the week again. Scope `products.edit`."""
    actor, _ = desk(request, slug, Permission.PRODUCTS_EDIT)
    with renaming({"hours": "windows"}):
        booked = set_special_day(worker_id, body.day, body.windows, actor=actor, now=request.now)
    return ChangedDayShape(booked=len(booked))


@router.get("/merchants/{slug}/areas", response=Areas, summary="Where a shop comes to")
def get_areas(request: Request, slug: Path[Slug]) -> Areas:
    """Places with what the way costs. Scope `products.edit`."""
    _, merchant = desk(request, slug, Permission.PRODUCTS_EDIT)
    rows = Area.objects.filter(merchant=merchant)
    return Areas(areas=[AreaBody(city=row.city, district=row.district, fee=row.fee) for row in rows])


@router.put("/merchants/{slug}/areas", response=Areas, summary="Say where a shop comes to")
def replace_areas(request: Request, slug: Path[Slug], body: Areas) -> Areas:
    """All places anew; orders that were placed keep their fee. Scope `products.edit`."""
    actor, merchant = desk(request, slug, Permission.PRODUCTS_EDIT)
    told = [AreaData(area.city, area.district, area.fee) for area in body.areas]
    set_areas(merchant.pk, told, actor=actor, now=request.now)
    return get_areas(request, slug)


@router.get("/merchants/{slug}/absences", response=list[AbsenceShape], summary="Days off")
def list_absences(request: Request, slug: Path[Slug]) -> list[AbsenceShape]:
    """Days off that are not over, of people and of the whole shop. Scope `products.edit`."""
    _, merchant = desk(request, slug, Permission.PRODUCTS_EDIT)
    today = day_of(request.now, ZoneInfo(merchant.zone))
    rows = Absence.objects.filter(merchant=merchant, last__gte=today)
    return [AbsenceShape.model_validate(row) for row in rows]


@router.post("/merchants/{slug}/absences", response={201: NewAbsenceShape}, summary="Add days off")
def create_absence(
    request: Request, slug: Path[Slug], body: AbsenceBody, idempotency_key: IdempotencyKey = None
) -> HttpResponse:
    """Nobody can be booked on these days any more; what is booked stands. Scope `products.edit`."""
    actor, merchant = desk(request, slug, Permission.PRODUCTS_EDIT)

    def act() -> NewAbsenceShape:
        booked = add_absence(merchant.pk, **body.model_dump(), actor=actor, now=request.now)
        days = {"worker": body.worker_id, "first": body.first, "last": body.last}
        row = Absence.objects.filter(merchant=merchant, **days).order_by("-pk")[0]
        told = AbsenceShape.model_validate(row).model_dump()
        return NewAbsenceShape(**told, booked=len(booked))

    return repeatable(request, idempotency_key, body, act)


@router.delete("/merchants/{slug}/absences/{absence_id}", response={204: None}, summary="Take days off back")
def delete_absence(request: Request, slug: Path[Slug], absence_id: Path[PathId]) -> HttpResponse:
    """These days can be booked again. Scope `products.edit`."""
    actor, _ = desk(request, slug, Permission.PRODUCTS_EDIT)
    remove_absence(absence_id, actor=actor, now=request.now)
    return HttpResponse(status=204)


def _save(request: Request, slug: str, body: WorkerBody, worker_id: int | None) -> WorkerShape:
    actor, merchant = desk(request, slug, Permission.PRODUCTS_EDIT)
    told = body.model_dump(exclude={"week", "breaks", "skills"})
    data = WorkerData(
        **told,
        week=dict(enumerate(body.week)),
        breaks=dict(enumerate(body.breaks)),
        skills=frozenset(body.skills),
    )
    worker = save_worker(merchant.pk, data, worker_id=worker_id, actor=actor, now=request.now)
    return WorkerShape.model_validate(worker)
