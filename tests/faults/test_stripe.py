"""Cards at Stripe, from the order to the books: what only they do; the faults of all are in `test_channels`."""

import httpx
import pytest
from stripe import HTTPClient

from tests.banks import Banks
from tests.faults.ways import STRIPE, type_card
from tests.sale import Sale
from wanku.ledger.models import Entry
from wanku.payments.models import ChannelEvent

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _no_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(HTTPClient, "INITIAL_DELAY", 0.0)


def test_paid(banks: Banks, sale: Sale) -> None:
    attempt = STRIPE.begin(sale)
    type_card(banks, attempt)
    STRIPE.in_order(sale)
    assert banks.unheard() == 0
    attempt.refresh_from_db()
    assert attempt.channel_ref.startswith("pi_")


def test_told_by_every_event_that_there_is(banks: Banks, sale: Sale) -> None:
    account = banks.server.accounts()["stripe"]
    told = httpx.post(
        f"{account['public']['base_url']}/v1/webhook_endpoints",
        headers={"Authorization": f"Bearer {account['secret']['secret_key']}"},
        data={"url": "http://testserver/hooks/payments/stripe", "enabled_events[0]": "*"},
        trust_env=False,
    )
    assert told.json()["secret"] == account["secret"]["webhook_secret"]
    type_card(banks, STRIPE.begin(sale))
    assert len(banks.answers) == 3
    STRIPE.in_order(sale)
    assert banks.unheard() == 0, "what is not used is heard as well"
    assert ChannelEvent.objects.count() == 2, "and leaves nothing"


def test_declined_and_then_another_card(banks: Banks, sale: Sale) -> None:
    attempt = STRIPE.begin(sale)
    type_card(banks, attempt, "4000000000009995")
    attempt.refresh_from_db()
    assert attempt.state == "pending" and not Entry.objects.exists()
    type_card(banks, attempt)
    STRIPE.in_order(sale)
