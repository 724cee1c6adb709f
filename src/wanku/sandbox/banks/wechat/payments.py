"""Orders at WeChat Pay: opened, asked about, closed."""

import hashlib
import json
import re
from datetime import datetime, timedelta
from typing import Any, Final
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from wanku.sandbox.banks.bank import fresh
from wanku.sandbox.banks.books import Books, Payment, Refund
from wanku.sandbox.banks.wechat.keys import APPID, MCHID, PAYEE
from wanku.sandbox.banks.wechat.wire import Refused

CHANNEL: Final = "wechat"
BEIJING: Final = ZoneInfo("Asia/Shanghai")
KINDS: Final = {"native": "NATIVE", "jsapi": "JSAPI", "h5": "MWEB", "app": "APP"}
LIFE: Final = timedelta(days=7)
LIFE_MIN: Final = timedelta(minutes=1)
LIFE_MAX: Final = timedelta(days=90)
CODE: Final = "weixin://wxpay/bizpayurl?pr="
_NUMBER: Final = re.compile(r"[0-9A-Za-z_\-|*]{6,32}")
_SAID: Final = {
    "SUCCESS": "支付成功",
    "REFUND": "订单发生过退款，退款详情请查询退款单",
    "NOTPAY": "订单未支付",
    "CLOSED": "订单已关闭",
    "USERPAYING": "用户支付中",
    "PAYERROR": "支付失败",
}


def open_order(books: Books, kind: str, asked: dict[str, Any], *, base: str, age: int, now: datetime) -> dict[str, str]:
    """Open an order, or give the same one again for the same request.

    Raises:
        Refused: as the API does.
    """
    _check(asked, kind)
    print_ = hashlib.sha256(json.dumps([kind, asked], sort_keys=True).encode()).hexdigest()
    number = str(asked["out_trade_no"])
    with books.held():
        known = books.one(Payment, channel=CHANNEL, number=number)
        if known is not None:
            return _shown(_same(known, print_), kind, base)
        expires_at = _expiry(asked, now)
        payment = Payment(
            channel=CHANNEL, number=number, ref=_transaction_id(now), token=fresh("", 24), account=MCHID,
            amount=asked["amount"]["total"], currency=asked["amount"].get("currency", "CNY"), opened_at=now,
            expires_at=expires_at,
            facts={
                "kind": kind, "print": print_, "age": age, "prepay_id": f"wx{now:%d%H%M%S}{fresh('', 24).lower()}",
                "subject": asked["description"], "payee": PAYEE, "notify_url": asked["notify_url"],
                "attach": asked.get("attach", ""), "openid": (asked.get("payer") or {}).get("openid", ""),
            },
        )  # fmt: skip
        return _shown(books.add(payment), kind, base)


def find_order(books: Books, *, number: str = "", ref: str = "") -> Payment:
    """An order by the shop's number or by WeChat Pay's, which it has once it is paid.

    Raises:
        Refused: ``ORDER_NOT_EXIST``.
    """
    found = books.one(Payment, channel=CHANNEL, **({"number": number} if number else {"ref": ref}))
    if found is None or (not number and found.state != "paid"):
        raise Refused(404, "ORDER_NOT_EXIST", "订单不存在")
    return found


def check_merchant(mchid: Any) -> None:
    """Whose order it is.

    Raises:
        Refused: ``PARAM_ERROR``; ``MCH_NOT_EXISTS``.
    """
    if not mchid:
        raise Refused(400, "PARAM_ERROR", "缺少参数 mchid")
    if mchid != MCHID:
        raise Refused(400, "MCH_NOT_EXISTS", "商户号不存在")


def close_order(books: Books, number: str) -> Payment:
    """Close an order that nobody has paid; once more changes nothing.

    Raises:
        Refused: ``ORDER_NOT_EXIST``; ``TRADE_ERROR`` when it is paid; ``USERPAYING`` while somebody pays.
    """
    with books.held():
        payment = find_order(books, number=number)
        if payment.state == "paid":
            raise Refused(403, "TRADE_ERROR", "订单已支付，无法关闭")
        if payment.state == "paying":
            raise Refused(202, "USERPAYING", "用户支付中，需要输入密码")
        payment.state = "closed"
        books.put(payment)
    return payment


def told(books: Books, payment: Payment) -> dict[str, Any]:
    """An order as queries and notices tell it."""
    state = trade_state(books, payment)
    facts: dict[str, Any] = {
        "appid": APPID,
        "mchid": MCHID,
        "out_trade_no": payment.number,
        "trade_state": state,
        "trade_state_desc": _SAID[state],
        "attach": payment.facts["attach"],
        "amount": {"total": payment.amount, "currency": payment.currency},
    }
    if payment.state == "paid" and payment.paid_at is not None:
        facts |= {
            "transaction_id": payment.ref,
            "trade_type": KINDS[payment.facts["kind"]],
            "bank_type": "OTHERS",
            "success_time": payment.paid_at.astimezone(BEIJING).isoformat(timespec="seconds"),
            "payer": {"openid": payment.facts["openid"] or payment.payer},
            "amount": {
                "total": payment.amount,
                "payer_total": payment.amount,
                "currency": payment.currency,
                "payer_currency": payment.currency,
            },
            "promotion_detail": [],
        }
    return facts


def trade_state(books: Books, payment: Payment) -> str:
    """The state in the API's words; a payment of which anything was refunded says REFUND."""
    if payment.state == "paid":
        refunds = books.all(Refund, channel=CHANNEL, payment_number=payment.number)
        return "REFUND" if any(refund.state != "failed" for refund in refunds) else "SUCCESS"
    return {"waiting": "NOTPAY", "paying": "USERPAYING", "failed": "PAYERROR", "closed": "CLOSED"}[payment.state]


def _check(asked: dict[str, Any], kind: str) -> None:
    check_merchant(asked.get("mchid"))
    if asked.get("appid") != APPID:
        raise Refused(400, "APPID_MCHID_NOT_MATCH", "商户号与appid不匹配")
    amount = asked.get("amount")
    total = amount.get("total") if isinstance(amount, dict) else None
    scene = asked.get("scene_info") or {}
    problems = {
        "out_trade_no": not _NUMBER.fullmatch(str(asked.get("out_trade_no", ""))),
        "description": not _is_text(asked.get("description"), 1, 127),
        "attach": not _is_text(asked.get("attach", ""), 0, 128),
        "notify_url": not _is_address(asked.get("notify_url")),
        "amount.total": type(total) is not int or total < 1,
        "amount.currency": isinstance(amount, dict) and amount.get("currency", "CNY") != "CNY",
        "payer.openid": kind == "jsapi" and not (asked.get("payer") or {}).get("openid"),
        "scene_info": kind == "h5" and not (scene.get("payer_client_ip") and (scene.get("h5_info") or {}).get("type")),
    }
    for name, wrong in problems.items():
        if wrong:
            raise Refused(400, "PARAM_ERROR", f"参数错误：{name}")


def _expiry(asked: dict[str, Any], now: datetime) -> datetime:
    text = asked.get("time_expire")
    if text is None:
        return now + LIFE
    try:
        wanted = datetime.fromisoformat(str(text))
    except ValueError as error:
        raise Refused(400, "PARAM_ERROR", "time_expire 格式错误") from error
    if wanted.tzinfo is None or not LIFE_MIN <= wanted - now + timedelta(seconds=1) <= LIFE_MAX:
        raise Refused(400, "PARAM_ERROR", "time_expire 须晚于当前时间1分钟以上")
    return wanted


def _same(known: Payment, print_: str) -> Payment:
    """The order once more, for the very same request."""
    if known.facts["print"] != print_:
        raise Refused(403, "OUT_TRADE_NO_USED", "商户订单号重复")
    if known.state == "closed":
        raise Refused(400, "ORDER_CLOSED", "订单已关闭")
    if known.state == "paid":
        raise Refused(400, "INVALID_REQUEST", "该订单已支付")
    return known


def _shown(payment: Payment, kind: str, base: str) -> dict[str, str]:
    prepay_id = str(payment.facts["prepay_id"])
    if kind == "native":
        return {"code_url": f"{CODE}{payment.token}"}
    if kind == "h5":
        return {"h5_url": f"{base}/pay/{payment.token}?prepay_id={prepay_id}&package=1"}
    return {"prepay_id": prepay_id}


def _transaction_id(now: datetime) -> str:
    """28 digits that begin as WeChat Pay's do."""
    return f"4200{now.astimezone(BEIJING):%Y%m%d}{int(fresh('', 28), 16) % 10**16:016d}"


def _is_text(value: Any, shortest: int, longest: int) -> bool:
    return isinstance(value, str) and shortest <= len(value) <= longest


def _is_address(value: Any) -> bool:
    parts = urlsplit(value) if isinstance(value, str) else None
    return parts is not None and parts.scheme in ("http", "https") and bool(parts.netloc) and not parts.query
