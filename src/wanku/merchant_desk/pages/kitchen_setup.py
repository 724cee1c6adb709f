"""How a kitchen works: its settings, hours, delivery zones and tables."""

from collections.abc import Mapping, Sequence
from datetime import date, time
from typing import Any, Final

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from wanku.access.can import Permission
from wanku.catalog.sheets.cells import price_text
from wanku.flows.offering.save_kitchen import save_kitchen
from wanku.flows.offering.set_delivery_zones import set_delivery_zones
from wanku.flows.offering.set_opening_hours import set_opening_hours
from wanku.flows.offering.set_tables import set_tables
from wanku.kernel.refusal import BAD_VALUE, Refusal, gettext_noop
from wanku.kinds.meal.hours import Hours, Special
from wanku.kinds.meal.models import Kitchen, Opening, SpecialDay, Table, Zone
from wanku.kinds.meal.rules import KitchenData, ZoneData
from wanku.kinds.meal.words import WEEKDAYS
from wanku.merchant_desk import asked
from wanku.merchant_desk.desk import act, link, page, show
from wanku.merchants.models import Merchant
from wanku.people.provinces import province_choices
from wanku.ui.request import Request

METHODS: Final = ["GET", "HEAD", "POST"]
NUMBERS: Final = ("capacity", "prepare_minutes", "ahead_days")
WAYS: Final = ("delivers", "hands_out", "serves")
PER_DAY: Final = 2
SPARE: Final = 2
ROWS_MAX: Final = 80
NO_NUMBER = gettext_noop("Write a whole number.")
NO_HOURS = gettext_noop("Write from when to when, or leave both empty.")
NO_DAY = gettext_noop("Choose the first and the last day.")
NO_AMOUNT = gettext_noop("Write an amount like 12.50, or 0.")


@require_http_methods(METHODS)
@page(Permission.PRODUCTS_EDIT)
def settings(request: Request, shop: Merchant) -> HttpResponse:
    """How much, how fast, how far ahead, in which ways."""
    row = Kitchen.objects.filter(pk=shop.pk).first() or Kitchen(merchant=shop)
    if request.method != "POST":
        return show(request, shop, "kitchen_settings.html", {"form": {n: getattr(row, n) for n in (*NUMBERS, *WAYS)}})
    post = request.POST
    typed = {**{name: post.get(name, "") for name in NUMBERS}, **{name: bool(post.get(name)) for name in WAYS}}

    def deed() -> None:
        capacity, prepare, ahead = (_whole(post.get(name, ""), name) for name in NUMBERS)
        delivers, hands_out, serves = (bool(post.get(name)) for name in WAYS)
        data = KitchenData(capacity, prepare, ahead, delivers=delivers, hands_out=hands_out, serves=serves)
        save_kitchen(shop.pk, data, actor=request.actor, now=request.now)

    return act(
        request,
        deed,
        done=_("The kitchen is set up. What was ordered stands."),
        back=link(shop, "opening_hours") if not row.opened_on else link(shop, "kitchen_settings"),
        again=lambda no: show(request, shop, "kitchen_settings.html", {"form": typed}, problem=no),
    )


@require_http_methods(METHODS)
@page(Permission.PRODUCTS_EDIT)
def hours(request: Request, shop: Merchant) -> HttpResponse:
    """The week, and the days that differ."""
    if request.method != "POST":
        return show(request, shop, "opening_hours.html", _hours_form(*_kept_hours(shop)))
    typed = _typed_hours(request)
    return act(
        request,
        lambda: set_opening_hours(shop.pk, _week(typed[0]), _special(typed[1]), actor=request.actor, now=request.now),
        done=_("The hours are saved. What was ordered stands."),
        back=link(shop, "opening_hours"),
        again=lambda no: show(request, shop, "opening_hours.html", _hours_form(*typed), problem=no),
    )


@require_http_methods(METHODS)
@page(Permission.PRODUCTS_EDIT)
def zones(request: Request, shop: Merchant) -> HttpResponse:
    """Where it delivers, for how much and from how much."""
    if request.method != "POST":
        rows = [
            {
                "name": zone.name,
                "province": zone.province,
                "city": zone.city,
                "districts": "、".join(zone.districts),
                "fee": price_text(zone.fee),
                "minimum": price_text(zone.minimum),
                "minutes": str(zone.minutes),
            }
            for zone in Zone.objects.filter(merchant=shop)
        ]
        return show(request, shop, "delivery_zones.html", _zones_form(rows))
    names = ("name", "province", "city", "districts", "fee", "minimum", "minutes")
    typed = [row for row in _rows(request, "z", names) if row["name"].strip()]
    return act(
        request,
        lambda: set_delivery_zones(
            shop.pk, [_zone(at, row) for at, row in enumerate(typed)], actor=request.actor, now=request.now
        ),
        done=_("The zones are saved. Orders that were placed keep their fee."),
        back=link(shop, "delivery_zones"),
        again=lambda no: show(request, shop, "delivery_zones.html", _zones_form(typed), problem=no),
    )


@require_http_methods(METHODS)
@page(Permission.PRODUCTS_EDIT)
def tables(request: Request, shop: Merchant) -> HttpResponse:
    """The tables whose codes open the menu."""
    rows = list(Table.objects.filter(merchant=shop))
    text = request.POST.get("tables", "") if request.method == "POST" else "\n".join(row.name for row in rows)
    context = {"tables": rows, "text": text}
    if request.method != "POST":
        return show(request, shop, "tables.html", context)
    return act(
        request,
        lambda: set_tables(
            shop.pk, text.splitlines()[:300], renew=request.POST.getlist("renew"), actor=request.actor, now=request.now
        ),
        done=_("The tables are saved. Print the codes of those that are new."),
        back=link(shop, "tables"),
        again=lambda no: show(request, shop, "tables.html", context, problem=no),
    )


@require_safe
@page(Permission.PRODUCTS_EDIT)
def codes(request: Request, shop: Merchant) -> HttpResponse:
    """A sheet to print: one code for each table."""
    rows = [
        {"name": row.name, "url": request.build_absolute_uri(reverse("storefront:table", args=[row.token]))}
        for row in Table.objects.filter(merchant=shop)
    ]
    return render(request, "merchant_desk/table_codes.html", {"shop": shop, "rows": rows})


def _kept_hours(shop: Merchant) -> tuple[list[list[tuple[str, str]]], list[dict[str, str]]]:
    week: list[list[tuple[str, str]]] = [[] for _day in range(7)]
    for row in Opening.objects.filter(merchant=shop):
        week[row.weekday].append((f"{row.opens:%H:%M}", f"{row.closes:%H:%M}"))
    special = [
        {
            "first": day.first.isoformat(),
            "last": day.last.isoformat(),
            "opens": f"{day.opens:%H:%M}" if day.opens else "",
            "closes": f"{day.closes:%H:%M}" if day.closes else "",
            "note": day.note,
        }
        for day in SpecialDay.objects.filter(merchant=shop)
    ]
    return week, special


def _typed_hours(request: Request) -> tuple[list[list[tuple[str, str]]], list[dict[str, str]]]:
    post = request.POST
    week = [
        [(post.get(f"d{day}-o{n}", "").strip(), post.get(f"d{day}-c{n}", "").strip()) for n in range(PER_DAY)]
        for day in range(7)
    ]
    special = _rows(request, "s", ("first", "last", "opens", "closes", "note"))
    return week, [row for row in special if row["first"].strip()]


def _hours_form(week: list[list[tuple[str, str]]], special: list[dict[str, str]]) -> dict[str, Any]:
    days = [
        {"label": WEEKDAYS[day], "hours": [*week[day], *[("", "")] * PER_DAY][:PER_DAY], "day": day} for day in range(7)
    ]
    return {"days": days, "special": [*special, *[{}] * SPARE]}


def _week(typed: Sequence[Sequence[tuple[str, str]]]) -> dict[int, list[Hours]]:
    found: dict[int, list[Hours]] = {}
    for day, pairs in enumerate(typed):
        for opens, closes in pairs:
            if opens or closes:
                found.setdefault(day, []).append(_hours(opens, closes, f"week.{day}"))
    return found


def _special(typed: Sequence[Mapping[str, str]]) -> list[Special]:
    found = []
    for at, row in enumerate(typed):
        first = _day(row["first"], f"special.{at}.first")
        last = _day(row["last"], f"special.{at}.last") if row["last"].strip() else first
        hours = None
        if row["opens"].strip() or row["closes"].strip():
            hours = _hours(row["opens"].strip(), row["closes"].strip(), f"special.{at}.opens")
        found.append(Special(first, last, hours, row["note"]))
    return found


def _hours(opens: str, closes: str, field: str) -> Hours:
    try:
        return Hours(time.fromisoformat(opens), time.fromisoformat(closes))
    except ValueError:
        raise Refusal(BAD_VALUE, field=field, problem=NO_HOURS) from None


def _day(text: str, field: str) -> date:
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        raise Refusal(BAD_VALUE, field=field, problem=NO_DAY) from None


def _zones_form(rows: Sequence[Mapping[str, str]]) -> dict[str, Any]:
    usual = {"province": rows[-1]["province"], "city": rows[-1]["city"]} if rows else {}
    return {"zones": [*rows, *[usual] * SPARE], "provinces": province_choices(get_language() or "")}


def _zone(at: int, row: Mapping[str, str]) -> ZoneData:
    amounts = {}
    for name in ("fee", "minimum"):
        amount = asked.money(row[name] or "0")
        if amount is None:
            raise Refusal(BAD_VALUE, field=f"zones.{at}.{name}", problem=NO_AMOUNT)
        amounts[name] = amount
    districts = tuple(row["districts"].replace(",", "、").replace("，", "、").replace(" ", "、").split("、"))
    minutes = _whole(row["minutes"] or "30", f"zones.{at}.minutes")
    return ZoneData(row["name"], row["province"], row["city"], districts, minutes=minutes, **amounts)


def _rows(request: Request, letter: str, names: Sequence[str]) -> list[dict[str, str]]:
    count = min(asked.whole(request.POST.get("rows", "")) or 0, ROWS_MAX)
    return [{name: request.POST.get(f"{letter}{at}-{name}", "") for name in names} for at in range(count)]


def _whole(text: str, field: str) -> int:
    number = asked.whole(text)
    if number is None:
        raise Refusal(BAD_VALUE, field=field, problem=NO_NUMBER)
    return number
