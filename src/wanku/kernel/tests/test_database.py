"""Whether a connection still works is seen without asking the server, and rightly."""

from typing import Any

import pytest
from django.db import connection

pytestmark = pytest.mark.django_db(transaction=True)


def ended() -> None:
    """The server ends our connection, as it does when it is killed."""
    other = connection.copy()
    with connection.cursor() as cursor, other.cursor() as elsewhere:
        cursor.execute("SELECT pg_backend_pid()")
        elsewhere.execute("SELECT pg_terminate_backend(%s, 5000)", cursor.fetchone())
    other.close()


def test_a_quiet_connection_works_and_costs_nothing(django_assert_num_queries: Any) -> None:
    connection.ensure_connection()
    sent = connection.connection.info.backend_pid
    with django_assert_num_queries(0):
        assert connection.is_usable()
    assert connection.connection.info.backend_pid == sent


def test_one_that_the_server_ended_does_not() -> None:
    connection.ensure_connection()
    ended()
    assert not connection.is_usable()
    connection.close()
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    assert connection.is_usable()


def test_a_request_after_the_end_gets_a_new_one() -> None:
    """As in a web process: the check comes before the first statement of a request."""
    ours: Any = connection
    ours.ensure_connection()
    ended()
    ours.health_check_enabled, ours.health_check_done = True, False
    with ours.cursor() as cursor:
        cursor.execute("SELECT 1")
        assert cursor.fetchone() == (1,)
    ours.health_check_enabled = False


def test_one_that_says_something_unasked_is_asked() -> None:
    with connection.cursor() as cursor:
        cursor.execute("LISTEN wanku_test_said")
    other = connection.copy()
    with other.cursor() as cursor:
        cursor.execute("NOTIFY wanku_test_said")
    other.close()
    assert connection.is_usable()
    with connection.cursor() as cursor:
        cursor.execute("UNLISTEN *")
