"""The gateway."""

import json
import secrets
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final
from urllib.parse import quote, urlsplit
from zoneinfo import ZoneInfo

from wanku.kernel.refusal import gettext_noop
from wanku.payments.accounts import Account
from wanku.payments.channel import (
    BillRow,
    ChannelDown,
    ChannelResult,
    ChannelState,
    Heard,
    Known,
    Method,
    NoBill,
    Opened,
    Opening,
    Place,
    RefundCall,
    RefundResult,
    RefundState,
    ShownAs,
)
from wanku.payments.gateways.wechat import FIELDS, NAME, notices
from wanku.payments.gateways.wechat.bill import bill_of
from wanku.payments.gateways.wechat.client import (
    NOT_THERE,
    Facts,
    Said,
    ask,
    ask_each,
    client_of,
    each_number,
    in_use,
)
from wanku.payments.gateways.wechat.said import NotOurs, payment_said, refund_said
from wanku.payments.gateways.wechat.who import openid_of, who_address

BEIJING: Final = ZoneInfo("Asia/Shanghai")
LABEL: Final = gettext_noop("WeChat Pay")
BY_CODE: Final = gettext_noop("Scan a code with WeChat on your phone.")
IN_APP: Final = gettext_noop("WeChat opens; you come back here afterwards.")
INSIDE: Final = gettext_noop("Pay right here in WeChat.")
ARRIVAL: Final = gettext_noop("At once in the balance; on a bank card within 2 to 5 working days.")
LIFE_MIN: Final = timedelta(seconds=65)
"""WeChat Pay takes no order that ends within a minute; what is paid after our own end goes back as late money."""
DESCRIPTION_MAX: Final = 127
REASON_MAX: Final = 80


class WechatGateway:
    """WeChat Pay for one direct merchant."""

    name = NAME
    heard = Heard()
    fields = FIELDS

    def methods(self) -> Mapping[str, Method]:
        """One for each place in which a buyer can be."""
        account = in_use()
        if account is None:
            return {}
        ways = {
            "native": Method(LABEL, frozenset({Place.DESKTOP}), arrival=ARRIVAL, hint=BY_CODE),
            "h5": Method(LABEL, frozenset({Place.PHONE}), arrival=ARRIVAL, hint=IN_APP),
        }
        if account.secret.get("app_secret"):
            here = frozenset({Place.WECHAT})
            ways["jsapi"] = Method(LABEL, here, arrival=ARRIVAL, asks_who=True, hint=INSIDE)
        return ways

    def who_address(self, back: str, state: str) -> str:
        """WeChat, which sends the browser back with a code.

        Raises:
            ChannelDown: the channel is not set up.
        """
        return who_address(self._account(), back, state)

    def who(self, code: str) -> str:
        """The openid behind a code.

        Raises:
            ChannelDown: WeChat does not tell it.
        """
        return openid_of(self._account(), code)

    def open(self, opening: Opening) -> Opened:
        """An order at WeChat Pay: the same number with the same words is the same order."""
        account = self._account()
        try:
            facts = ask(account, lambda client: client.pay(**_ordered(opening)))
            return _shown(opening, facts, account)
        except (Said, KeyError) as no:
            raise ChannelDown(str(no)) from no

    def query(self, known: Known) -> ChannelResult:
        """Ask by our number."""
        try:
            account, facts = ask_each(lambda client: client.query(out_trade_no=known.number))
        except Said as no:
            if no.code in NOT_THERE:
                return ChannelResult(NAME, known.number, ChannelState.UNKNOWN)
            raise ChannelDown(str(no)) from no
        return _payment(known.number, facts, account)

    def close(self, known: Known) -> ChannelResult:
        """Close it; what cannot be closed is asked about. One that never came to be can never be paid."""
        try:
            ask_each(lambda client: client.close(known.number))
        except Said as no:
            if no.code not in NOT_THERE:
                return self.query(known)
        return ChannelResult(NAME, known.number, ChannelState.CLOSED)

    def refund(self, call: RefundCall) -> RefundResult:
        """Ask for it: WeChat Pay accepts now and tells the outcome later."""
        try:
            _, facts = ask_each(lambda client: client.refund(**_refund_asked(call)))
        except Said as no:
            # It may be refused because it was asked before in other words, so the number itself is asked about.
            known = self.query_refund(call)
            if known.state != RefundState.UNKNOWN:
                return known
            return RefundResult(call.number, RefundState.FAILED, failure=no.code.lower()[:60], gateway=NAME)
        return _refund(call, facts)

    def query_refund(self, call: RefundCall) -> RefundResult:
        """Ask by our number."""
        try:
            _, facts = ask_each(lambda client: client.query_refund(call.number))
        except Said as no:
            if no.code in NOT_THERE:
                return RefundResult(call.number, RefundState.UNKNOWN, gateway=NAME)
            raise ChannelDown(str(no)) from no
        return _refund(call, facts)

    def parse_notice(
        self, headers: Mapping[str, str], body: bytes, now: datetime
    ) -> ChannelResult | RefundResult | None:
        """Verify and open a notice, without a call to anybody.

        Raises:
            NoticeRefused: forged, altered, too old or unreadable.
        """
        return notices.parse(headers, body, now)

    def bill(self, day: date) -> Iterable[BillRow]:
        """The trade bill of a day in Beijing, of every merchant number that we use; there from ten the next morning.

        Raises:
            NoBill: it is not there (yet).
        """
        accounts = each_number()
        if not accounts:
            raise NoBill("there is no account at WeChat Pay")
        found: list[BillRow] = []
        none: list[NoBill] = []
        for account in accounts:
            try:
                found += bill_of(account, day)
            except NoBill as no:
                none.append(no)
        if len(none) == len(accounts):
            raise none[0]
        return found

    def _account(self) -> Account:
        account = in_use()
        if account is None:
            raise ChannelDown("there is no account at WeChat Pay")
        return account


def _ordered(opening: Opening) -> dict[str, Any]:
    """What the SDK is to ask for."""
    from wechatpayv3 import WeChatPayType  # noqa: PLC0415 (see `client`)

    kind = {"native": WeChatPayType.NATIVE, "h5": WeChatPayType.H5, "jsapi": WeChatPayType.JSAPI}[opening.method]
    until = max(opening.expires_at, datetime.now(UTC) + LIFE_MIN).astimezone(BEIJING)
    ordered: dict[str, Any] = {
        "pay_type": kind,
        "description": opening.subject[:DESCRIPTION_MAX] or opening.number,
        "out_trade_no": opening.number,
        "amount": {"total": opening.amount, "currency": opening.currency},
        "time_expire": until.isoformat(timespec="seconds"),
        "notify_url": opening.notify_url,
    }
    if opening.method == "h5":
        ordered["scene_info"] = {
            "payer_client_ip": opening.buyer_address or "127.0.0.1",
            "h5_info": {"type": "Wap"},
        }
    if opening.method == "jsapi":
        if not opening.buyer_ref:
            raise ChannelDown("the buyer's openid is not known")
        ordered["payer"] = {"openid": opening.buyer_ref}
    return ordered


def _shown(opening: Opening, facts: Facts, account: Account) -> Opened:
    if opening.method == "native":
        return Opened(ShownAs.QR, str(facts["code_url"]))
    if opening.method == "h5":
        url = str(facts["h5_url"])
        if urlsplit(url).scheme not in ("http", "https"):
            raise ChannelDown("the address is none for a browser")
        sign = "&" if urlsplit(url).query else "?"
        return Opened(ShownAs.REDIRECT, f"{url}{sign}redirect_url={quote(opening.return_url, safe='')}")
    return Opened(ShownAs.JSAPI, json.dumps(_bridge(str(facts["prepay_id"]), account)))


def _bridge(prepay_id: str, account: Account) -> dict[str, str]:
    """What a page inside WeChat hands to it, signed by us."""
    app_id, package = account.public["appid"], f"prepay_id={prepay_id}"
    stamp, nonce = str(int(datetime.now(UTC).timestamp())), secrets.token_hex(16)
    signature = client_of(account, answers=True).sign([app_id, stamp, nonce, package])
    return {
        "appId": app_id,
        "timeStamp": stamp,
        "nonceStr": nonce,
        "package": package,
        "signType": "RSA",
        "paySign": str(signature),
    }


def _payment(number: str, facts: Facts, account: Account) -> ChannelResult:
    try:
        said = payment_said(facts, account)
    except (NotOurs, AttributeError) as error:
        raise ChannelDown(str(error)) from error
    if said.number != number:
        raise ChannelDown("the answer is about another payment")
    return said


def _refund_asked(call: RefundCall) -> dict[str, Any]:
    return {
        "out_refund_no": call.number,
        "out_trade_no": call.payment_number,
        "amount": {"refund": call.amount, "total": call.payment_amount, "currency": call.currency},
        "reason": call.reason[:REASON_MAX],
        "notify_url": call.notify_url,
    }


def _refund(call: RefundCall, facts: Facts) -> RefundResult:
    try:
        said = refund_said(facts)
    except (NotOurs, AttributeError) as error:
        raise ChannelDown(str(error)) from error
    asked = (call.number, call.payment_number, call.amount)
    if (said.number, facts.get("out_trade_no"), said.amount) != asked:
        raise ChannelDown("the answer is about another refund")
    return said
