"""WeChat Pay's words in ours."""

from collections.abc import Mapping
from typing import Any, Final

from wanku.payments.accounts import Account
from wanku.payments.channel import ChannelResult, ChannelState, RefundResult, RefundState
from wanku.payments.gateways.wechat import NAME

STATES: Final[Mapping[str, ChannelState]] = {
    "SUCCESS": ChannelState.CAPTURED,
    # Also after a refund of a part: the money was captured, and what went back is the refunds' business.
    "REFUND": ChannelState.CAPTURED,
    "NOTPAY": ChannelState.PENDING,
    "USERPAYING": ChannelState.PENDING,
    "ACCEPT": ChannelState.PENDING,
    "CLOSED": ChannelState.CLOSED,
    "REVOKED": ChannelState.CLOSED,
    "PAYERROR": ChannelState.FAILED,
}
UNDER_WAY: Final = frozenset({"USERPAYING", "ACCEPT"})
REFUND_STATES: Final[Mapping[str, RefundState]] = {
    "SUCCESS": RefundState.SUCCEEDED,
    "PROCESSING": RefundState.PROCESSING,
    "ABNORMAL": RefundState.FAILED,
    "CLOSED": RefundState.FAILED,
}
MERCHANT: Final = "商户"
"""How ``user_received_account`` begins when money went to the merchant instead of the payer (商户基本账户,
商户结算银行账户). An abnormal refund that somebody has sent to the merchant's bank account ends so, as ``SUCCESS``."""
RETURNED: Final = "returned_to_merchant"
Facts = Mapping[str, Any]


class NotOurs(ValueError):
    """It is about another account or number, or lacks what it must have."""


def payment_said(facts: Facts, account: Account, *, event_id: str = "", event_hash: bytes = b"") -> ChannelResult:
    """An order, of a query or a notice.

    Raises:
        NotOurs: it is not of this account, or unreadable.
    """
    if (facts.get("mchid"), facts.get("appid")) != (account.public["mchid"], account.public["appid"]):
        raise NotOurs("the merchant or the application is another")
    state = STATES.get(str(facts.get("trade_state")))
    number = facts.get("out_trade_no")
    if state is None or not isinstance(number, str):
        raise NotOurs("the state or the number is unknown")
    amount = facts.get("amount") or {}
    total, currency = amount.get("total"), amount.get("currency")
    if state != ChannelState.CAPTURED:
        failure = str(facts["trade_state"]).lower() if state == ChannelState.FAILED else ""
        return ChannelResult(
            NAME, number, state, failure=failure, event_id=event_id, event_hash=event_hash,
            under_way=facts["trade_state"] in UNDER_WAY,
        )  # fmt: skip
    if type(total) is not int or not isinstance(currency, str):
        raise NotOurs("the amount is unreadable")
    return ChannelResult(
        NAME, number, state, total, currency, channel_ref=str(facts.get("transaction_id", "")),
        event_id=event_id, event_hash=event_hash,
    )  # fmt: skip


def refund_said(facts: Facts, *, event_id: str = "", event_hash: bytes = b"") -> RefundResult:
    """A refund, of a query or a notice, which names the state differently.

    Raises:
        NotOurs: it is unreadable.
    """
    status = str(facts.get("refund_status") or facts.get("status"))
    state, number = REFUND_STATES.get(status), facts.get("out_refund_no")
    amount = (facts.get("amount") or {}).get("refund")
    if state is None or not isinstance(number, str) or type(amount) is not int:
        raise NotOurs("the state, the number or the amount is unreadable")
    failure = status.lower() if state == RefundState.FAILED else ""
    if state == RefundState.SUCCEEDED and str(facts.get("user_received_account", "")).startswith(MERCHANT):
        state, failure = RefundState.FAILED, RETURNED
    return RefundResult(
        number, state, str(facts.get("refund_id", "")), failure, NAME, amount, event_id, event_hash
    )  # fmt: skip
