"""Reading a notice: a form that Alipay has signed, field by field."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Final
from urllib.parse import parse_qsl

from wanku.payments.accounts import Account, accounts_of
from wanku.payments.channel import ChannelResult, ChannelState, NoticeRefused, RefundResult, RefundState
from wanku.payments.gateways.alipay import NAME
from wanku.payments.gateways.alipay.client import client_of
from wanku.payments.gateways.alipay.said import fen, is_true_spelling, moment

AGE_MAX: Final = timedelta(hours=26)
"""Alipay tells again for 25 hours (4 m, 10 m, 10 m, 1 h, 2 h, 6 h, 15 h)."""
AHEAD_MAX: Final = timedelta(minutes=5)
FIELDS_MAX: Final = 80
EVENT_ID_MAX: Final = 80
PAID: Final = frozenset({"TRADE_SUCCESS", "TRADE_FINISHED"})


def parse(body: bytes, now: datetime) -> ChannelResult | RefundResult | None:
    """What a notice says; None when that is nothing to act on.

    Raises:
        NoticeRefused: forged, altered, too old, for somebody else or unreadable.
    """
    told = _fields(body)
    _prove(dict(told), now)
    try:
        at = moment(told["notify_time"])
        if not now - AGE_MAX <= at <= now + AHEAD_MAX:
            raise NoticeRefused("notify_time is outside the window")
        return _meaning(told)
    except (KeyError, ValueError) as error:
        raise NoticeRefused("unreadable") from error


def _fields(body: bytes) -> dict[str, str]:
    try:
        pairs = parse_qsl(
            body.decode("ascii"), keep_blank_values=True, strict_parsing=True, errors="strict",
            max_num_fields=FIELDS_MAX,
        )  # fmt: skip
    except ValueError as error:
        raise NoticeRefused("unreadable") from error
    told = dict(pairs)
    if len(told) != len(pairs):
        raise NoticeRefused("a field comes twice")
    return told


def _prove(told: dict[str, str], now: datetime) -> Account:
    """The account that it is signed for; takes the signature out."""
    signature = told.pop("sign", "")
    if told.get("sign_type") != "RSA2" or not is_true_spelling(signature):
        raise NoticeRefused("signature")
    for account in accounts_of(NAME):
        known = account.public["app_id"] == told.get("app_id") and account.proves(now)
        if known and client_of(account).verify(dict(told), signature):
            if told.get("seller_id") != account.public["seller_id"]:
                raise NoticeRefused("another seller")
            return account
    raise NoticeRefused("signature")


def _meaning(told: Mapping[str, str]) -> ChannelResult | RefundResult | None:
    status, number = told["trade_status"], told["out_trade_no"]
    event = told["notify_id"]
    event_id = event if 0 < len(event) <= EVENT_ID_MAX else sha256(event.encode()).hexdigest()
    if status != "TRADE_FINISHED" and told.get("out_biz_no") and told.get("gmt_refund"):
        # `refund_fee` is what has gone back of the trade in all, so it does not say how much this one was.
        return RefundResult(
            number=told["out_biz_no"],
            state=RefundState.SUCCEEDED,
            channel_ref=told["trade_no"],
            gateway=NAME,
            event_id=event_id,
            event_hash=_hash(told),
        )
    if status not in PAID and status != "TRADE_CLOSED":
        return None
    paid = status in PAID
    return ChannelResult(
        gateway=NAME,
        number=number,
        state=ChannelState.CAPTURED if paid else ChannelState.CLOSED,
        amount=fen(told["total_amount"]) if paid else None,
        currency="CNY" if paid else "",
        channel_ref=told["trade_no"],
        event_id=event_id,
        event_hash=_hash(told),
    )


def _hash(told: Mapping[str, str]) -> bytes:
    """Of what it says, which stays the same however often it is told; the time of telling and its signature do not."""
    said = sorted(item for item in told.items() if item[0] not in {"sign", "sign_type", "notify_time"})
    return sha256("&".join(f"{name}={value}" for name, value in said).encode()).digest()
