"""The audit trail, to read and to take along."""

import csv
from collections.abc import Iterator
from typing import Any

from django.http import HttpResponse, StreamingHttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from wanku.access.can import Permission
from wanku.platform_desk import asked, words
from wanku.platform_desk.desk import page, show
from wanku.platform_desk.read import audit as read
from wanku.ui.request import Request

TRAILS = ("moves", "acts")


def _search(request: Request) -> read.Search:
    return read.Search(
        subject_type=asked.text(request, "subject"),
        subject_id=asked.text(request, "id"),
        what=asked.text(request, "what"),
        actor=asked.choice(request, "actor", words.PARTIES),
        person=asked.number(request, "person"),
        since=asked.day(request, "since"),
        until=asked.day(request, "until"),
    )


@require_safe
@page(Permission.AUDIT_SEE)
def listing(request: Request) -> HttpResponse:
    """Moves between states, or privileged acts (``trail=acts``)."""
    trail = asked.choice(request, "trail", TRAILS, "moves")
    wanted = _search(request)
    rows = read.acts(wanted) if trail == "acts" else read.moves(wanted)
    shown, older = read.portion(rows, asked.number(request, "before"))
    subjects, whats = read.kinds(trail)
    known = words.ACTS if trail == "acts" else {}
    context = {
        "trail": trail,
        "asked": wanted,
        "rows": [_row(row, trail) for row in shown],
        "older": older,
        "names": read.names(shown),
        "subjects": [("", _("All things")), *((name, words.NOUNS.get(name, name)) for name in subjects)],
        "whats": [("", _("All events")), *((name, known.get(name, name)) for name in whats)],
        "parties": [("", _("Everybody")), *words.PARTIES.items()],
        "tabs": [
            {"label": _("Moves"), "url": "?trail=moves", "current": trail == "moves"},
            {"label": _("Acts of staff"), "url": "?trail=acts", "current": trail == "acts"},
        ],
    }
    return show(request, "audit.html", context)


def _row(row: Any, trail: str) -> dict[str, Any]:
    text = words.act_text(row) if trail == "acts" else words.event_text(row.subject_type, row.event)
    party = "" if trail == "acts" else words.PARTIES.get(row.actor, row.actor)
    because = words.REASONS.get(row.because, row.because)
    return {
        "row": row,
        "text": text,
        "because": because,
        "party": party,
        "noun": words.NOUNS.get(row.subject_type, row.subject_type),
    }


@require_safe
@page(Permission.AUDIT_SEE)
def export(request: Request) -> StreamingHttpResponse:
    """The same rows as CSV (UTF-8 with a byte order mark, which spreadsheets need for Chinese)."""
    trail = asked.choice(request, "trail", TRAILS, "moves")
    wanted = _search(request)
    rows = (
        read.exported(read.acts(wanted), read.ACT_COLUMNS)
        if trail == "acts"
        else read.exported(read.moves(wanted), read.MOVE_COLUMNS)
    )
    response = StreamingHttpResponse(_lines(rows), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="wanku-{trail}-{request.now:%Y%m%d-%H%M}.csv"'
    return response


class _Line:
    """A file that gives back what is written."""

    def write(self, text: str) -> str:
        """The line itself."""
        return text


def _lines(rows: Iterator[Any]) -> Iterator[str]:
    writer = csv.writer(_Line())
    yield "\ufeff"
    for row in rows:
        yield writer.writerow(row)
