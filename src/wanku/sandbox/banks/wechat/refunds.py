"""Refunds at WeChat Pay: accepted at once, done a little later, told of then."""

import re
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from wanku.sandbox.banks.bank import fresh
from wanku.sandbox.banks.books import Books, Payment, Refund
from wanku.sandbox.banks.wechat.keys import MCHID
from wanku.sandbox.banks.wechat.payments import BEIJING, CHANNEL
from wanku.sandbox.banks.wechat.wire import Refused

PARTS_MAX: Final = 50
DAYS_MAX: Final = 365
_NUMBER: Final = re.compile(r"[0-9A-Za-z_\-|*@]{1,64}")
_ASKED: Final = ("transaction_id", "out_trade_no", "reason", "notify_url", "amount", "funds_account")
STATES: Final = {"processing": "PROCESSING", "done": "SUCCESS"}


def accept(
    books: Books, asked: dict[str, Any], *, now: datetime, takes: timedelta, gap: timedelta, balance: int
) -> Refund:
    """Accept a refund, or give the same one again for the same request.

    Args:
        takes: how long until it has arrived; ``gap``: the least time between two of one order.
        balance: what is on the merchant's account, minor units.

    Raises:
        Refused: as the API does.
    """
    payment = _payment(books, asked)
    number, amount = _check(asked, payment)
    kept = {name: asked.get(name) for name in _ASKED}
    with books.held():
        known = books.one(Refund, channel=CHANNEL, number=number)
        if known is not None:
            if known.facts["asked"] != kept:
                raise Refused(400, "INVALID_REQUEST", "订单金额或退款金额与之前请求不一致，请核实后再试")
            return known
        fee = _check_rules(books, payment, amount, now, gap)
        if amount - fee > balance:
            raise Refused(403, "NOT_ENOUGH", "基本账户余额不足，请充值后重新发起")
        facts = {"asked": kept, "due": (now + takes).isoformat(), "age": payment.facts["age"]}
        return books.add(
            Refund(
                channel=CHANNEL, number=number, ref=_refund_id(now),
                account=MCHID, payment_number=payment.number, amount=amount, fee=fee, at=now, facts=facts,
            )
        )  # fmt: skip


def find_refund(books: Books, number: str) -> Refund:
    """A refund by the shop's number.

    Raises:
        Refused: ``RESOURCE_NOT_EXISTS``.
    """
    found = books.one(Refund, channel=CHANNEL, number=number)
    if found is None:
        raise Refused(404, "RESOURCE_NOT_EXISTS", "退款单不存在")
    return found


def finish_due(books: Books, now: datetime) -> Sequence[Refund]:
    """Let refunds arrive whose time has come; returns them."""
    with books.held():
        going = books.all(Refund, channel=CHANNEL, state="processing")
        due = [refund for refund in going if datetime.fromisoformat(refund.facts["due"]) <= now]
        for refund in due:
            refund.state = "failed" if refund.facts.get("fate") else "done"
            refund.done_at = now
            books.put(refund)
    return due


def status_of(refund: Refund) -> str:
    """The state in the API's words."""
    return str(refund.facts.get("fate")) if refund.state == "failed" else STATES[refund.state]


def told(refund: Refund, payment: Payment) -> dict[str, Any]:
    """A refund as the API tells it."""
    facts: dict[str, Any] = {
        "refund_id": refund.ref,
        "out_refund_no": refund.number,
        "transaction_id": payment.ref,
        "out_trade_no": payment.number,
        "channel": "ORIGINAL",
        "user_received_account": refund.facts.get("received", "支付用户零钱"),
        "create_time": refund.at.astimezone(BEIJING).isoformat(timespec="seconds"),
        "status": status_of(refund),
        "funds_account": "AVAILABLE",
        "amount": {
            "total": payment.amount,
            "refund": refund.amount,
            "from": [],
            "payer_total": payment.amount,
            "payer_refund": refund.amount,
            "settlement_refund": refund.amount,
            "settlement_total": payment.amount,
            "discount_refund": 0,
            "currency": payment.currency,
        },
        "promotion_detail": [],
    }
    if refund.state == "done" and refund.done_at is not None:
        facts["success_time"] = refund.done_at.astimezone(BEIJING).isoformat(timespec="seconds")
    return facts


def notified(refund: Refund, payment: Payment) -> dict[str, Any]:
    """A refund as its notice tells it: fewer fields, and another name for the state."""
    whole = told(refund, payment)
    names = ("out_trade_no", "transaction_id", "out_refund_no", "refund_id", "success_time", "user_received_account")
    amount = {name: whole["amount"][name] for name in ("total", "refund", "payer_total", "payer_refund")}
    facts = {name: whole[name] for name in names if name in whole}
    return {"mchid": MCHID, "refund_status": whole["status"], **facts, "amount": amount}


def _payment(books: Books, asked: dict[str, Any]) -> Payment:
    number, ref = asked.get("out_trade_no"), asked.get("transaction_id")
    if not (number or ref):
        raise Refused(400, "PARAM_ERROR", "transaction_id 与 out_trade_no 二选一")
    found = books.one(Payment, channel=CHANNEL, **({"ref": ref} if ref else {"number": number}))
    if found is None:
        raise Refused(404, "RESOURCE_NOT_EXISTS", "订单不存在")
    return found


def _refund_id(now: datetime) -> str:
    """29 digits that begin as WeChat Pay's do."""
    return f"5030{now.astimezone(BEIJING):%Y%m%d}{int(fresh(''), 16) % 10**17:017d}"


def _check(asked: dict[str, Any], payment: Payment) -> tuple[str, int]:
    amount = asked.get("amount")
    number = str(asked.get("out_refund_no", ""))
    if not isinstance(amount, dict) or type(amount.get("refund")) is not int or amount["refund"] < 1:
        raise Refused(400, "PARAM_ERROR", "参数错误：amount.refund")
    if not _NUMBER.fullmatch(number) or len(str(asked.get("reason") or "")) > 80:
        raise Refused(400, "PARAM_ERROR", "参数错误：out_refund_no 或 reason")
    if (amount.get("total"), amount.get("currency")) != (payment.amount, payment.currency):
        raise Refused(400, "INVALID_REQUEST", "订单金额或退款金额与之前请求不一致，请核实后再试")
    return number, int(amount["refund"])


def _check_rules(books: Books, payment: Payment, amount: int, now: datetime, gap: timedelta) -> int:
    """The fee that goes back with it, in proportion; the last part takes what is left."""
    if payment.state != "paid" or payment.paid_at is None:
        raise Refused(400, "INVALID_REQUEST", "订单未支付，无法退款")
    if now - payment.paid_at > timedelta(days=DAYS_MAX):
        raise Refused(400, "INVALID_REQUEST", "订单已经超过退款期限")
    before = [r for r in books.all(Refund, channel=CHANNEL, payment_number=payment.number) if r.state != "failed"]
    if len(before) >= PARTS_MAX:
        raise Refused(400, "INVALID_REQUEST", "部分退款次数超过限制")
    left = payment.amount - sum(refund.amount for refund in before)
    if amount > left:
        raise Refused(400, "INVALID_REQUEST", "申请退款金额大于订单剩余可退金额")
    if before and gap and now - before[-1].at < gap:
        raise Refused(429, "FREQUENCY_LIMITED", "同一笔订单退款频率过高，请间隔一分钟再试")
    fee_left = payment.fee - sum(refund.fee for refund in before)
    return fee_left if amount == left else min(fee_left, payment.fee * amount // payment.amount)
