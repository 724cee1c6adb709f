"""What cancelling costs, in the reader's words."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from wanku.kinds.notice import WHOLE

DAY_HOURS = 24


def notice_words(table: Sequence[Mapping[str, Any]]) -> list[str]:
    """One sentence a row of the frozen table, the longest notice first, and what comes after the last."""
    rows = sorted(table, key=lambda row: -int(row["hours"]))
    said = [_row(int(row["hours"]), int(row["bp"])) for row in rows]
    if rows and int(rows[-1]["bp"]) < WHOLE:
        said.append(_("After that nothing is paid back."))
    return said


def _row(hours: int, bp: int) -> str:
    until = _until(hours)
    if bp == 0:
        return _("Free %(until)s.") % {"until": until}
    if bp >= WHOLE:
        return _("Nothing is paid back %(until)s.") % {"until": until}
    share = f"{bp / 100:g}"
    return _("%(until)s %(share)s %% is kept.") % {"until": until[:1].upper() + until[1:], "share": share}


def _until(hours: int) -> str:
    if hours == 0:
        return _("until it starts")
    if hours % DAY_HOURS == 0 and hours > DAY_HOURS:
        days = hours // DAY_HOURS
        return ngettext("until %(n)s day before", "until %(n)s days before", days) % {"n": days}
    return ngettext("until %(n)s hour before", "until %(n)s hours before", hours) % {"n": hours}
