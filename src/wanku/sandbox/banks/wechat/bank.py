"""The bank itself: which call goes where, and what is told to the shop."""

import hashlib
import json
import re
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, ClassVar, Final
from urllib.parse import unquote

from cryptography.exceptions import InvalidSignature

from wanku.kernel.refusal import gettext_noop
from wanku.sandbox.banks import keys
from wanku.sandbox.banks.bank import Bank, Clock, ShopAccount
from wanku.sandbox.banks.books import Books, Notice, Payment, Refund
from wanku.sandbox.banks.http import Answer, Asked, go_to, in_json
from wanku.sandbox.banks.wechat import payments, refunds, wire
from wanku.sandbox.banks.wechat.bill import Bills
from wanku.sandbox.banks.wechat.keys import APPID, MCHID, Generation, KeyRing, serial_of
from wanku.sandbox.banks.wechat.login import Login
from wanku.sandbox.banks.wechat.wire import Refused, Signer

_CREATE: Final = re.compile(r"/v3/pay/transactions/(native|jsapi|h5|app)")
_CLOSE: Final = re.compile(r"/v3/pay/transactions/out-trade-no/([^/]+)/close")
_QUERY: Final = re.compile(r"/v3/pay/transactions/(out-trade-no|id)/([^/]+)")
_REFUND: Final = re.compile(r"/v3/refund/domestic/refunds")
_QUERY_REFUND: Final = re.compile(r"/v3/refund/domestic/refunds/([^/]+)")
_TRADE_BILL: Final = re.compile(r"/v3/bill/tradebill")
_DOWNLOAD: Final = re.compile(r"/v3/billdownload/file")
_CERTIFICATES: Final = re.compile(r"/v3/certificates")
CALLS: Final[Sequence[tuple[str, str, re.Pattern[str]]]] = (
    ("create", "POST", _CREATE),
    ("close", "POST", _CLOSE),
    ("query", "GET", _QUERY),
    ("refund", "POST", _REFUND),
    ("query_refund", "GET", _QUERY_REFUND),
    ("bill", "GET", _TRADE_BILL),
    ("download", "GET", _DOWNLOAD),
    ("certificates", "GET", _CERTIFICATES),
)
BUSY: Final = Refused(500, "SYSTEM_ERROR", "系统异常，请稍后重试")


class WechatBank(Bank):
    """WeChat Pay for one direct merchant.

    Attributes:
        refund_takes: how long a refund is under way.
        refund_gap: the least time between two refunds of one order. WeChat Pay asks for a minute; nothing is asked
            here unless a test sets it, since people who try things out are quicker.
    """

    name: ClassVar[str] = payments.CHANNEL
    title: ClassVar[str] = gettext_noop("WeChat Pay")
    colour: ClassVar[str] = "#067c43"
    ladder: ClassVar[Sequence[int]] = (
        15, 15, 30, 180, 600, 1200, 1800, 1800, 1800, 3600, 10_800, 10_800, 10_800, 21_600, 21_600,
    )  # fmt: skip

    def __init__(self, books: Books, now: Clock) -> None:
        super().__init__(books, now)
        self.ring = KeyRing(books)
        self.bills = Bills(books)
        self.login = Login(books, now)
        self.refund_takes = timedelta(seconds=2)
        self.refund_gap = timedelta(0)

    def call_of(self, asked: Asked) -> str:
        """By path and method."""
        fits = (name for name, method, path in CALLS if asked.method == method and path.fullmatch(asked.path))
        return next(fits, "")

    def busy(self, asked: Asked) -> Answer:
        """``SYSTEM_ERROR``."""
        return self._refused(asked, BUSY)

    def handle(self, asked: Asked) -> Answer:
        """Prove the request, do it, sign the answer."""
        if asked.path == "/bridge":
            return self._bridge(asked)
        if (told := self.login.answer(asked)) is not None:
            return told
        call = self.call_of(asked)
        if not call:
            return self._refused(asked, Refused(404, "RESOURCE_NOT_EXISTS", "接口不存在"))
        try:
            generation = wire.check_request(asked, self.ring)
            if call == "download":
                # The only answer without a signature; its hash came in a signed one.
                raw = self.bills.file(asked.args.get("token", ""), self.now())
                return Answer(200, {"Content-Type": "application/octet-stream"}, raw)
            signer = wire.signer_for(asked, self.ring)
            calls: Mapping[str, Callable[[Asked, Generation], Any]] = {
                "create": self._create, "close": self._close, "query": self._query, "refund": self._refund,
                "query_refund": self._query_refund, "bill": self._bill, "certificates": self._certificates,
            }  # fmt: skip
            facts = calls[call](asked, generation)
            return wire.signed(signer, 204 if facts is None else 200, facts)
        except Refused as no:
            return self._refused(asked, no)

    def sign_notice(self, notice: Notice, now: datetime, fault: str = "") -> tuple[Mapping[str, str], bytes]:
        """The notice sealed and signed by the keys of the age at which its payment was opened."""
        generation = self.ring.generation(int(notice.facts["age"]))
        resource = json.loads(json.dumps(notice.facts["resource"]))
        if fault == "wrong_amount":
            resource["amount"]["total" if notice.kind == "payment" else "refund"] += 1
        text = json.dumps(resource, ensure_ascii=False, separators=(",", ":"))
        associated = "transaction" if notice.kind == "payment" else "refund"
        sealed = wire.seal(
            generation.apiv3_key, text, nonce=hashlib.sha256(text.encode()).hexdigest()[:12], associated=associated
        )
        facts = {
            "id": notice.event_id,
            "create_time": notice.at.astimezone(payments.BEIJING).isoformat(timespec="seconds"),
            "resource_type": "encrypt-resource",
            "event_type": notice.facts["event_type"],
            "summary": notice.facts["summary"],
            "resource": {"original_type": associated, **sealed},
        }
        body = json.dumps(facts, ensure_ascii=False, separators=(",", ":")).encode()
        key = self.ring.stranger() if fault == "forged" else generation.platform
        signature = wire.signature_headers(Signer(key, generation.public_key_id), body, int(now.timestamp()))
        return {"Content-Type": "application/json", **signature}, body

    def heard(self, status: int, body: bytes) -> bool:
        """200 or 204."""
        return status in (200, 204)

    def account(self, base: str) -> ShopAccount:
        """The account of now; former ones stay valid."""
        now = self.ring.generation()
        public = {
            "mchid": MCHID,
            "appid": APPID,
            "serial_no": now.merchant_serial,
            "public_key_id": now.public_key_id,
            "public_key": keys.public_pem(now.platform),
            "base_url": base,
        }
        secret = {
            "private_key": keys.private_pem(now.merchant),
            "apiv3_key": now.apiv3_key,
            "app_secret": self.login.app_secret,
        }
        return ShopAccount(public, secret)

    def tell_payment(self, payment: Payment, now: datetime) -> None:
        """Only success is told."""
        if payment.state == "paid":
            facts = payments.told(self.books, payment)
            said = {"event_type": "TRANSACTION.SUCCESS", "summary": "支付成功", "resource": facts}
            self.tell(
                "payment", payment.number, payment.facts["notify_url"], {**said, "age": payment.facts["age"]}, now
            )

    def fee_of(self, amount: int) -> int:
        """Six per mille, rounded half up to the fen."""
        return (amount * 6 + 500) // 1000

    def tick(self, now: datetime) -> None:
        """Refunds arrive, and are told of."""
        with self.books.held():
            for refund in refunds.finish_due(self.books, now):
                payment = self._payment_of(refund)
                status = refunds.status_of(refund)
                summary = {"SUCCESS": "退款成功", "ABNORMAL": "退款异常", "CLOSED": "退款关闭"}[status]
                said = {"event_type": f"REFUND.{status}", "summary": summary, "age": refund.facts["age"]}
                resource = refunds.notified(refund, payment)
                url = str(refund.facts["asked"]["notify_url"] or "")
                self.tell("refund", refund.number, url, {**said, "resource": resource}, now)

    def scanned(self, text: str) -> Payment | None:
        """A native code."""
        token = text.removeprefix(payments.CODE)
        return None if token == text else self.books.one(Payment, channel=self.name, token=token)

    def spoil_refund(self, number: str, fate: str) -> None:
        """Let an accepted refund end as ``ABNORMAL`` (the payer's card is gone) or ``CLOSED``."""
        refund = refunds.find_refund(self.books, number)
        refund.facts["fate"] = fate
        self.books.put(refund)

    def treat_refund(self, number: str, received: str) -> None:
        """As a person does at the merchants' platform (apply-abnormal-refund): an abnormal refund goes elsewhere.

        Args:
            received: the account that gets it, in the channel's words.
        """
        refund = refunds.find_refund(self.books, number)
        refund.facts |= {"fate": "", "received": received}
        refund.state = "processing"
        self.books.put(refund)

    def _create(self, asked: Asked, generation: Generation) -> Any:
        found = _CREATE.fullmatch(asked.path)
        kind = found.group(1) if found else ""
        facts = wire.read_json(asked)
        return payments.open_order(
            self.books, kind, facts, base=asked.base, age=generation.age, now=self.now()
        )  # fmt: skip

    def _query(self, asked: Asked, generation: Generation) -> Any:
        payments.check_merchant(asked.args.get("mchid"))
        found = _QUERY.fullmatch(asked.path)
        by, what = found.groups() if found else ("", "")
        name = {"number" if by == "out-trade-no" else "ref": unquote(what)}
        return payments.told(self.books, payments.find_order(self.books, **name))

    def _close(self, asked: Asked, generation: Generation) -> Any:
        payments.check_merchant(wire.read_json(asked).get("mchid"))
        found = _CLOSE.fullmatch(asked.path)
        payments.close_order(self.books, unquote(found.group(1)) if found else "")

    def _refund(self, asked: Asked, generation: Generation) -> Any:
        facts = wire.read_json(asked)
        with self.books.held():
            refund = refunds.accept(
                self.books, facts, now=self.now(), takes=self.refund_takes, gap=self.refund_gap, balance=self.balance()
            )  # fmt: skip
            return refunds.told(refund, self._payment_of(refund))

    def _query_refund(self, asked: Asked, generation: Generation) -> Any:
        found = _QUERY_REFUND.fullmatch(asked.path)
        refund = refunds.find_refund(self.books, unquote(found.group(1)) if found else "")
        return refunds.told(refund, self._payment_of(refund))

    def _bill(self, asked: Asked, generation: Generation) -> Any:
        return self.bills.link(asked.args, asked.base, self.now())

    def _certificates(self, asked: Asked, generation: Generation) -> Any:
        return wire.certificates(self.ring, generation)

    def _bridge(self, asked: Asked) -> Answer:
        """What WeChat does when a page calls ``getBrandWCPayRequest``: check what the shop signed, show the payment."""
        told = asked.args
        prepay_id = told.get("package", "").removeprefix("prepay_id=")
        waiting = self.books.all(Payment, channel=self.name, account=MCHID)
        payment = next((p for p in waiting if p.facts["prepay_id"] == prepay_id), None)
        words = [told.get(name, "") for name in ("appId", "timeStamp", "nonceStr", "package")]
        message = "".join(f"{word}\n" for word in words).encode()
        if payment is None or told.get("appId") != APPID or told.get("signType") != "RSA":
            return in_json({"err_msg": "get_brand_wcpay_request:fail"}, 400)
        merchant = self.ring.generation(int(payment.facts["age"])).merchant
        try:
            wire.verify(merchant, told.get("paySign", ""), message)
        except InvalidSignature:
            return in_json({"err_msg": "get_brand_wcpay_request:fail"}, 400)
        return go_to(f"{asked.base}/pay/{payment.token}")

    def _refused(self, asked: Asked, no: Refused) -> Answer:
        try:
            signer = wire.signer_for(asked, self.ring)
        except Refused:
            key, certificate = self.ring.certificate()
            signer = Signer(key, serial_of(certificate))
        return wire.signed(signer, no.status, {"code": no.code, "message": no.message})

    def _payment_of(self, refund: Refund) -> Payment:
        payment = self.payment(refund.payment_number)
        if payment is None:
            raise LookupError(refund.payment_number)
        return payment
