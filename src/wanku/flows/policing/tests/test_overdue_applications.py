"""Nobody looked at an application in time."""

from datetime import timedelta

import pytest

from tests.cast import NOW, Shop, open_shop
from wanku.audit.models import Move
from wanku.flows.policing.overdue_applications import overdue_applications
from wanku.kernel.deadlines import DEFAULTS
from wanku.merchants.models import Merchant


@pytest.mark.django_db
def test_reminds_and_never_opens(bo: Shop) -> None:
    late, soon = (open_shop(slug, slug, state="applying").merchant for slug in ("late", "soon"))
    Merchant.objects.filter(pk=late.pk).update(due_at=NOW)
    Merchant.objects.filter(pk=soon.pk).update(due_at=NOW + timedelta(seconds=1))

    assert overdue_applications(now=NOW) == 1

    late.refresh_from_db()
    assert late.state == "applying"
    assert late.due_at == NOW + timedelta(seconds=DEFAULTS["approve_merchant"])
    moved = Move.objects.get()
    assert (moved.event, moved.actor, moved.merchant_id) == ("overdue", "clock", late.pk)
    assert overdue_applications(now=NOW) == 0


@pytest.mark.django_db
def test_in_batches() -> None:
    for number in range(3):
        open_shop(f"s{number}", f"s{number}", state="applying")
    Merchant.objects.update(due_at=NOW)
    assert [overdue_applications(now=NOW, limit=2), overdue_applications(now=NOW, limit=2)] == [2, 1]
