"""Columns as array literals: PostgreSQL reads back exactly what was written."""

import uuid
from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from wanku.kernel.arrays import BETWEEN, Ask, columns, execute, execute_together, literal, unnest

texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=20)
maybe = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)


def back(values: list[Any], kind: str) -> list[Any]:
    return [row[0] for row in execute(f"SELECT v FROM unnest($1::{kind}[]) v", [literal(values, kind)])]  # noqa: S608


@pytest.mark.django_db
@maybe
@given(st.lists(st.one_of(st.none(), texts), max_size=6))
def test_texts_come_back_as_they_were(values: list[str | None]) -> None:
    assert back(values, "text") == values


@pytest.mark.django_db
@pytest.mark.parametrize(
    "values", [["", ""], ['a"b', "c\\d"], ["{x}", "a,b"], ["NULL", None], [f"a{BETWEEN}b", "c"], [], ["安"]]
)
def test_texts_that_mean_something_in_a_literal(values: list[str | None]) -> None:
    assert back(values, "text") == values


@pytest.mark.django_db
def test_other_types() -> None:
    ids, now = [uuid.uuid4(), None], datetime(2026, 11, 21, 12, tzinfo=UTC)
    assert back(ids, "uuid") == ids
    assert back([1, None, -(2**62)], "bigint") == [1, None, -(2**62)]
    assert back([b"\x00\xff", b""], "bytea") == [b"\x00\xff", b""]
    assert back([now, None], "timestamptz") == [now, None]
    asked: list[Any] = [{"a": ['"', "\\", "安", None]}, None, []]
    sql = "SELECT v ->> 'a', v IS NULL FROM unnest($1::jsonb[]) v"
    assert execute(sql, [literal(asked, "jsonb")]) == [
        ('["\\"", "\\\\", "安", null]', False),
        (None, True),
        (None, False),
    ]


@pytest.mark.django_db
def test_rows_travel_as_columns() -> None:
    spec = {"id": "bigint", "name": "text"}
    rows = [{"id": 1, "name": "a"}, {"id": 2, "name": "b"}]
    found = execute(f"SELECT * FROM {unnest(spec, 1, 't')}", columns(spec, rows))  # noqa: S608
    assert found == [(1, "a"), (2, "b")]


@pytest.mark.django_db
def test_statements_are_counted_like_others(django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(1):
        assert execute("SELECT $1::int + 1", [1]) == [(2,)]


@pytest.mark.django_db
def test_statements_sent_together_answer_in_their_order(django_assert_num_queries: Any) -> None:
    setting = "SELECT current_setting('enable_seqscan') = $1"
    with django_assert_num_queries(4):
        answers = execute_together(
            [
                Ask("SELECT $1::int + 1", [1]),
                Ask("SET LOCAL enable_seqscan = off", []),
                Ask(setting, ["off"], prepared=False),
                Ask("SELECT v FROM unnest($1::int[]) v", ["{3,4}"]),
            ]
        )
    assert answers == [[(2,)], [], [(True,)], [(3,), (4,)]]


@pytest.mark.django_db(transaction=True)
def test_a_statement_that_fails_is_told_as_itself_and_ends_those_after_it() -> None:
    """Not as what it did to the others; the connection is good afterwards."""
    with pytest.raises(DatabaseError, match="division by zero"), transaction.atomic():
        execute_together([Ask("SELECT 1", []), Ask("SELECT 1 / $1::int", [0]), Ask("SELECT 2", [])])
    assert execute("SELECT current_setting('enable_seqscan')", []) == [("on",)]
