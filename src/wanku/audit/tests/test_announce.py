"""What is said after a commit: once a transaction, short, and never at the cost of the caller."""

import logging
from collections.abc import Iterator
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from tests.bought import placed
from tests.cast import NOW, Shop, product_of
from tests.served import database_url
from wanku.access.actor import Actor
from wanku.audit import announce
from wanku.audit.models import Move
from wanku.audit.move import By, Step, move_all, note
from wanku.merchants.models import Merchant

transactional = pytest.mark.django_db(transaction=True)


@pytest.fixture
def heard(transactional_db: None) -> Iterator[Any]:
    """What another connection hears, as sets of subjects."""
    with psycopg.connect(database_url(), autocommit=True) as listener:
        listener.execute(f"LISTEN {announce.CHANNEL}")
        yield lambda: [announce.subjects_of(told.payload) for told in listener.notifies(timeout=0.2)]


def say(merchant: Merchant) -> None:
    note(merchant, "warn", by=By("platform"), now=NOW)


def say_and_fail(merchant: Merchant) -> None:
    with transaction.atomic():
        say(merchant)
        transaction.set_rollback(True)


@transactional
def test_one_transaction_says_one_thing_after_its_commit(bo: Shop, cy: Shop, heard: Any) -> None:
    with CaptureQueriesContext(connection) as queries, transaction.atomic():
        say(bo.merchant)
        with transaction.atomic():
            say(cy.merchant)
        say(bo.merchant)
        assert not [q for q in queries.captured_queries if "pg_notify" in q["sql"]]
    assert len([q for q in queries.captured_queries if "pg_notify" in q["sql"]]) == 1
    assert heard() == [{bo.merchant.pk, cy.merchant.pk}]


@transactional
def test_what_was_rolled_back_is_not_said(bo: Shop, cy: Shop, heard: Any) -> None:
    say_and_fail(cy.merchant)
    assert heard() == []
    with transaction.atomic():
        say(bo.merchant)
    assert heard() == [{bo.merchant.pk}], "the rolled back transaction speaks in the next one"


@transactional
def test_a_rolled_back_part_silences_nobody(bo: Shop, cy: Shop, heard: Any) -> None:
    with transaction.atomic():
        say_and_fail(cy.merchant)
        say(bo.merchant)
    assert bo.merchant.pk in set().union(*heard())


@transactional
def test_moves_of_many_are_one(bo: Shop, cy: Shop, heard: Any) -> None:
    with transaction.atomic():
        move_all([Step(bo.merchant), Step(cy.merchant)], "restrict", by=By("platform"), now=NOW)
    assert heard() == [{bo.merchant.pk, cy.merchant.pk}]


@transactional
def test_a_failure_is_logged_and_changes_nothing(
    bo: Shop, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(announce, "CHANNEL", "x" * 200)  # longer than a name may be
    with caplog.at_level(logging.ERROR), transaction.atomic():
        say(bo.merchant)
    assert Move.objects.count() == 1
    assert "channel name" in caplog.text
    say(bo.merchant)
    assert Move.objects.count() == 2


@transactional
def test_placing_an_order_says_nothing(bo: Shop, guest_actor: Actor, heard: Any) -> None:
    """Nobody can look at it yet, and the desk sees it when it is paid."""
    placed(guest_actor, (product_of(bo.merchant), 1))
    assert Move.objects.filter(event="place").count() == 2
    assert heard() == []


def test_payloads_are_short_and_complete() -> None:
    subjects: set[announce.Subject] = {uuid4() for _ in range(600)} | set(range(1, 2000))
    told = announce.payloads(subjects)
    assert len(told) > 1 and max(map(len, told)) <= announce.PAYLOAD_MAX
    assert set().union(*map(announce.subjects_of, told)) == subjects
    assert announce.payloads([]) == []


@pytest.mark.parametrize(
    "payload", ["", "[]", "{}", "null", '{"t":[1],"m":[]}', '{"t":["x"],"m":[]}', '{"t":[],"m":["x"]}']
)
def test_what_is_none_of_ours_is_refused(payload: str) -> None:
    with pytest.raises(ValueError, match=r".*"):
        announce.subjects_of(payload)


def test_both_kinds_come_back() -> None:
    trade = UUID(int=7)
    assert announce.subjects_of(announce.payloads({trade, 7})[0]) == {trade, 7}
