"""The platform's rules, durations and limits, each with its history."""

from decimal import Decimal
from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from wanku.access.can import Permission, require
from wanku.audit.rules import DEFAULTS
from wanku.flows.policing.change_rule import change_rule
from wanku.kernel.deadlines import DAY, HOUR, MINUTE
from wanku.kernel.limits import LIMITS
from wanku.kernel.money import from_major
from wanku.kernel.refusal import BAD_VALUE, NOT_FOUND, Refusal, gettext_noop
from wanku.platform_desk.desk import act, page, show
from wanku.platform_desk.read import rules as read
from wanku.platform_desk.rule_words import RULES
from wanku.ui.request import Request
from wanku.ui.words import duration_text, money_text

UNITS = (("days", DAY), ("hours", HOUR), ("minutes", MINUTE), ("seconds", 1))
DIGITS_MAX = 9


@require_safe
@page(Permission.RULES_SEE)
def listing(request: Request) -> HttpResponse:
    """Every rule in force."""
    rows: list[dict[str, Any]] = [
        {
            "rule": rule,
            "text": RULES[rule.name],
            "value": _shown(rule, rule.value),
            "default": _shown(rule, rule.default),
        }
        for rule in read.rules()
    ]
    durations, limits = ([row for row in rows if row["rule"].is_limit == is_limit] for is_limit in (False, True))
    return show(request, "rules.html", {"durations": durations, "limits": limits})


@require_http_methods(["GET", "HEAD", "POST"])
@page(Permission.RULES_SEE)
def detail(request: Request, name: str) -> HttpResponse:
    """One rule: its history, and a new value from now on."""
    if name not in DEFAULTS:
        raise Refusal(NOT_FOUND)
    if request.method != "POST":
        return _detail(request, name)
    require(request.actor, Permission.RULES_EDIT)
    because = request.POST.get("because", "")
    return act(
        request,
        lambda: change_rule(name, _value(request, name), because=because, actor=request.actor, now=request.now),
        done=_("The rule is in force from now on; what was placed before keeps its clock."),
        back=reverse("platform_desk:rule", args=[name]),
        again=lambda problem: _detail(request, name, problem),
    )


def _shown(rule: read.Rule, value: int) -> str:
    return money_text(from_major(Decimal(value), "CNY")) if rule.is_limit else duration_text(value)


def _value(request: Request, name: str) -> int:
    length, unit = request.POST.get("length", "").strip(), dict(UNITS).get(request.POST.get("unit", ""))
    if name in LIMITS:
        if not (length.isascii() and length.isdigit()) or len(length) > DIGITS_MAX:
            raise Refusal(BAD_VALUE, field="value", problem=gettext_noop("Type a whole number of yuan."))
        return int(length)
    if unit is None or not (length.isascii() and length.isdigit()) or len(length) > DIGITS_MAX:
        raise Refusal(BAD_VALUE, field="value", problem=gettext_noop("Type a whole number and choose a unit."))
    return int(length) * unit


def _detail(request: Request, name: str, problem: Refusal | None = None) -> HttpResponse:
    rule = next(rule for rule in read.rules() if rule.name == name)
    history, people = read.history(name)
    unit, size = next((unit, size) for unit, size in UNITS if rule.value % size == 0)
    size = 1 if rule.is_limit else size
    names = {"days": _("days"), "hours": _("hours"), "minutes": _("minutes"), "seconds": _("seconds")}
    context: dict[str, Any] = {
        "rule": rule,
        "text": RULES[name],
        "value": _shown(rule, rule.value),
        "default": _shown(rule, rule.default),
        "bound": _shown(rule, rule.bound),
        "history": [
            {"row": row, "value": _shown(rule, row.value), "by": people.get(row.set_by or 0, "")} for row in history
        ],
        "units": [(name, names[name]) for name, _size in UNITS],
        "unit": request.POST.get("unit", unit) if problem else unit,
        "length": request.POST.get("length", "") if problem else rule.value // size,
    }
    return show(request, "rule.html", context, problem=problem)
