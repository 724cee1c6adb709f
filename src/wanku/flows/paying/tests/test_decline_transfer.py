"""Taking a report off the list."""

from collections.abc import Callable

import pytest

from tests.cast import NOW
from tests.transfers import Desk, by_transfer, desk
from wanku.audit.models import Act
from wanku.flows.paying.decline_transfer import decline_transfer
from wanku.kernel.ids import new_id
from wanku.kernel.refusal import Refusal
from wanku.ledger.models import Entry
from wanku.payments.models import Attempt

__all__ = ["by_transfer", "desk"]
pytestmark = pytest.mark.django_db


def test_with_a_reason_and_once(by_transfer: Callable[..., Attempt], desk: Desk) -> None:
    transfer = desk.report(by_transfer().number)
    with pytest.raises(Refusal, match="bad_value"):
        decline_transfer(transfer.pk, because=" ", actor=desk.max, now=NOW)
    decline_transfer(transfer.pk, because="流水里没有", actor=desk.max, now=NOW)
    with pytest.raises(Refusal, match="wrong_state"):
        decline_transfer(transfer.pk, because="流水里没有", actor=desk.max, now=NOW)
    with pytest.raises(Refusal, match="not_found"):
        decline_transfer(new_id(), because="流水里没有", actor=desk.max, now=NOW)
    assert Act.objects.get(verb="decline_transfer").because == "流水里没有" and not Entry.objects.exists()
