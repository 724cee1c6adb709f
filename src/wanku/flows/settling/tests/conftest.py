"""The bank that carries payouts, set up."""

import pytest

from tests.banks import Banks


@pytest.fixture
def banks(banks: Banks) -> Banks:
    """Payment channels are set up by themselves; the bank for payouts is not one of them."""
    banks.introduce("payout")
    return banks
