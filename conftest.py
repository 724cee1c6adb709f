"""The cast is available to every test, whether it sits beside its module or in ``tests``."""

import pytest

pytest_plugins = ["tests.cast", "tests.bank", "tests.banks", "tests.sale", "tests.market"]


def pytest_addoption(parser: pytest.Parser) -> None:
    """Options of our own."""
    parser.addoption("--pictures", action="store_true", help="let the journeys take the pictures of docs/pictures")
