"""The trade bill of a day: a CSV of WeChat Pay's own kind, zipped, with its SHA1."""

import gzip
import hashlib
import secrets
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Any, Final

from wanku.sandbox.banks.books import Books, Payment, Refund
from wanku.sandbox.banks.wechat.keys import APPID, MCHID
from wanku.sandbox.banks.wechat.payments import BEIJING, CHANNEL, KINDS
from wanku.sandbox.banks.wechat.refunds import status_of
from wanku.sandbox.banks.wechat.wire import Refused

READY_AT: Final = time(10, 0)
KEPT: Final = timedelta(days=90)
LINK_LIFE: Final = timedelta(minutes=5)
RATE: Final = "0.60%"
HEADER: Final = (
    "交易时间,公众账号ID,商户号,特约商户号,设备号,微信订单号,商户订单号,用户标识,交易类型,交易状态,付款银行,货币种类,"
    "应结订单金额,代金券金额,微信退款单号,商户退款单号,退款金额,充值券退款金额,退款类型,退款状态,商品名称,商户数据包,"
    "手续费,费率,订单金额,申请退款金额,费率备注"
)
SUMMARY: Final = "总交易单数,应结订单总金额,退款总金额,充值券退款总金额,手续费总金额,订单总金额,申请退款总金额"


class Bills:
    """Bills that were asked for, each behind a link that lives for minutes."""

    def __init__(self, books: Books) -> None:
        self._books = books
        self._links: dict[str, tuple[datetime, bytes]] = {}

    def link(self, args: dict[str, str], base: str, now: datetime) -> dict[str, str]:
        """Where a day's bill can be fetched, and the hash of what is inside.

        Raises:
            Refused: ``PARAM_ERROR``; ``STATEMENT_CREATING`` before ten o'clock of the next day; ``NO_STATEMENT_EXIST``.
        """
        kind, packed = args.get("bill_type", "ALL"), args.get("tar_type", "")
        try:
            day = date.fromisoformat(args.get("bill_date", ""))
        except ValueError as error:
            raise Refused(400, "PARAM_ERROR", "参数错误：bill_date") from error
        if kind not in ("ALL", "SUCCESS", "REFUND") or packed not in ("", "GZIP"):
            raise Refused(400, "PARAM_ERROR", "参数错误：bill_type 或 tar_type")
        ready = datetime.combine(day + timedelta(days=1), READY_AT, BEIJING)
        if now < ready:
            raise Refused(400, "STATEMENT_CREATING", "账单生成中，请稍后再试")
        if now - ready > KEPT:
            raise Refused(400, "INVALID_REQUEST", "仅支持下载三个月内的账单")
        text = trade_bill(self._books, day, kind)
        if not text:
            raise Refused(400, "NO_STATEMENT_EXIST", "账单文件不存在")
        raw = text.encode()
        token = secrets.token_urlsafe(32)
        self._links[token] = now + LINK_LIFE, gzip.compress(raw) if packed else raw
        url = f"{base}/v3/billdownload/file?token={token}"
        return {"hash_type": "SHA1", "hash_value": hashlib.sha1(raw).hexdigest(), "download_url": url}  # noqa: S324

    def file(self, token: str, now: datetime) -> bytes:
        """What is behind a link.

        Raises:
            Refused: ``PARAM_ERROR``, for one that is not or no longer known.
        """
        until, raw = self._links.get(token, (now, b""))
        if until <= now:
            raise Refused(400, "PARAM_ERROR", "token 无效或已过期")
        return raw


def trade_bill(books: Books, day: date, kind: str) -> str:
    """The bill of a day in Beijing; empty when nothing happened. A refund is of the day on which it was accepted."""
    since = datetime.combine(day, time(), BEIJING)
    until = since + timedelta(days=1)
    paid = books.all(Payment, channel=CHANNEL, state="paid", paid_at__gte=since, paid_at__lt=until)
    back = [r for r in books.all(Refund, channel=CHANNEL, at__gte=since, at__lt=until) if r.state != "failed"]
    payments = [] if kind == "REFUND" else list(paid)
    refunds = [] if kind == "SUCCESS" else back
    if not payments and not refunds:
        return ""
    rows = [(payment.paid_at or since, _paid_cells(payment)) for payment in payments]
    for refund in refunds:
        of = books.one(Payment, channel=CHANNEL, number=refund.payment_number)
        if of is not None:
            rows.append((refund.at, _refund_cells(refund, of)))
    lines = [HEADER, *(_row(cells) for _, cells in sorted(rows, key=lambda row: row[0])), SUMMARY]
    total, gone = sum(p.amount for p in payments), sum(r.amount for r in refunds)
    fees = sum(p.fee for p in payments) - sum(r.fee for r in refunds)
    lines.append(_row([len(rows), _yuan(total), _yuan(gone), "0.00", _fee(fees), _yuan(total), _yuan(gone)]))
    return "".join(f"{line}\r\n" for line in lines)


def _paid_cells(payment: Payment) -> list[Any]:
    amount = _yuan(payment.amount)
    return [
        *_trade_cells(payment, payment.paid_at or payment.opened_at, "SUCCESS"), amount, "0.00", 0, 0, "0.00", "0.00",
        "", "", payment.facts["subject"], payment.facts["attach"], _fee(payment.fee), RATE, amount, "0.00", "",
    ]  # fmt: skip


def _refund_cells(refund: Refund, payment: Payment) -> list[Any]:
    amount = _yuan(refund.amount)
    return [
        *_trade_cells(payment, refund.at, "REFUND"), "0.00", "0.00", refund.ref, refund.number, amount, "0.00",
        "ORIGINAL", status_of(refund), payment.facts["subject"], payment.facts["attach"], _fee(-refund.fee), RATE,
        "0.00", amount, "",
    ]  # fmt: skip


def _trade_cells(payment: Payment, at: datetime, state: str) -> Sequence[Any]:
    time_ = f"{at.astimezone(BEIJING):%Y-%m-%d %H:%M:%S}"
    payer = payment.facts["openid"] or payment.payer
    kind = KINDS[payment.facts["kind"]]
    return [time_, APPID, MCHID, 0, "", payment.ref, payment.number, payer, kind, state, "OTHERS", payment.currency]


def _row(cells: Sequence[Any]) -> str:
    """Every cell behind a backtick, so that spreadsheets leave it as it is."""
    return ",".join(f"`{cell}" for cell in cells)


def _yuan(fen: int) -> str:
    return f"{'-' if fen < 0 else ''}{abs(fen) // 100}.{abs(fen) % 100:02d}"


def _fee(fen: int) -> str:
    return f"{_yuan(fen)}000"
