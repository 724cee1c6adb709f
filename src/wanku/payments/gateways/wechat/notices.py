"""Notices: proven without a call to anybody, then read."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from hashlib import sha256
from typing import Any, Final

from wanku.payments.accounts import Account
from wanku.payments.channel import ChannelResult, NoticeRefused, RefundResult
from wanku.payments.gateways.wechat.client import client_of, proving
from wanku.payments.gateways.wechat.proof import NAMES, flaw_of
from wanku.payments.gateways.wechat.said import NotOurs, payment_said, refund_said

PAYMENT, REFUND = "transaction", "refund"
EVENT_ID_MAX: Final = 64


def parse(headers: Mapping[str, str], body: bytes, now: datetime) -> ChannelResult | RefundResult | None:
    """What a notice says; None when it is proven and of a kind that we do not act on.

    Raises:
        NoticeRefused: forged, altered, too old or unreadable.
    """
    accounts = proving(now)
    flaw = flaw_of(headers, {account.public["public_key_id"] for account in accounts}, now)
    if flaw:
        raise NoticeRefused(flaw)
    account, told = _opened({name: headers[name] for name in NAMES}, body, accounts)
    try:
        return _read(account, told, sha256(body).digest())
    except (NotOurs, KeyError, TypeError, AttributeError) as error:
        raise NoticeRefused(str(error)) from error


def _opened(headers: Mapping[str, str], body: bytes, accounts: Sequence[Account]) -> tuple[Account, dict[str, Any]]:
    """The account by which it is proven, and the notice with its resource opened.

    Several accounts may share a public key and differ in the key that seals.
    """
    for account in accounts:
        if account.public["public_key_id"] != headers["Wechatpay-Serial"]:
            continue
        try:
            told = client_of(account, answers=False).callback(headers, body)
        except Exception as error:
            raise NoticeRefused("unreadable") from error
        if isinstance(told, dict):
            return account, told
    raise NoticeRefused("signature")


def _read(account: Account, told: dict[str, Any], digest: bytes) -> ChannelResult | RefundResult | None:
    event_id, resource = told["id"], told["resource"]
    if not isinstance(event_id, str) or not 0 < len(event_id) <= EVENT_ID_MAX:
        raise NotOurs("the id is unreadable")
    kind = str(told["event_type"]).partition(".")[0]
    if kind == "TRANSACTION":
        return payment_said(resource, account, event_id=event_id, event_hash=digest)
    if kind == "REFUND":
        if resource["mchid"] != account.public["mchid"]:
            raise NotOurs("the merchant is another")
        return refund_said(resource, event_id=event_id, event_hash=digest)
    return None
