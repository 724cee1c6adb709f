"""Clocks: what is due when, what ran out, and what came of it."""

from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from wanku.access.can import Permission
from wanku.audit.models import Move
from wanku.platform_desk import asked, words
from wanku.platform_desk.desk import page, show
from wanku.platform_desk.read import clocks as read
from wanku.platform_desk.rule_words import RULES
from wanku.ui.channels import channel_text
from wanku.ui.request import Request
from wanku.ui.words import day_text


@require_safe
@page(Permission.PLATFORM_SEE)
def show_clocks(request: Request) -> HttpResponse:
    """Running clocks of one noun, or (``view=past``) what the clocks did."""
    past = request.GET.get("view") == "past"
    kind = asked.choice(request, "kind", read.BY_NAME, "order")
    kinds = read.kinds(request.now)
    tabs = [
        {
            "label": words.NOUNS[found.name],
            "url": f"?kind={found.name}",
            "current": not past and found.name == kind,
            "count": found.running,
        }
        for found in kinds
    ]
    context: dict[str, Any] = {
        "kinds": [(words.NOUNS[found.name], found) for found in kinds],
        "overdue": sum(found.overdue for found in kinds),
        "tabs": tabs,
        "past": past,
    }
    if past:
        rows = read.ran_out(asked.number(request, "before"))
        shown = rows[: read.PAGE]
        context["rows"] = [_past(move) for move in shown]
        context["older"] = shown[-1].pk if len(rows) > read.PAGE else None
    else:
        found = read.running(kind, request.GET.get("page"))
        context["page"] = found
        context["rows"] = [
            {
                "clock": row,
                "billed": f"{channel_text(row.billed[0])} · {day_text(row.billed[1])}" if row.billed else "",
                "url": _url(row),
                "rule": RULES[row.clock][0],
                "who": words.PARTIES[row.who],
                "outcome": words.event_text(row.kind, row.silence),
            }
            for row in found
        ]
    return show(request, "clocks.html", context)


def _url(row: read.Running) -> str:
    """Where the thing is shown; empty if nowhere."""
    if row.billed:
        return reverse(f"platform_desk:{row.kind}", args=[row.pk])
    if row.trade_id:
        return reverse("platform_desk:trade", args=[row.trade_id])
    return reverse("platform_desk:merchant", args=[row.merchant_id]) if row.merchant_id else ""


def _past(move: Move) -> dict[str, Any]:
    noun = words.NOUNS.get(move.subject_type, move.subject_type)
    return {"move": move, "text": words.event_text(move.subject_type, move.event), "noun": noun}
