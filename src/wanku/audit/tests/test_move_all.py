"""Many moves in one statement: all or none."""

from datetime import timedelta

import pytest
from django.db import DataError, transaction

from tests.cast import NOW, open_shop
from tests.statements import statements
from wanku.audit.models import Move
from wanku.audit.move import By, RowStep, Step, move_all, move_rows
from wanku.kernel.refusal import Refusal
from wanku.kernel.states import BUYER, CLOCK, PLATFORM
from wanku.merchants.models import Merchant


@pytest.fixture
def applicants(db: None) -> list[Merchant]:
    """Three shops that wait for a decision."""
    return [open_shop(f"shop{n}", f"店{n}", state="applying").merchant for n in range(3)]


def test_all_in_one_statement(applicants: list[Merchant]) -> None:
    due = NOW + timedelta(days=1)
    with statements() as sent:
        move_all([Step(m, due_at=due, facts={"n": m.pk}) for m in applicants], "overdue", by=By(CLOCK), now=NOW)
    assert len(sent) == 1
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


def test_nothing_to_do(db: None) -> None:
    with statements() as sent:
        move_all([], "approve", by=By(PLATFORM), now=NOW)
        move_rows(Merchant, [], "approve", by=By(PLATFORM), now=NOW)
    assert sent == []


def test_rows_move_without_objects_and_may_take_columns_along(applicants: list[Merchant]) -> None:
    rows = [RowStep(m.pk, m.state, m.pk, None) for m in applicants]
    reasons = [f'{m.name}, “quoted” \\ and "more"' for m in applicants]
    with statements() as sent:
        move_rows(
            Merchant,
            rows,
            "approve",
            by=By(PLATFORM, 5),
            now=NOW,
            also={"contact_name": "Zhào"},
            each={"decided_because": reasons},
        )
    assert len(sent) == 1
    found = Merchant.objects.order_by("pk").values_list("state", "due_at", "contact_name", "decided_because")
    assert list(found) == [("active", None, "Zhào", reason) for reason in reasons]
    moves = Move.objects.order_by("id").values_list("subject_id", "from_state", "to_state", "actor_id", "because")
    assert list(moves) == [(str(m.pk), "applying", "active", 5, "") for m in applicants]


def test_rows_are_judged_as_things_are(applicants: list[Merchant]) -> None:
    rows = [RowStep(m.pk, m.state, m.pk, None) for m in applicants]
    bad = [*rows[:2], rows[2]._replace(state="declined")]
    with pytest.raises(Refusal) as refused:
        move_rows(Merchant, bad, "approve", by=By(PLATFORM), now=NOW)
    assert refused.value.code.name == "wrong_state"
    with pytest.raises(Refusal):
        move_rows(Merchant, rows, "approve", by=By(BUYER), now=NOW)
    with pytest.raises(ValueError, match="deadline"):
        move_rows(Merchant, [*rows[:2], rows[2]._replace(due_at=NOW)], "approve", by=By(PLATFORM), now=NOW)
    with pytest.raises(DataError), transaction.atomic():
        move_rows(Merchant, rows, "approve", by=By(PLATFORM), now=NOW, each={"decided_because": ["x" * 501] * 3})
    assert not Move.objects.exists()
    assert set(Merchant.objects.values_list("state", flat=True)) == {"applying"}
