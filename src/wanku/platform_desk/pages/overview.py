"""The first page."""

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from wanku.access.can import Permission
from wanku.platform_desk import words
from wanku.platform_desk.desk import page, show
from wanku.platform_desk.read.overview import CHART_HEIGHT, overview
from wanku.ui.request import Request

STEP, WIDTH = 40, 24


@require_safe
@page(Permission.PLATFORM_SEE)
def show_overview(request: Request) -> HttpResponse:
    """What waits, what the clocks did, how trade goes."""
    seen = overview(request.now)
    bars = [
        {"day": day, "x": STEP * index + (STEP - WIDTH) // 2, "y": CHART_HEIGHT - day.bar, "label": STEP * index}
        for index, day in enumerate(seen.days)
    ]
    clocks = [{**row, "text": words.event_text(row["subject_type"], row["event"])} for row in seen.clocks]
    size = {"width": STEP * len(bars), "bar": WIDTH, "ground": CHART_HEIGHT, "height": CHART_HEIGHT + 22}
    return show(request, "overview.html", {"seen": seen, "bars": bars, "size": size, "clocks": clocks})
