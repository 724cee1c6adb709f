"""After something was done about a difference, its bill is compared again."""

from datetime import datetime

from wanku.flows.reconciling.match_bill import match_bill
from wanku.reconciliation.models import Bill, FinanceCase
from wanku.reconciliation.states import FETCHED, MATCHED


def look_again(case: FinanceCase, *, now: datetime) -> None:
    """Compare the bill of a case, if it is here, so that what was done shows in its sums."""
    if case.bill_id is not None and Bill.objects.filter(pk=case.bill_id, state__in=(FETCHED, MATCHED)).exists():
        match_bill(case.bill_id, now=now)
