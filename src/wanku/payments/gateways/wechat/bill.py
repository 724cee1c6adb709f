"""The trade bill of a day."""

import zlib
from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from hashlib import sha1
from typing import Final
from zoneinfo import ZoneInfo

from wanku.kernel.money import from_major
from wanku.payments.accounts import Account
from wanku.payments.channel import BillRow, ChannelDown, NoBill
from wanku.payments.gateways.wechat.client import Said, ask, fetch

BEIJING: Final = ZoneInfo("Asia/Shanghai")
NONE_YET: Final = frozenset({"NO_STATEMENT_EXIST", "STATEMENT_CREATING", "STATEMENTCREATING", "NO_BILL_EXIST"})
MOVED: Final = frozenset({"SUCCESS", "PROCESSING"})
"""States of a refund with which the money has left the merchant's account."""
SIZE_MAX: Final = 512 * 1024 * 1024
SUMMARY: Final = "总交易单数"


def bill_of(account: Account, day: date) -> list[BillRow]:
    """The rows of a day in Beijing.

    Raises:
        NoBill: there is none (yet).
        ChannelDown: it cannot be had, or is not what was promised.
    """
    try:
        promised = ask(account, lambda client: client.trade_bill(day.isoformat()))
    except Said as no:
        if no.code in NONE_YET:
            raise NoBill(no.code) from no
        raise ChannelDown(str(no)) from no
    raw = _unzipped(fetch(account, str(promised.get("download_url", ""))))
    # The file is not signed; the answer that promised this hash was.
    if promised.get("hash_type") != "SHA1" or sha1(raw, usedforsecurity=False).hexdigest() != promised.get(
        "hash_value"
    ):
        raise ChannelDown("the bill is not the one that was promised")
    try:
        return list(rows_of(raw.decode("utf-8-sig")))
    except (ValueError, KeyError, InvalidOperation) as error:
        raise ChannelDown(f"the bill is not understood: {error}") from error


def rows_of(text: str) -> Iterator[BillRow]:
    """The rows of a bill's text: a header, rows whose every cell begins with a backtick, then a summary.

    Raises:
        ValueError, KeyError, InvalidOperation: it is not such a text.
    """
    lines = iter(text.splitlines())
    names = next(lines, "").split(",")
    for line in lines:
        if line.startswith(SUMMARY):
            break
        cells = line.removeprefix("`").split(",`")
        row = dict(zip(names, cells, strict=True))
        is_refund = row["交易状态"] == "REFUND"
        if is_refund and row["退款状态"] not in MOVED:
            continue
        if not is_refund and row["交易状态"] != "SUCCESS":
            continue
        currency = row["货币种类"]
        yield BillRow(
            kind="refund" if is_refund else "payment",
            number=row["商户退款单号"] if is_refund else row["商户订单号"],
            channel_ref=row["微信退款单号"] if is_refund else row["微信订单号"],
            amount=_minor(row["退款金额"] if is_refund else row["订单金额"], currency),
            fee=_minor(row["手续费"], currency),
            currency=currency,
            at=datetime.strptime(row["交易时间"], "%Y-%m-%d %H:%M:%S").replace(tzinfo=BEIJING),
        )
    else:
        raise ValueError("it has no end")


def _minor(text: str, currency: str) -> int:
    return from_major(Decimal(text), currency).amount


def _unzipped(raw: bytes) -> bytes:
    """Unzipped, and no more than a day's bill can be."""
    try:
        opened = zlib.decompressobj(wbits=zlib.MAX_WBITS | 16)
        text = opened.decompress(raw, SIZE_MAX)
    except zlib.error as error:
        raise ChannelDown("the bill cannot be unzipped") from error
    if opened.unconsumed_tail or not opened.eof:
        raise ChannelDown("the bill is cut off or too large")
    return text
