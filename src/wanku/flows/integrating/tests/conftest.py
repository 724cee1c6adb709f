"""A channel whose account has a field of each kind."""

import pytest

from wanku.payments.fields import AccountField, matches, private_key
from wanku.payments.gateways import GATEWAYS
from wanku.payments.gateways.sandbox.gateway import SandboxGateway


@pytest.fixture
def toll(monkeypatch: pytest.MonkeyPatch) -> str:
    """Its name."""
    channel = SandboxGateway()
    channel.name = "toll"
    channel.fields = (
        AccountField("app_id", "Application", check=matches(r"\d{4}", "Four digits.")),
        AccountField("note", "Note", required=False),
        AccountField("word", "Shared secret", secret=True),
        AccountField("key", "Private key", secret=True, long=True, required=False, check=private_key),
    )
    monkeypatch.setitem(GATEWAYS, "toll", channel)
    return channel.name
