"""Stripe's events: proven or refused, byte by byte, and what each kind says."""

import json
import time
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import pytest
from stripe import WebhookSignature

from tests.banks import Banks
from tests.cast import NOW
from wanku.payments.accounts import accounts_of, add_account, forget
from wanku.payments.channel import ChannelResult, ChannelState, NoticeRefused, RefundResult, RefundState
from wanku.payments.gateways import GATEWAYS
from wanku.payments.models import ChannelAccount

STRIPE = GATEWAYS["stripe"]
SESSION: dict[str, Any] = {
    "id": "cs_test_1", "object": "checkout.session", "amount_total": 500, "currency": "cny",
    "metadata": {"number": "N1"}, "payment_intent": "pi_1", "payment_status": "paid", "status": "complete",
}  # fmt: skip
INTENT: dict[str, Any] = {
    "id": "pi_1", "object": "payment_intent", "amount": 500, "amount_received": 500, "currency": "cny",
    "metadata": {"number": "N1"}, "status": "succeeded", "last_payment_error": None,
}  # fmt: skip
REFUND: dict[str, Any] = {
    "id": "re_1", "object": "refund", "amount": 200, "currency": "cny", "metadata": {"number": "R1"},
    "payment_intent": "pi_1", "status": "succeeded",
}  # fmt: skip


@pytest.fixture(autouse=True)
def _account(banks: Banks) -> None:
    """The shop is introduced."""


def signed(
    kind: str, thing: Mapping[str, Any], at: datetime = NOW, secret: str = "", **other: Any
) -> tuple[dict[str, str], bytes]:
    """An event as Stripe's own library signs it."""
    event = {"id": "evt_1", "object": "event", "type": kind, "livemode": False, "data": {"object": thing}, **other}
    body = json.dumps(event, ensure_ascii=False)
    secret = secret or accounts_of("stripe")[0].secret["webhook_secret"]
    header = WebhookSignature.generate_signature_header(body, secret, int(at.timestamp()))
    return {"Stripe-Signature": header}, body.encode()


@pytest.mark.parametrize(
    ("kind", "thing", "state", "amount"),
    [
        ("checkout.session.completed", {}, ChannelState.CAPTURED, 500),
        ("checkout.session.completed", {"payment_status": "unpaid"}, ChannelState.PENDING, None),
        ("checkout.session.async_payment_succeeded", {}, ChannelState.CAPTURED, 500),
        ("checkout.session.async_payment_failed", {"payment_status": "unpaid"}, ChannelState.FAILED, None),
        ("checkout.session.expired", {"payment_status": "unpaid", "payment_intent": None}, ChannelState.CLOSED, None),
    ],
)
def test_sessions(kind: str, thing: Mapping[str, Any], state: ChannelState, amount: int | None) -> None:
    result = STRIPE.parse_notice(*signed(kind, {**SESSION, **thing}), NOW)
    assert isinstance(result, ChannelResult)
    assert (result.number, result.state, result.amount, result.event_id) == ("N1", state, amount, "evt_1")
    assert result.channel_ref == ("pi_1" if amount else "cs_test_1")


def test_intents() -> None:
    result = STRIPE.parse_notice(*signed("payment_intent.succeeded", INTENT), NOW)
    assert isinstance(result, ChannelResult)
    assert (result.state, result.amount, result.currency) == (ChannelState.CAPTURED, 500, "CNY")
    refused = INTENT | {
        "status": "requires_payment_method", "amount_received": 0,
        "last_payment_error": {"code": "card_declined", "decline_code": "insufficient_funds"},
    }  # fmt: skip
    result = STRIPE.parse_notice(*signed("payment_intent.payment_failed", refused), NOW)
    assert isinstance(result, ChannelResult)
    # The page stays open for another card, so the attempt has not failed.
    assert (result.state, result.amount, result.failure) == (ChannelState.PENDING, None, "insufficient_funds")


@pytest.mark.parametrize(
    ("kind", "status", "state"),
    [
        ("refund.created", "pending", RefundState.PROCESSING),
        ("refund.updated", "requires_action", RefundState.PROCESSING),
        ("refund.updated", "succeeded", RefundState.SUCCEEDED),
        ("charge.refund.updated", "succeeded", RefundState.SUCCEEDED),
        ("refund.updated", "canceled", RefundState.FAILED),
        ("refund.failed", "failed", RefundState.FAILED),
        ("refund.updated", "new_word", RefundState.PROCESSING),
    ],
)
def test_refunds(kind: str, status: str, state: RefundState) -> None:
    result = STRIPE.parse_notice(*signed(kind, REFUND | {"status": status}), NOW)
    assert isinstance(result, RefundResult)
    assert (result.gateway, result.number, result.state, result.amount) == ("stripe", "R1", state, 200)


@pytest.mark.parametrize(
    ("kind", "thing"),
    [
        ("charge.refunded", {"id": "ch_1", "metadata": {"number": "N1"}}),
        ("customer.created", {"id": "cus_1"}),
        ("payment_intent.succeeded", INTENT | {"metadata": {}}),
        ("refund.created", REFUND | {"metadata": None}),
    ],
)
def test_what_is_not_for_us_says_nothing(kind: str, thing: Mapping[str, Any]) -> None:
    assert STRIPE.parse_notice(*signed(kind, thing), NOW) is None


def test_every_changed_byte_is_refused() -> None:
    headers, body = signed("payment_intent.succeeded", INTENT)
    header = headers["Stripe-Signature"].encode()
    assert STRIPE.parse_notice(headers, body, NOW) is not None
    for place in range(len(body)):
        for bit in (1, 0x20, 0x80):
            refused(header, body[:place] + bytes([body[place] ^ bit]) + body[place + 1 :])
    for place in range(len(header)):
        for bit in (1, 0x20):
            refused(header[:place] + bytes([header[place] ^ bit]) + header[place + 1 :], body)
    for shorter in (body[:-1], body + b" ", b""):
        refused(header, shorter)


def refused(header: bytes, body: bytes, now: datetime = NOW) -> None:
    """Nothing is read of it."""
    with pytest.raises(NoticeRefused):
        STRIPE.parse_notice({"Stripe-Signature": header.decode("latin-1")}, body, now)


@pytest.mark.parametrize("seconds", [-301, 301, 86_400])
def test_too_old_or_from_the_future(seconds: int) -> None:
    headers, body = signed("payment_intent.succeeded", INTENT, NOW - timedelta(seconds=seconds))
    refused(headers["Stripe-Signature"].encode(), body)
    headers, body = signed("payment_intent.succeeded", INTENT, NOW - timedelta(seconds=299 if seconds > 0 else -299))
    assert STRIPE.parse_notice(headers, body, NOW) is not None


def test_an_old_one_with_a_second_time_is_refused() -> None:
    """The SDK verifies with the first time that it can read as a number, so that must be the only one."""
    headers, body = signed("payment_intent.succeeded", INTENT, NOW - timedelta(days=1))
    old, mark = headers["Stripe-Signature"].split(",")
    new = f"t={int(NOW.timestamp())}"
    for header in (f"{old},{new},{mark}", f"t=+{old[2:]},{new},{mark}", f"{new},{old},{mark}", f"{old},{mark},{new}"):
        refused(header.encode(), body)
    secret = accounts_of("stripe")[0].secret["webhook_secret"]
    WebhookSignature.verify_header(body, f"t=+{old[2:]},{new},{mark}", secret)  # it would have passed


@pytest.mark.parametrize("header", ["", "t=1", "v1=00", "t=,v1=", "t=x,v1=" + "0" * 64])
def test_nonsense_is_refused(header: str) -> None:
    refused(header.encode(), b"{}")


def test_a_stranger_is_refused() -> None:
    headers, body = signed("payment_intent.succeeded", INTENT, secret="whsec_stranger")
    refused(headers["Stripe-Signature"].encode(), body)


def test_another_scheme_proves_nothing() -> None:
    headers, body = signed("payment_intent.succeeded", INTENT)
    refused(headers["Stripe-Signature"].replace("v1=", "v0=").encode(), body)


@pytest.mark.parametrize("other", [{"livemode": True}, {"account": "acct_somebody"}, {"object": "v2.core.event"}])
def test_test_and_real_and_other_accounts_do_not_mix(other: Mapping[str, Any]) -> None:
    headers, body = signed("payment_intent.succeeded", INTENT, **other)
    refused(headers["Stripe-Signature"].encode(), body)
    account = accounts_of("stripe")[0].public["account_id"]
    assert STRIPE.parse_notice(*signed("payment_intent.succeeded", INTENT, account=account), NOW) is not None


def test_truly_signed_nonsense_is_refused_too() -> None:
    for thing in ({"metadata": {"number": "N1"}}, {**INTENT, "amount_received": "much"}, {**INTENT, "metadata": "N1"}):
        headers, body = signed("payment_intent.succeeded", thing)
        refused(headers["Stripe-Signature"].encode(), body)


def test_while_a_secret_is_replaced_both_prove() -> None:
    old = accounts_of("stripe")[0]
    public, key = dict(old.public), old.secret["secret_key"]
    add_account(
        "stripe", public=public, secret={"secret_key": key, "webhook_secret": "whsec_new_one"}, set_by=None, now=NOW
    )
    before = signed("payment_intent.succeeded", INTENT, secret=old.secret["webhook_secret"])
    after = signed("payment_intent.succeeded", INTENT, secret="whsec_new_one")
    # Stripe signs with both for a day after a roll.
    both = {"Stripe-Signature": f"{before[0]['Stripe-Signature']},{after[0]['Stripe-Signature'].split(',')[1]}"}
    for headers, body in (before, after, (both, before[1])):
        assert STRIPE.parse_notice(headers, body, NOW) is not None
    ChannelAccount.objects.filter(pk=old.key).update(until=NOW)
    forget()
    refused(before[0]["Stripe-Signature"].encode(), before[1])
    assert STRIPE.parse_notice(*after, NOW) is not None


def test_the_sdk_accepts_what_the_simulator_signs_and_refuses_it_altered(banks: Banks) -> None:
    bank = banks.banks["stripe"]
    notice = bank.tell("payment_intent.succeeded", "N1", "http://testserver/", {"data": {"object": INTENT}}, NOW)
    assert notice is not None
    secret = accounts_of("stripe")[0].secret["webhook_secret"]
    headers, body = bank.sign_notice(notice, datetime.fromtimestamp(time.time(), NOW.tzinfo))
    assert WebhookSignature.verify_header(body, headers["Stripe-Signature"], secret, tolerance=300)
    forged, _ = bank.sign_notice(notice, NOW, "forged")
    for place in range(len(body)):
        with pytest.raises(Exception, match=r"signature|utf-8"):
            WebhookSignature.verify_header(
                body[:place] + bytes([body[place] ^ 1]) + body[place + 1 :], headers["Stripe-Signature"], secret
            )
    with pytest.raises(Exception, match="signature"):
        WebhookSignature.verify_header(body, forged["Stripe-Signature"], secret)
