"""The gateway; what is particular about Alipay: the docstring of its folder."""

import re
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any, Final

from wanku.kernel.refusal import gettext_noop
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
from wanku.payments.gateways.alipay import FIELDS, NAME, bill, notices
from wanku.payments.gateways.alipay.client import NO_TRADE, Answer, ask, in_use, problem, signed
from wanku.payments.gateways.alipay.said import fen, written, yuan

ARRIVAL: Final = gettext_noop("At once in the balance; on a bank card within 1 to 7 working days.")
METHODS: Final[Mapping[str, Method]] = {
    "precreate": Method(
        gettext_noop("Alipay"),
        frozenset({Place.DESKTOP}),
        arrival=ARRIVAL,
        hint=gettext_noop("Scan a code with Alipay on your phone."),
    ),
    "page": Method(
        gettext_noop("Alipay, on its website"),
        frozenset({Place.DESKTOP}),
        arrival=ARRIVAL,
        hint=gettext_noop("Sign in at Alipay; you come back here afterwards."),
    ),
    "wap": Method(
        gettext_noop("Alipay"),
        frozenset({Place.PHONE}),
        arrival=ARRIVAL,
        hint=gettext_noop("Alipay opens; you come back here afterwards."),
    ),
}
"""WeChat's own browser does not let Alipay in."""
STATES: Final = {
    "WAIT_BUYER_PAY": ChannelState.PENDING,
    "TRADE_SUCCESS": ChannelState.CAPTURED,
    "TRADE_FINISHED": ChannelState.CAPTURED,
    "TRADE_CLOSED": ChannelState.CLOSED,
}
DECIDED: Final = frozenset({"ACQ.TRADE_STATUS_ERROR", "ACQ.REASON_TRADE_STATUS_INVALID", "ACQ.REASON_ILLEGAL_STATUS"})
"""A trade that cannot be closed: it is paid, or closed already."""
NO_BILL: Final = frozenset({"isp.bill_not_exist", "BILL_NOT_EXIST"})
SUBJECT_MAX: Final = 120


class AlipayGateway:
    """Alipay as a payment channel."""

    name = NAME
    heard = Heard(status=200, body=b"success", content_type="text/plain")
    fields = FIELDS

    def methods(self) -> Mapping[str, Method]:
        """A page and a code on desktops, a page on phones."""
        return METHODS if in_use() else {}

    def open(self, opening: Opening) -> Opened:
        """An address that the SDK has signed, without a call; a code is asked for."""
        asked: dict[str, Any] = {
            # Alipay takes no / = & in a subject.
            "subject": re.sub(r"[/=&\s]+", " ", opening.subject).strip()[:SUBJECT_MAX] or opening.number,
            "out_trade_no": opening.number,
            "total_amount": yuan(opening.amount),
            "time_expire": written(opening.expires_at),
            "notify_url": opening.notify_url,
        }
        if opening.method == "precreate":
            answer = ask(lambda client: client.api_alipay_trade_precreate(**asked), number=opening.number)
            if problem(answer) or not answer.get("qr_code"):
                raise ChannelDown(problem(answer) or "no code")
            return Opened(ShownAs.QR, str(answer["qr_code"]))
        back = opening.return_url
        if opening.method == "wap":
            return Opened(
                ShownAs.REDIRECT,
                signed(lambda client: client.api_alipay_trade_wap_pay(**asked, return_url=back, quit_url=back)),
            )
        return Opened(
            ShownAs.REDIRECT, signed(lambda client: client.api_alipay_trade_page_pay(**asked, return_url=back))
        )

    def query(self, known: Known) -> ChannelResult:
        """Ask about the trade; one that nobody has begun to pay is unknown to Alipay."""
        answer = ask(lambda client: client.api_alipay_trade_query(out_trade_no=known.number), number=known.number)
        if problem(answer):
            return self._not_there(known, answer)
        state = STATES.get(str(answer.get("trade_status")))
        if state is None:
            raise ChannelDown(f"trade_status {answer.get('trade_status')!r}")
        if state != ChannelState.CAPTURED:
            return ChannelResult(NAME, known.number, state, channel_ref=str(answer.get("trade_no", "")))
        return ChannelResult(
            NAME, known.number, state, _fen(answer, "total_amount"), "CNY", channel_ref=str(answer.get("trade_no", ""))
        )

    def close(self, known: Known) -> ChannelResult:
        """Close the trade; what cannot be closed is asked about."""
        answer = ask(lambda client: client.api_alipay_trade_close(out_trade_no=known.number), number=known.number)
        if problem(answer) in DECIDED:
            return self.query(known)
        if problem(answer):
            return self._not_there(known, answer)
        return ChannelResult(NAME, known.number, ChannelState.CLOSED, channel_ref=str(answer.get("trade_no", "")))

    def refund(self, call: RefundCall) -> RefundResult:
        """Refund under our number (``out_request_no``); only a change of funds is a success, else it is asked about."""
        answer = ask(
            lambda client: client.api_alipay_trade_refund(
                refund_amount=yuan(call.amount),
                out_trade_no=call.payment_number,
                out_request_no=call.number,
                refund_reason=call.reason,
            ),
            number=call.payment_number,
        )
        if problem(answer):
            return RefundResult(call.number, RefundState.FAILED, failure=problem(answer)[:60], gateway=NAME)
        if answer.get("fund_change") == "Y":
            ref = str(answer.get("trade_no", ""))
            return RefundResult(call.number, RefundState.SUCCEEDED, channel_ref=ref, gateway=NAME)
        found = self.query_refund(call)
        return (
            found
            if found.state == RefundState.SUCCEEDED
            else RefundResult(call.number, RefundState.PROCESSING, gateway=NAME)
        )

    def query_refund(self, call: RefundCall) -> RefundResult:
        """Ask about a refund. What is not known to have succeeded is sent again under the same number."""
        answer = ask(
            lambda client: client.api_alipay_trade_fastpay_refund_query(
                out_request_no=call.number, out_trade_no=call.payment_number
            ),
            number=call.payment_number,
        )
        if problem(answer) not in ("", NO_TRADE):
            raise ChannelDown(problem(answer))
        if answer.get("refund_status") != "REFUND_SUCCESS":
            return RefundResult(call.number, RefundState.UNKNOWN, gateway=NAME)
        if answer.get("out_request_no") != call.number:
            raise ChannelDown("the answer is about another refund")
        return RefundResult(
            call.number,
            RefundState.SUCCEEDED,
            channel_ref=str(answer.get("trade_no", "")),
            gateway=NAME,
            amount=_fen(answer, "refund_amount"),
        )

    def parse_notice(
        self, headers: Mapping[str, str], body: bytes, now: datetime
    ) -> ChannelResult | RefundResult | None:
        """Verify and read a notice.

        Raises:
            NoticeRefused: forged, altered, too old, for somebody else or unreadable.
        """
        return notices.parse(body, now)

    def bill(self, day: date) -> Iterable[BillRow]:
        """Payments and refunds of a day in Beijing, ready the morning after.

        Raises:
            NoBill: it is not there yet; Alipay says the same of a day on which nothing happened.
        """
        wish = {"bill_type": "trade", "bill_date": day.isoformat()}
        answer = ask(lambda client: client.server_api("alipay.data.dataservice.bill.downloadurl.query", wish))
        if problem(answer) in NO_BILL:
            raise NoBill(f"{NAME} {day}")
        url = answer.get("bill_download_url")
        if problem(answer) or not isinstance(url, str):
            raise ChannelDown(problem(answer) or "no address")
        return bill.rows_of(bill.download(url))

    def _not_there(self, known: Known, answer: Answer) -> ChannelResult:
        if problem(answer) != NO_TRADE:
            raise ChannelDown(problem(answer))
        return ChannelResult(NAME, known.number, ChannelState.UNKNOWN)


def _fen(answer: Answer, name: str) -> int:
    try:
        return fen(answer.get(name))
    except ValueError as error:
        raise ChannelDown(str(error)) from error
