"""Proving and reading Stripe's notices."""

import json
import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from hashlib import sha256
from typing import Any, Final

from wanku.payments.accounts import Account, accounts_of
from wanku.payments.channel import ChannelResult, ChannelState, NoticeRefused, RefundResult
from wanku.payments.gateways.stripe import NAME
from wanku.payments.gateways.stripe.said import Thing, number_of, of_intent, of_refund

HEADER: Final = "Stripe-Signature"
TOLERANCE_SECONDS: Final = 300
"""How far the moment of signing may be from ours, either way (docs.stripe.com/webhooks, replay attacks)."""
FORM: Final = re.compile(r"t=(\d{1,12})(?:,v\d=[0-9a-f]{64})+", re.ASCII)
SESSION: Final = {
    "checkout.session.completed": ChannelState.PENDING,
    "checkout.session.async_payment_succeeded": ChannelState.PENDING,
    "checkout.session.async_payment_failed": ChannelState.FAILED,
    "checkout.session.expired": ChannelState.CLOSED,
}
"""What a session that is not paid is, by the event."""
INTENT: Final = frozenset({"payment_intent.succeeded", "payment_intent.payment_failed"})
REFUND: Final = frozenset({"refund.created", "refund.updated", "refund.failed", "charge.refund.updated"})
"""``charge.refunded`` is not among them: it tells a sum of a charge and not which refund it was."""


def parse(headers: Mapping[str, str], body: bytes, now: datetime) -> ChannelResult | RefundResult | None:
    """What a notice says; None when it is nothing for us, such as events of other kinds and of other systems.

    Raises:
        NoticeRefused: forged, altered, too old, of another account or mode, or unreadable.
    """
    account = _proven(headers.get(HEADER, ""), body, now)
    try:
        event = json.loads(body)
        if event["object"] != "event" or bool(event["livemode"]) != _is_live(account):
            raise NoticeRefused("test and real do not mix")
        if event.get("account") not in (None, account.public.get("account_id")):
            raise NoticeRefused("another account")
        said = _read(str(event["type"]), event["data"]["object"])
        if said is None:
            return None
        return replace(said, event_id=str(event["id"]), event_hash=sha256(body).digest())
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise NoticeRefused("unreadable") from error


def _proven(header: str, body: bytes, now: datetime) -> Account:
    """The account whose secret signed it, within the window.

    The SDK checks the signature. The window is checked here: by the moment of the request, in both directions, and with
    exactly one time in the header, of which the SDK would take the first that looks like a number.
    """
    found = FORM.fullmatch(header)
    if found is None:
        raise NoticeRefused("signature")
    if abs(now.timestamp() - int(found.group(1))) > TOLERANCE_SECONDS:
        raise NoticeRefused("too old")
    from stripe import SignatureVerificationError, WebhookSignature  # noqa: PLC0415 (see `client`)

    for account in accounts_of(NAME):
        if not account.proves(now):
            continue
        try:
            WebhookSignature.verify_header(body, header, account.secret["webhook_secret"], tolerance=None)
        except (SignatureVerificationError, ValueError):
            continue
        return account
    raise NoticeRefused("signature")


def _is_live(account: Account) -> bool:
    return "_live_" in account.secret["secret_key"][:8]


def _read(kind: str, thing: dict[str, Any]) -> ChannelResult | RefundResult | None:
    if kind not in SESSION and kind not in INTENT and kind not in REFUND:
        return None
    if not number_of(thing):
        return None  # of another system that shares the account, or made by hand at Stripe's desk
    if kind in REFUND:
        return of_refund(thing)
    return of_intent(thing) if kind in INTENT else _session(kind, thing)


def _session(kind: str, session: Thing) -> ChannelResult:
    """A session as events carry it: its intent is a bare id."""
    number = number_of(session)
    if session["payment_status"] == "paid":
        amount, currency = int(session["amount_total"]), str(session["currency"]).upper()
        return ChannelResult(NAME, number, ChannelState.CAPTURED, amount, currency, str(session["payment_intent"]))
    return ChannelResult(NAME, number, SESSION[kind], channel_ref=str(session["id"]))
