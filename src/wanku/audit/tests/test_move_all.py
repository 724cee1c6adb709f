"""Many moves in two statements: all or none."""

from datetime import timedelta
from typing import Any

import pytest

from tests.cast import NOW, open_shop
from wanku.audit.models import Move
from wanku.audit.move import By, Step, move_all
from wanku.kernel.refusal import Refusal
from wanku.kernel.states import BUYER, CLOCK, PLATFORM
from wanku.merchants.models import Merchant


@pytest.fixture
def applicants(db: None) -> list[Merchant]:
    """Three shops that wait for a decision."""
    return [open_shop(f"shop{n}", f"店{n}", state="applying").merchant for n in range(3)]


def test_all_in_two_statements(applicants: list[Merchant], django_assert_num_queries: Any) -> None:
    due = NOW + timedelta(days=1)
    with django_assert_num_queries(2):
        move_all([Step(m, due_at=due, facts={"n": m.pk}) for m in applicants], "overdue", by=By(CLOCK), now=NOW)
    assert set(Merchant.objects.values_list("state", "due_at")) == {("applying", due)}
    moves = Move.objects.order_by("id")
    assert [(m.subject_id, m.merchant_id, m.facts, m.event, m.actor) for m in moves] == [
        (str(m.pk), m.pk, {"n": m.pk}, "overdue", "clock") for m in applicants
    ]


def test_one_that_does_not_fit_stops_all(applicants: list[Merchant]) -> None:
    applicants[2].state = "declined"
    with pytest.raises(Refusal) as refused:
        move_all([Step(m) for m in applicants], "approve", by=By(PLATFORM), now=NOW)
    assert refused.value.code.name == "wrong_state"
    with pytest.raises(Refusal):
        move_all([Step(m) for m in applicants[:2]], "approve", by=By(BUYER), now=NOW)
    with pytest.raises(ValueError, match="deadline"):
        move_all([Step(m, due_at=NOW) for m in applicants[:2]], "approve", by=By(PLATFORM), now=NOW)
    assert [m.state for m in applicants] == ["applying", "applying", "declined"]
    assert not Move.objects.exists()


def test_nothing_to_do(django_assert_num_queries: Any, db: None) -> None:
    with django_assert_num_queries(0):
        move_all([], "approve", by=By(PLATFORM), now=NOW)
