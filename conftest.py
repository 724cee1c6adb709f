"""The cast is available to every test, whether it sits beside its module or in ``tests``."""

from typing import Any

import pytest
from django.apps import apps
from django.db.backends.postgresql.operations import DatabaseOperations
from hypothesis import HealthCheck, settings

pytest_plugins = [
    "tests.cast",
    "tests.bank",
    "tests.banks",
    "tests.billed",
    "tests.clerk",
    "tests.market",
    "tests.payouts",
    "tests.sale",
    "tests.scripted",
    "tests.slots",
]


# Tests assert no times, and how long an example takes says more about the machine than about us.
settings.register_profile("wanku", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("wanku")


def pytest_addoption(parser: pytest.Parser) -> None:
    """Options of our own."""
    parser.addoption("--pictures", action="store_true", help="let the journeys take the pictures of docs/pictures")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Give Schemathesis' tests ids of their own again.

    pytest 9.2 makes the id from the function's name, without what Schemathesis adds in brackets to the test's; and of
    tests with one id, xdist runs only one.
    """
    for item in items:
        operation = getattr(item, "operation_label", None)
        if operation is not None and item.id.params is None:
            item._id = item.id.with_params(operation)  # noqa: SLF001 - pytest lets nobody name an item that exists


@pytest.fixture(autouse=True, scope="session")
def _emptied_after_each() -> None:
    """Tests that commit empty all tables afterwards; only the owner of the ledger's tables can, by switching it on.

    Django knows of managed models only, so the queue's tables are named here: a job left behind would be the next
    test's.
    """
    plain = DatabaseOperations.sql_flush
    queue = [model._meta.db_table for model in apps.get_app_config("procrastinate").get_models()]  # noqa: SLF001 - documented
    guards = {"ledger_entry": "entry_never_emptied", "ledger_posting": "posting_never_emptied"}

    def past_guards(self: DatabaseOperations, style: Any, tables: list[str], **options: Any) -> list[str]:
        off, on = (
            [f"ALTER TABLE {table} {word} TRIGGER {name}" for table, name in guards.items()]
            for word in ("DISABLE", "ENABLE")
        )
        return [*off, *plain(self, style, [*tables, *queue] if tables else [], **options), *on]

    DatabaseOperations.sql_flush = past_guards  # type: ignore[method-assign]
