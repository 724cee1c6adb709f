"""Freight templates."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.http import HttpResponse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from wanku.access.can import Permission
from wanku.catalog.sheets.cells import price_text
from wanku.flows.selling.remove_freight import remove_freight
from wanku.flows.selling.save_freight import save_freight
from wanku.kernel.refusal import BAD_VALUE, NOT_FOUND, Refusal, gettext_noop
from wanku.merchant_desk import asked
from wanku.merchant_desk.desk import act, link, page, show
from wanku.merchants.models import Merchant
from wanku.people.provinces import province_choices
from wanku.pricing.freight import Rate
from wanku.pricing.models import FreightTemplate
from wanku.pricing.template_rules import RATES_MAX, TemplateData
from wanku.ui.request import Request

NO_AMOUNT = gettext_noop("Write an amount like 12.50, or 0.")
NO_UNITS = gettext_noop("Write a whole number from 1 up.")
SPARE = 2
UNITS = ("first", "first_fee", "step", "step_fee")


@require_safe
@page(Permission.PROFILE_EDIT)
def freight(request: Request, shop: Merchant) -> HttpResponse:
    """All templates, the one in force first."""
    rows = FreightTemplate.objects.filter(merchant=shop).prefetch_related("rates").order_by("-is_default", "pk")
    return show(request, shop, "freight.html", {"templates": list(rows)})


@require_http_methods(["GET", "HEAD", "POST"])
@page(Permission.PROFILE_EDIT)
def edit(request: Request, shop: Merchant, template_id: int | None = None) -> HttpResponse:
    """One template: how it measures, from when it is free, and a row per group of provinces."""
    template = None
    if template_id is not None:
        template = FreightTemplate.objects.filter(merchant=shop, pk=template_id).prefetch_related("rates").first()
        if template is None:
            raise Refusal(NOT_FOUND)
    if request.method != "POST":
        return _form(request, shop, template, _of(template))
    typed = _typed(request)
    if request.POST.get("step") == "row":
        rows = [*typed["rates"], *[_blank()] * SPARE]
        return _form(request, shop, template, {**typed, "rates": rows[:RATES_MAX]})
    return act(
        request,
        lambda: save_freight(shop.pk, _data(typed), template_id=template_id, actor=request.actor, now=request.now),
        done=_("The template is saved. Orders that were placed keep their freight."),
        back=link(shop, "freight"),
        again=lambda refusal: _form(request, shop, template, typed, refusal),
    )


@require_POST
@page(Permission.PROFILE_EDIT)
def remove(request: Request, shop: Merchant, template_id: int) -> HttpResponse:
    """Delete a template."""
    return act(
        request,
        lambda: remove_freight(shop.pk, template_id, actor=request.actor, now=request.now),
        done=_("The template is removed."),
        back=link(shop, "freight"),
    )


def _blank() -> dict[str, Any]:
    return {
        "provinces": [],
        "first": "1",
        "first_fee": "",
        "step": "1",
        "step_fee": "",
        "refused": False,
        "others": False,
    }


def _of(template: FreightTemplate | None) -> dict[str, Any]:
    if template is None:
        others = {**_blank(), "first_fee": "10.00", "step_fee": "2.00", "others": True}
        return {"name": _("Standard"), "by": "count", "free_from": "", "is_default": False, "rates": [others, _blank()]}
    rates = [
        {
            "provinces": rate.provinces,
            "first": str(rate.first),
            "first_fee": price_text(rate.first_fee),
            "step": str(rate.step),
            "step_fee": price_text(rate.step_fee),
            "refused": rate.refused,
            "others": not rate.provinces,
        }
        for rate in template.rates.all()
    ]
    rates.sort(key=lambda rate: not rate["others"])
    return {
        "name": template.name,
        "by": template.by,
        "free_from": price_text(template.free_from),
        "is_default": template.is_default,
        "rates": rates,
    }


def _typed(request: Request) -> dict[str, Any]:
    post = request.POST
    rates = []
    for at in range(min(asked.whole(post.get("rates", "")) or 0, RATES_MAX + 1)):
        rate: dict[str, Any] = {
            name: post.get(f"r{at}-{name}", "") for name in ("first", "first_fee", "step", "step_fee")
        }
        rate |= {
            "provinces": post.getlist(f"r{at}-provinces")[:40],
            "refused": bool(post.get(f"r{at}-refused")),
            "others": at == 0,
        }
        # A row without provinces behind the first one is a spare that nobody filled in.
        if rate["others"] or rate["provinces"]:
            rates.append(rate)
    plain = {name: post.get(name, "") for name in ("name", "by", "free_from")}
    return {**plain, "is_default": bool(post.get("is_default")), "rates": rates}


def _data(typed: Mapping[str, Any]) -> TemplateData:
    free_from = None
    if typed["free_from"].strip():
        free_from = asked.money(typed["free_from"])
        if free_from is None:
            raise Refusal(BAD_VALUE, field="free_from", problem=NO_AMOUNT)
    return TemplateData(
        name=typed["name"],
        by=typed["by"],
        rates=tuple(_rate(at, rate) for at, rate in enumerate(typed["rates"])),
        free_from=free_from,
        is_default=typed["is_default"],
    )


def _rate(at: int, typed: Mapping[str, Any]) -> Rate:
    provinces: Sequence[str] = () if typed["others"] else typed["provinces"]
    if typed["refused"]:
        return Rate(tuple(provinces), 1, 0, 1, 0, refused=True)
    fees = {}
    for name in ("first_fee", "step_fee"):
        fee = asked.money(typed[name] or "0")
        if fee is None:
            raise Refusal(BAD_VALUE, field=f"rates.{at}.first_fee", problem=NO_AMOUNT)
        fees[name] = fee
    units = {}
    for name in ("first", "step"):
        unit = asked.whole(typed[name] or "1")
        if unit is None or unit < 1:
            raise Refusal(BAD_VALUE, field=f"rates.{at}.first", problem=NO_UNITS)
        units[name] = unit
    return Rate(tuple(provinces), units["first"], fees["first_fee"], units["step"], fees["step_fee"])


def _form(
    request: Request,
    shop: Merchant,
    template: FreightTemplate | None,
    typed: Mapping[str, Any],
    problem: Refusal | None = None,
) -> HttpResponse:
    labels = {
        "first": _("First (pieces or grams)"),
        "first_fee": _("cost (yuan)"),
        "step": _("Each further"),
        "step_fee": _("costs (yuan)"),
    }
    rates = [{**rate, "cells": [(name, labels[name], rate[name]) for name in UNITS]} for rate in typed["rates"]]
    context = {
        "template": template,
        "form": {**typed, "rates": rates},
        "provinces": province_choices(get_language() or ""),
        "kinds": [("count", _("By pieces")), ("weight", _("By weight (grams)"))],
    }
    return show(request, shop, "freight_edit.html", context, problem=problem)
