"""The bank itself: trades, refunds, bills and what it tells of them."""

import hmac
import secrets
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, ClassVar, Final
from urllib.parse import urlencode

from django.utils.translation import gettext_noop

from wanku.kernel.money import from_major, portion
from wanku.sandbox.banks import keys
from wanku.sandbox.banks.alipay.bill import bill_of
from wanku.sandbox.banks.alipay.words import (
    BEIJING,
    BadCall,
    Call,
    Fields,
    answered,
    failed,
    moment,
    read_call,
    signature,
    signed_text,
    written,
    yuan,
)
from wanku.sandbox.banks.bank import Bank, ShopAccount
from wanku.sandbox.banks.books import Notice, Payment, Refund
from wanku.sandbox.banks.http import Answer, Asked, go_to, in_html

CALLS: Final[Mapping[str, str]] = {
    "alipay.trade.page.pay": "create",
    "alipay.trade.wap.pay": "create",
    "alipay.trade.precreate": "create",
    "alipay.trade.query": "query",
    "alipay.trade.close": "close",
    "alipay.trade.refund": "refund",
    "alipay.trade.fastpay.refund.query": "query_refund",
    "alipay.data.dataservice.bill.downloadurl.query": "bill",
}
IN_BROWSER: Final = frozenset({"alipay.trade.page.pay", "alipay.trade.wap.pay"})
PAYEE: Final = "玩酷 Wanku"
QR: Final = "https://qr.alipay.com/"
LIFE: Final = timedelta(hours=2)
BILL_LIFE: Final = timedelta(seconds=30)
BILL_HOUR: Final = 9


class AlipayBank(Bank):
    """A trade begins when a browser comes to its page or a phone scans its code, not before."""

    name: ClassVar[str] = "alipay"
    title: ClassVar[str] = gettext_noop("Alipay")
    colour: ClassVar[str] = "#1677ff"
    ladder: ClassVar[Sequence[int]] = (240, 600, 600, 3600, 7200, 21600, 54000)

    def handle(self, asked: Asked) -> Answer:
        """``/gateway.do`` takes every call; ``/bill/…`` gives a bill to whoever was told its address."""
        if asked.path.startswith("/bill/"):
            return self._bill_file(asked.path.removeprefix("/bill/"))
        if asked.path != "/gateway.do":
            return Answer(404)
        try:
            call = read_call(asked, CALLS, self._app_id, keys.key_pair(self.books, "alipay:app").public_key())
        except BadCall as bad:
            return bad.answer
        do: Callable[[Call], Answer] = getattr(self, f"_{CALLS[call.method]}")
        with self.books.held():
            return do(call)

    def call_of(self, asked: Asked) -> str:
        """From the method that is asked for."""
        return CALLS.get({**asked.args, **asked.form}.get("method", ""), "")

    def busy(self, asked: Asked) -> Answer:
        """Code 20000."""
        method = {**asked.args, **asked.form}.get("method", "")
        if method in IN_BROWSER:
            return in_html("系统繁忙，请稍后再试", 503)
        fields = {"code": "20000", "msg": "Service Currently Unavailable", "sub_code": "aop.ACQ.SYSTEM_ERROR"}
        return answered(method, {**fields, "sub_msg": "系统繁忙"}, self._key)

    def sign_notice(self, notice: Notice, now: datetime, fault: str = "") -> tuple[Mapping[str, str], bytes]:
        """A form; the same ``notify_id`` until it is heard."""
        told = {**notice.facts, "notify_id": notice.event_id, "notify_time": written(now)}
        if fault == "wrong_amount":
            told["total_amount"] = yuan(from_major(Decimal(told["total_amount"]), "CNY").amount + 1)
        key = keys.key_pair(self.books, "alipay:stranger") if fault == "forged" else self._key
        form = {**told, "sign": signature(key, signed_text(told)), "sign_type": "RSA2"}
        return {"Content-Type": "application/x-www-form-urlencoded; charset=utf-8"}, urlencode(form).encode()

    def heard(self, status: int, body: bytes) -> bool:
        """Exactly the seven letters."""
        return status == 200 and body == b"success"

    def account(self, base: str) -> ShopAccount:
        """An application with its keys."""
        public = {"app_id": self._app_id, "seller_id": self._seller_id, "alipay_public_key": keys.public_pem(self._key)}
        secret = {"app_private_key": keys.private_pem(keys.key_pair(self.books, "alipay:app"))}
        return ShopAccount({**public, "base_url": base}, secret)

    def tell_payment(self, payment: Payment, now: datetime) -> None:
        """A payment that succeeded, or one that nobody can pay any more."""
        times = (
            {"gmt_payment": written(payment.paid_at or now)} if payment.state == "paid" else {"gmt_close": written(now)}
        )
        self._tell("payment", payment.number, payment, times, now)

    def refuse(self, payment: Payment) -> Payment:
        """A card or balance does not pay. The trade stays as it is, waiting for another try, and nobody is told."""
        with self.books.held():
            current = self._waiting(payment, self.now())
            if current is None:
                return self._again(payment)
            current.facts |= {"begun": True, "refused": True}
            self.books.put(current)
            return current

    def fee_of(self, amount: int) -> int:
        """Six in a thousand, as small shops pay."""
        return portion(amount, 6, 1000)

    def tick(self, now: datetime) -> None:
        """Trades that nobody paid in time close, and their shops hear of it."""
        with self.books.held():
            for payment in self.books.all(Payment, channel=self.name, state="waiting", expires_at__lte=now):
                payment.state = "closed"
                self.books.put(payment)
                if payment.facts["begun"]:
                    self.tell_payment(payment, now)

    def scanned(self, text: str) -> Payment | None:
        """The trade begins with the scan."""
        if not text.startswith(QR):
            return None
        payment = self.books.one(Payment, channel=self.name, token=text.removeprefix(QR))
        return self._begin(payment) if payment else None

    @property
    def _key(self) -> Any:
        return keys.key_pair(self.books, "alipay")

    @property
    def _app_id(self) -> str:
        return keys.kept(self.books, "alipay:app_id", lambda: f"2021{secrets.randbelow(10**12):012}")

    @property
    def _seller_id(self) -> str:
        return keys.kept(self.books, "alipay:seller_id", lambda: f"2088{secrets.randbelow(10**12):012}")

    def _create(self, call: Call) -> Answer:
        biz = call.biz
        number, amount = biz.text("out_trade_no", 64), biz.fen("total_amount")
        payment = self.payment(number)
        if payment is None:
            payment = self._open(call, number, amount)
        elif payment.amount != amount:
            return self._no(call, "ACQ.CONTEXT_INCONSISTENT", "交易信息被篡改")
        elif payment.state == "paid":
            return self._no(call, "ACQ.TRADE_HAS_SUCCESS", "交易已被支付")
        elif payment.state != "waiting":
            return self._no(call, "ACQ.TRADE_HAS_CLOSE", "交易已经关闭")
        if call.method in IN_BROWSER:
            self._begin(payment)
            return go_to(f"{call.base}/pay/{payment.token}")
        return self._yes(call, {"out_trade_no": number, "qr_code": f"{QR}{payment.token}"})

    def _open(self, call: Call, number: str, amount: int) -> Payment:
        now, biz = self.now(), call.biz
        expires = moment(biz.text("time_expire", 19)) if biz.has("time_expire") else now + LIFE
        return self.books.add(
            Payment(
                channel=self.name, number=number, ref=self._reference(now), token=f"bax{secrets.token_hex(12)}",
                account=self._seller_id, amount=amount, currency="CNY", opened_at=now, expires_at=expires,
                facts={
                    "subject": biz.text("subject", 256), "payee": PAYEE, "begun": False,
                    "notify_url": call.params.get("notify_url", ""), "return_url": call.params.get("return_url", ""),
                },
            )
        )  # fmt: skip

    def _begin(self, payment: Payment) -> Payment:
        if not payment.facts["begun"]:
            payment.facts["begun"] = True
            self.books.put(payment)
        return payment

    def _query(self, call: Call) -> Answer:
        payment = self._trade(call)
        if payment is None:
            return self._no(call, "ACQ.TRADE_NOT_EXIST", "交易不存在")
        paid = yuan(payment.amount) if payment.state == "paid" else "0.00"
        told = {
            "buyer_logon_id": "shi***@sandbox.com", "buyer_pay_amount": paid, "buyer_user_id": "2088102169481075",
            "invoice_amount": paid, "out_trade_no": payment.number, "point_amount": "0.00", "receipt_amount": paid,
            "total_amount": yuan(payment.amount), "trade_no": payment.ref, "trade_status": self._status(payment),
        }  # fmt: skip
        if payment.state == "paid" and payment.paid_at:
            told["send_pay_date"] = written(payment.paid_at)
        return self._yes(call, told)

    def _close(self, call: Call) -> Answer:
        payment = self._trade(call)
        if payment is None:
            return self._no(call, "ACQ.TRADE_NOT_EXIST", "交易不存在")
        if self._status(payment) != "WAIT_BUYER_PAY" or payment.state == "paying":
            return self._no(call, "ACQ.TRADE_STATUS_ERROR", "交易状态不合法")
        payment.state = "closed"
        self.books.put(payment)
        return self._yes(call, {"out_trade_no": payment.number, "trade_no": payment.ref})

    def _refund(self, call: Call) -> Answer:
        payment, amount = self._trade(call), call.biz.fen("refund_amount")
        if payment is None:
            return self._no(call, "ACQ.TRADE_NOT_EXIST", "交易不存在")
        number = call.biz.text("out_request_no", 64) if call.biz.has("out_request_no") else ""
        if not number and amount != payment.amount:
            return self._no(call, "ACQ.REFUND_AMT_NOT_EQUAL_TOTAL", "退款金额与订单金额不一致")
        number = number or payment.number
        before = self._refunds(payment)
        same = next((refund for refund in before if refund.number == number), None)
        gone = sum(refund.amount for refund in before)
        if same is not None and same.amount != amount:
            return self._no(call, "ACQ.DISCORDANT_REPEAT_REQUEST", "请求信息不一致")
        if same is not None:
            return self._yes(call, self._refunded(payment, same, gone, "N"))
        if payment.state != "paid":
            return self._no(call, "ACQ.TRADE_STATUS_ERROR", "交易状态不合法")
        if gone + amount > payment.amount:
            return self._no(call, "ACQ.REASON_TRADE_REFUND_FEE_ERR", "退款金额无效")
        fee = portion(payment.fee, gone + amount, payment.amount) - portion(payment.fee, gone, payment.amount)
        if self.balance() < amount - fee:
            return self._no(call, "ACQ.SELLER_BALANCE_NOT_ENOUGH", "卖家余额不足")
        refund = self._give_back(payment, number, amount, fee, gone + amount)
        return self._yes(call, self._refunded(payment, refund, gone + amount, "Y"))

    def _give_back(self, payment: Payment, number: str, amount: int, fee: int, gone: int) -> Refund:
        now = self.now()
        refund = self.books.add(
            Refund(
                channel=self.name, number=number, ref=self._reference(now), account=payment.account,
                payment_number=payment.number, amount=amount, at=now, fee=fee, state="done", done_at=now,
            )
        )  # fmt: skip
        told = {"out_biz_no": number, "refund_fee": yuan(gone), "gmt_refund": f"{written(now)}.000"}
        times = {"gmt_payment": written(payment.paid_at or now)}
        if gone == payment.amount:
            times["gmt_close"] = written(now)
        self._tell("refund", number, payment, {**told, **times}, now)
        return refund

    def _query_refund(self, call: Call) -> Answer:
        payment = self._trade(call)
        if payment is None:
            return self._no(call, "ACQ.TRADE_NOT_EXIST", "交易不存在")
        number = call.biz.text("out_request_no", 64)
        refund = next((refund for refund in self._refunds(payment) if refund.number == number), None)
        if refund is None:
            return self._yes(call, {})
        told = {
            "out_request_no": number, "out_trade_no": payment.number, "refund_amount": yuan(refund.amount),
            "refund_status": "REFUND_SUCCESS", "total_amount": yuan(payment.amount), "trade_no": payment.ref,
        }  # fmt: skip
        return self._yes(call, told)

    def _bill(self, call: Call) -> Answer:
        if call.biz.get("bill_type") not in ("trade", "signcustomer"):
            return self._no(call, "isv.invalid-arguments", "参数有误")
        day = call.biz.text("bill_date", 10)
        try:
            begin = datetime.fromisoformat(day).replace(tzinfo=BEIJING)
        except ValueError:
            return self._no(call, "isv.invalid-arguments", "参数有误")
        now = self.now()
        ready = begin + timedelta(days=1, hours=BILL_HOUR)
        if now < ready or bill_of(self.books, self.name, begin, now) is None:
            return self._no(call, "isp.bill_not_exist", "账单不存在")
        until = int((now + BILL_LIFE).timestamp())
        return self._yes(call, {"bill_download_url": f"{call.base}/bill/{day}/{until}/{self._mark(day, until)}.zip"})

    def _bill_file(self, rest: str) -> Answer:
        day, _, end = rest.partition("/")
        until, _, mark = end.removesuffix(".zip").partition("/")
        now = self.now()
        if not until.isdigit() or mark != self._mark(day, int(until)) or int(until) < now.timestamp():
            return Answer(403)
        packed = bill_of(self.books, self.name, datetime.fromisoformat(day).replace(tzinfo=BEIJING), now)
        return Answer(200, {"Content-Type": "application/zip"}, packed) if packed else Answer(404)

    def _mark(self, day: str, until: int) -> str:
        key = keys.secret(self.books, "alipay:bill").encode()
        return hmac.new(key, f"{day}/{until}".encode(), "sha256").hexdigest()

    def _trade(self, call: Call) -> Payment | None:
        """The trade that is asked about, if it has begun."""
        number, ref = str(call.biz.get("out_trade_no", "")), str(call.biz.get("trade_no", ""))
        payment = self.payment(number) if number else self.books.one(Payment, channel=self.name, ref=ref)
        begun = payment is not None and (payment.facts["begun"] or payment.state in ("paying", "paid"))
        return payment if begun else None

    def _refunds(self, payment: Payment) -> Sequence[Refund]:
        return self.books.all(Refund, channel=self.name, payment_number=payment.number)

    def _status(self, payment: Payment) -> str:
        if payment.state in ("waiting", "paying"):
            over = payment.state == "waiting" and payment.expires_at is not None and payment.expires_at <= self.now()
            return "TRADE_CLOSED" if over else "WAIT_BUYER_PAY"
        gone = sum(refund.amount for refund in self._refunds(payment))
        return "TRADE_SUCCESS" if payment.state == "paid" and gone < payment.amount else "TRADE_CLOSED"

    def _refunded(self, payment: Payment, refund: Refund, gone: int, change: str) -> Fields:
        return {
            "buyer_logon_id": "shi***@sandbox.com", "buyer_user_id": "2088102169481075", "fund_change": change,
            "gmt_refund_pay": written(refund.at), "out_trade_no": payment.number, "refund_fee": yuan(gone),
            "send_back_fee": yuan(refund.amount if change == "Y" else 0), "trade_no": payment.ref,
        }  # fmt: skip

    def _tell(self, kind: str, number: str, payment: Payment, more: Fields, now: datetime) -> None:
        paid = yuan(payment.amount) if payment.state == "paid" else "0.00"
        facts = {
            "notify_type": "trade_status_sync", "app_id": self._app_id, "auth_app_id": self._app_id, "charset": "utf-8",
            "version": "1.0", "trade_no": payment.ref, "out_trade_no": payment.number, "buyer_id": "2088102169481075",
            "seller_id": self._seller_id, "trade_status": self._status(payment), "total_amount": yuan(payment.amount),
            "receipt_amount": paid, "invoice_amount": paid, "buyer_pay_amount": paid, "point_amount": "0.00",
            "subject": payment.facts["subject"], "gmt_create": written(payment.opened_at), **more,
        }  # fmt: skip
        event_id = f"{now.astimezone(BEIJING):%Y%m%d}00222{secrets.randbelow(10**20):020}"
        self.tell(kind, number, payment.facts["notify_url"], facts, now, event_id=event_id)

    def _reference(self, now: datetime) -> str:
        return f"{now.astimezone(BEIJING):%Y%m%d}22001{secrets.randbelow(10**15):015}"

    def _yes(self, call: Call, fields: Fields) -> Answer:
        return answered(call.method, {"code": "10000", "msg": "Success", **fields}, self._key)

    def _no(self, call: Call, code: str, words: str) -> Answer:
        if call.method in IN_BROWSER:
            return in_html(f"{words}（{code}）", 400)
        return answered(call.method, failed(code, words), self._key)
