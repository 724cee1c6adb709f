"""The hours of a week as a form has them."""

from collections.abc import Mapping, Sequence

from django.http import QueryDict
from django.utils.dates import WEEKDAYS

from wanku.kernel.refusal import Refusal
from wanku.kinds.visit.hours import Window
from wanku.kinds.visit.hours_text import read_hours


def read_week(post: QueryDict, name: str, refused: list[Refusal]) -> dict[int, Sequence[Window]]:
    """The fields ``<name>-0`` (Monday) to ``<name>-6``; what cannot be read is added to ``refused``."""
    week: dict[int, Sequence[Window]] = {}
    for weekday in range(7):
        try:
            windows = read_hours(post.get(f"{name}-{weekday}", ""), f"{name}.{weekday}")
        except Refusal as refusal:
            refused.append(refusal)
            continue
        if windows:
            week[weekday] = windows
    return week


def weekdays() -> Mapping[int, str]:
    """Names in the reader's language, 0 is Monday."""
    return {number: str(name) for number, name in WEEKDAYS.items()}
