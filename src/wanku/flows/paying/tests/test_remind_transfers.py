"""The clock of reported transfers."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from tests.cast import NOW
from tests.transfers import Desk, by_transfer, desk
from wanku.audit.models import Move
from wanku.flows.paying.remind_transfers import remind_transfers
from wanku.flows.talking.tell_moves import tell_moves
from wanku.ledger.models import Entry
from wanku.notices.models import Notice
from wanku.payments.models import Attempt

__all__ = ["by_transfer", "desk"]
pytestmark = pytest.mark.django_db


def test_silence_is_a_reminder_and_never_money(by_transfer: Callable[..., Attempt], desk: Desk) -> None:
    transfer = desk.report(by_transfer().number)
    assert remind_transfers(now=NOW + timedelta(hours=23)) == 0
    for days in (1, 2, 3):
        assert remind_transfers(now=NOW + timedelta(days=days, minutes=1)) == 1
        assert remind_transfers(now=NOW + timedelta(days=days, minutes=2)) == 0
    tell_moves(now=NOW + timedelta(days=3, hours=1), limit=100)
    notices = Notice.objects.filter(kind="transfer_waits")
    assert notices.count() == 3 and {notice.link for notice in notices} == {"/platform/transfers/"}
    transfer.refresh_from_db()
    assert transfer.state == "reported" and not Entry.objects.exists()
    assert Move.objects.filter(subject_type="bank_transfer", event="remind").count() == 3
    desk.confirm(transfer)
    assert remind_transfers(now=NOW + timedelta(days=30)) == 0
