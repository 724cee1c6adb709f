"""States change in one way only."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from tests.cast import NOW, Shop
from wanku.audit import rules
from wanku.audit.models import Move
from wanku.audit.move import By, move, note
from wanku.kernel.refusal import Refusal

pytestmark = pytest.mark.django_db


def test_a_move_is_recorded_with_who_and_why(bo: Shop) -> None:
    move(bo.merchant, "restrict", by=By("platform", 5), now=NOW, because="late", facts={"lapses": 3})
    bo.merchant.refresh_from_db()
    row = Move.objects.get()
    assert bo.merchant.state == "restricted"
    assert (row.from_state, row.to_state, row.actor, row.actor_id) == ("active", "restricted", "platform", 5)
    assert (row.merchant_id, row.because, row.facts) == (bo.merchant.pk, "late", {"lapses": 3})


def test_what_the_table_does_not_know_is_refused(bo: Shop) -> None:
    for event, by, code in [("approve", "platform", "wrong_state"), ("restrict", "merchant", "not_allowed")]:
        with pytest.raises(Refusal) as no:
            move(bo.merchant, event, by=By(by), now=NOW)
        assert no.value.code.name == code
    bo.merchant.refresh_from_db()
    assert bo.merchant.state == "active" and not Move.objects.exists()


def test_a_waiting_state_needs_a_clock_and_others_have_none(bo: Shop) -> None:
    with pytest.raises(ValueError, match="deadline"):
        move(bo.merchant, "restrict", by=By("platform"), now=NOW, due_at=NOW)
    assert not Move.objects.exists()


def test_a_note_changes_nothing(bo: Shop) -> None:
    note(bo.merchant, "warn", by=By("platform"), now=NOW)
    assert (Move.objects.get().from_state, Move.objects.get().to_state) == ("active", "active")


@pytest.mark.parametrize("sql", ["UPDATE audit_move SET event = 'x'", "DELETE FROM audit_move"])
def test_moves_are_append_only(bo: Shop, sql: str) -> None:
    note(bo.merchant, "warn", by=By("platform"), now=NOW)
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)
    Move.objects.update(sent_at=NOW)
    assert Move.objects.get().event == "warn"


def test_rules_are_rows_with_a_history() -> None:
    assert rules.due("pay_goods", NOW) == NOW + timedelta(minutes=15)
    rules.change("pay_goods", 600, set_by=1, because="shorter", now=NOW)
    rules.change("pay_goods", 1200, set_by=1, because="longer", now=NOW + timedelta(days=1))
    assert rules.current()["pay_goods"] == 1200
    with pytest.raises(KeyError):
        rules.change("nonsense", 1, set_by=1, because="x", now=NOW)
