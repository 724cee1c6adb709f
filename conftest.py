"""The cast is available to every test, whether it sits beside its module or in ``tests``."""

pytest_plugins = ["tests.cast", "tests.bank"]
