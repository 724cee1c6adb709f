"""One answer for each key of work that leaves the database."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection

from tests.cast import NOW
from wanku.flows.repeating.answer_once import Answer
from wanku.flows.repeating.answer_outside import LEASE, answer_outside
from wanku.kernel.models import RequestKey
from wanku.kernel.refusal import NOT_FOUND, Refusal

CALL: dict[str, Any] = {"scope": "person:1", "key": "key-00000001", "body": {"a": 1}}


@pytest.mark.django_db(transaction=True)
def test_no_transaction_is_open_during_the_work() -> None:
    def act() -> tuple[int, Any]:
        return 201, {"in_transaction": connection.in_atomic_block}

    first = answer_outside(**CALL, act=act, now=NOW)
    assert first == Answer(201, {"in_transaction": False}, repeated=False)
    assert answer_outside(**CALL, act=act, now=NOW + LEASE).repeated


@pytest.mark.django_db
def test_a_repeat_during_the_work_is_told_to_wait() -> None:
    later = NOW + timedelta(seconds=1)

    def act() -> tuple[int, Any]:
        with pytest.raises(Refusal, match="request_in_flight"):
            answer_outside(**CALL, act=lambda: (500, "never"), now=later)
        return 201, {}

    assert answer_outside(**CALL, act=act, now=NOW) == Answer(201, {}, repeated=False)


@pytest.mark.django_db
def test_a_key_whose_worker_died_is_free_again_after_a_minute() -> None:
    def die() -> tuple[int, Any]:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        answer_outside(**CALL, act=die, now=NOW)
    with pytest.raises(Refusal, match="request_in_flight"):
        answer_outside(**CALL, act=lambda: (201, {}), now=NOW + LEASE / 2)
    assert not answer_outside(**CALL, act=lambda: (201, {}), now=NOW + LEASE).repeated


@pytest.mark.django_db
def test_a_refusal_frees_the_key() -> None:
    def refuse() -> tuple[int, Any]:
        raise Refusal(NOT_FOUND)

    with pytest.raises(Refusal, match="not_found"):
        answer_outside(**CALL, act=refuse, now=NOW)
    assert not RequestKey.objects.exists()


@pytest.mark.django_db
def test_another_body_is_refused() -> None:
    answer_outside(**CALL, act=lambda: (201, {}), now=NOW)
    with pytest.raises(Refusal, match="request_key_reused"):
        answer_outside(**{**CALL, "body": 2}, act=lambda: (201, {}), now=NOW)
