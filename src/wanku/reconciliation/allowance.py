"""What a person of finance may still close alone today."""

from datetime import datetime
from typing import Final

from wanku.audit.rules import latest
from wanku.kernel.money import exponent
from wanku.ledger.days import begin_of, day_of, end_of
from wanku.reconciliation.models import FinanceCase
from wanku.reconciliation.policy import JUDGED, Allowance, stake
from wanku.reconciliation.states import RESOLVED

ALONE: Final = {"state": RESOLVED, "proposed_by": None, "resolution__in": [each.value for each in JUDGED]}


def allowance(person_id: int | None, currency: str, *, now: datetime) -> Allowance:
    """The limits in force, and what the person closed alone on this day of the books; three statements.

    Whoever is about to close a case holds the person's row locked meanwhile, so that two cases at once see each other.
    """
    day = day_of(now)
    rows = FinanceCase.objects.filter(
        **ALONE, resolved_by=person_id, currency=currency, resolved_at__gte=begin_of(day), resolved_at__lt=end_of(day)
    )
    used = sum(stake(*row) for row in rows.values_list("kind", "ours", "theirs"))
    unit = int(10 ** exponent(currency))
    return Allowance(latest("close_alone") * unit, latest("close_alone_day") * unit, used)
