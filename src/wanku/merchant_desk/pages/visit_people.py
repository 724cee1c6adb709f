"""People who come: cards, skills, hours of the week, single days, days off; and where the shop comes to."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from wanku.access.can import Permission
from wanku.catalog.models import ProductState, Variant
from wanku.catalog.sheets.cells import price_text
from wanku.files.accept import accept_picture
from wanku.files.queries import stand_in
from wanku.flows.offering.add_absence import add_absence
from wanku.flows.offering.remove_absence import remove_absence
from wanku.flows.offering.save_worker import save_worker
from wanku.flows.offering.set_areas import set_areas
from wanku.flows.offering.set_special_day import set_special_day
from wanku.kernel.refusal import BAD_VALUE, NOT_FOUND, Refusal, gettext_noop, refuse_all
from wanku.kinds.visit.hours_text import read_hours
from wanku.kinds.visit.kind import VisitKind
from wanku.kinds.visit.load import rosters_of
from wanku.kinds.visit.models import Absence, Area, Worker
from wanku.kinds.visit.rules import AREAS_MAX, AreaData, WorkerData
from wanku.merchant_desk import asked
from wanku.merchant_desk.desk import act, link, page, show
from wanku.merchant_desk.hours_form import read_week, weekdays
from wanku.merchant_desk.read.visits import hours_text, people_of, today_of, windows_text
from wanku.merchants.models import Merchant, Staff
from wanku.ui.request import Request

NO_DAY = gettext_noop("Choose a day.")
NO_FEE = gettext_noop("Write an amount like 20, or 0.")
USUAL = "09:00-18:00"
DAYS_SHOWN = 14


@require_safe
@page(Permission.PRODUCTS_EDIT)
def workers(request: Request, shop: Merchant) -> HttpResponse:
    """Everybody, days off that lie ahead, and where the shop comes to."""
    return _workers(request, shop)


@require_http_methods(["GET", "HEAD", "POST"])
@page(Permission.PRODUCTS_EDIT)
def edit(request: Request, shop: Merchant, worker_id: int | None = None) -> HttpResponse:
    """One person."""
    worker = None
    if worker_id is not None:
        worker = Worker.objects.filter(merchant=shop, pk=worker_id).first()
        if worker is None:
            raise Refusal(NOT_FOUND)
    if request.method != "POST":
        return _form(request, shop, worker, _of(worker))
    return act(
        request,
        lambda: save_worker(
            shop.pk, _data(request, shop, worker), worker_id=worker_id, actor=request.actor, now=request.now
        ),
        done=_("Saved. What is booked stays booked."),
        back=link(shop, "workers"),
        again=lambda refusal: _form(request, shop, worker, _typed(request, worker), refusal),
    )


@require_POST
@page(Permission.PRODUCTS_EDIT)
def special_day(request: Request, shop: Merchant, worker_id: int) -> HttpResponse:
    """Other hours on one day, a day off, or the week again."""
    worker = Worker.objects.filter(merchant=shop, pk=worker_id).first()
    if worker is None:
        raise Refusal(NOT_FOUND)

    def deed() -> None:
        day = asked.date_of(request.POST.get("day", ""))
        if day is None:
            raise Refusal(BAD_VALUE, field="day", problem=NO_DAY)
        again = request.POST.get("again") == "1"
        windows = None if again else read_hours(request.POST.get("hours", ""), "hours")
        _warn(request, len(set_special_day(worker_id, day, windows, actor=request.actor, now=request.now)))

    return act(
        request,
        deed,
        done=_("The day is changed."),
        back=link(shop, "worker", worker_id) + "#days",
        again=lambda refusal: _form(request, shop, worker, _of(worker), refusal),
    )


@require_POST
@page(Permission.PRODUCTS_EDIT)
def absence(request: Request, shop: Merchant) -> HttpResponse:
    """Days off of one person or of the whole shop."""

    def deed() -> None:
        first, last = (asked.date_of(request.POST.get(name, "")) for name in ("first", "last"))
        if first is None:
            raise Refusal(BAD_VALUE, field="first", problem=NO_DAY)
        booked = add_absence(
            shop.pk,
            worker_id=asked.whole(request.POST.get("worker", "")),
            first=first,
            last=last or first,
            because=request.POST.get("because", ""),
            actor=request.actor,
            now=request.now,
        )
        _warn(request, len(booked))

    return act(
        request,
        deed,
        done=_("Nobody is booked on these days any more."),
        back=link(shop, "workers"),
        again=lambda refusal: _workers(request, shop, refusal),
    )


@require_POST
@page(Permission.PRODUCTS_EDIT)
def drop_absence(request: Request, shop: Merchant, absence_id: int) -> HttpResponse:
    """These days can be booked again."""
    return act(
        request,
        lambda: remove_absence(absence_id, actor=request.actor, now=request.now),
        done=_("These days can be booked again."),
        back=link(shop, "workers"),
    )


@require_POST
@page(Permission.PRODUCTS_EDIT)
def areas(request: Request, shop: Merchant) -> HttpResponse:
    """Where the shop comes to: one place on each line."""
    return act(
        request,
        lambda: set_areas(shop.pk, _areas(request.POST.get("areas", "")), actor=request.actor, now=request.now),
        done=_("The places are saved. Orders that were placed keep their fee."),
        back=link(shop, "workers") + "#areas",
        again=lambda refusal: _workers(request, shop, refusal),
    )


def _workers(request: Request, shop: Merchant, problem: Refusal | None = None) -> HttpResponse:
    rows = people_of(shop, active=False)
    rosters = rosters_of(rows)
    today = today_of(shop, request.now)
    names = weekdays()
    context = {
        "people": [
            {
                "worker": worker,
                "picture": stand_in(worker.picture_id),
                "hours": [
                    (names[day.weekday()], text)
                    for n in range(7)
                    if (text := hours_text(rosters[worker.pk], day := today + timedelta(days=n)))
                ],
            }
            for worker in rows
        ],
        "absences": Absence.objects.filter(merchant=shop, last__gte=today).select_related("worker"),
        "who": [("", _("The whole shop")), *((w.pk, w.name) for w in rows if w.is_active)],
        "areas": "\n".join(
            f"{area.city} {area.district} {price_text(area.fee)}".replace("  ", " ")
            for area in Area.objects.filter(merchant=shop)
        ),
        "today": today,
    }
    return show(request, shop, "workers.html", context, problem=problem)


def _areas(text: str) -> Sequence[AreaData]:
    """``杭州 西湖区 20.00`` on each line; the district and the fee may be missing."""
    found = []
    for at, line in enumerate(filter(None, (line.strip() for line in text.splitlines()[: AREAS_MAX + 1]))):
        words = line.split()
        fee = asked.money(words[-1]) if len(words) > 1 and words[-1][0].isdigit() else 0
        if fee is None:
            raise Refusal(BAD_VALUE, field=f"areas.{at}.fee", problem=NO_FEE)
        places = words[:-1] if len(words) > 1 and words[-1][0].isdigit() else words
        found.append(AreaData(places[0], " ".join(places[1:]), fee))
    return found


def _warn(request: Request, booked: int) -> None:
    if booked:
        text = ngettext(
            "%(n)s visit is booked in this time and stands. Move it, or send somebody else.",
            "%(n)s visits are booked in this time and stand. Move them, or send somebody else.",
            booked,
        )
        messages.warning(request, text % {"n": booked})


def _of(worker: Worker | None) -> dict[str, Any]:
    if worker is None:
        week = {weekday: USUAL if weekday < 5 else "" for weekday in range(7)}
        blank = dict.fromkeys(("name", "title", "about", "seat_id"), "")
        return {**blank, "week": week, "breaks": {}, "skills": set(), "before": 30, "after": 0, "is_active": True}
    roster = rosters_of([worker])[worker.pk]
    return {
        "name": worker.name,
        "title": worker.title,
        "about": worker.about,
        "seat_id": worker.seat_id or "",
        "week": {weekday: windows_text(roster.week.get(weekday, ())) for weekday in range(7)},
        "breaks": {weekday: windows_text(roster.breaks.get(weekday, ())) for weekday in range(7)},
        "skills": set(worker.skills.values_list("variant_id", flat=True)),
        "before": worker.travel_before * 15,
        "after": worker.travel_after * 15,
        "is_active": worker.is_active,
    }


def _typed(request: Request, worker: Worker | None) -> dict[str, Any]:
    post = request.POST
    return {
        **{name: post.get(name, "") for name in ("name", "title", "about", "seat_id", "before", "after")},
        **{name: {day: post.get(f"{name}-{day}", "") for day in range(7)} for name in ("week", "breaks")},
        "skills": {asked.whole(text) for text in post.getlist("skills")},
        "is_active": worker is None or bool(post.get("is_active")),
    }


def _data(request: Request, shop: Merchant, worker: Worker | None) -> WorkerData:
    """What was typed.

    Raises:
        Refusal: what cannot be read at all, all of it at once.
    """
    post, refused = request.POST, list[Refusal]()
    week, breaks = read_week(post, "week", refused), read_week(post, "breaks", refused)
    before, after = (_quarters(post.get(name, ""), f"travel_{name}", refused) for name in ("before", "after"))
    refuse_all(refused)
    return WorkerData(
        name=post.get("name", ""),
        title=post.get("title", ""),
        about=post.get("about", ""),
        picture_id=_picture(request, shop, worker),
        seat_id=asked.whole(post.get("seat_id", "")),
        week=week,
        breaks=breaks,
        skills=frozenset(n for text in post.getlist("skills") if (n := asked.whole(text)) is not None),
        travel_before=before,
        travel_after=after,
        is_active=worker is None or bool(post.get("is_active")),
    )


def _quarters(text: str, field: str, refused: list[Refusal]) -> int:
    minutes = asked.whole(text or "0")
    if minutes is None or minutes % 15 or minutes < 0:
        problem = gettext_noop("Write minutes in full quarters of an hour: 0, 15, 30 …")
        refused.append(Refusal(BAD_VALUE, field=field, problem=problem))
        return 0
    return minutes // 15


def _picture(request: Request, shop: Merchant, worker: Worker | None) -> UUID | None:
    upload = request.FILES.get("picture")
    if upload is not None:
        kept = accept_picture(upload.read(), owner=f"merchant:{shop.pk}", is_public=True, now=request.now)
        return kept.pk
    return worker.picture_id if worker else None


def _form(
    request: Request,
    shop: Merchant,
    worker: Worker | None,
    typed: Mapping[str, Any],
    problem: Refusal | None = None,
) -> HttpResponse:
    names = weekdays()
    offered = Variant.objects.filter(merchant=shop, is_active=True, product__kind=VisitKind.code)
    offered = offered.exclude(product__state=ProductState.REMOVED).select_related("product")
    seats = Staff.objects.filter(merchant=shop).select_related("person").order_by("since", "pk")
    today = today_of(shop, request.now)
    roster = rosters_of([worker])[worker.pk] if worker else None
    context = {
        "worker": worker,
        "picture": stand_in(worker.picture_id) if worker else None,
        "form": typed,
        "days": [(n, name, typed["week"].get(n, ""), typed["breaks"].get(n, "")) for n, name in names.items()],
        "variants": [(v, f"{v.product.title} {v.label}".strip()) for v in offered.order_by("product_id", "position")],
        "seats": [("", _("No account")), *((s.pk, s.person.name or s.person.email or s.person.phone) for s in seats)],
        "coming": [
            (day, hours_text(roster, day), day in roster.special)
            for n in range(DAYS_SHOWN)
            for day in [today + timedelta(days=n)]
        ]
        if roster
        else [],
        "today": today,
    }
    return show(request, shop, "worker.html", context, problem=problem)
