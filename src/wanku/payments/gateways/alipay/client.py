"""The SDK's client of each account, and what comes of a call."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from wanku.payments.accounts import Account, accounts_of
from wanku.payments.channel import ChannelDown
from wanku.payments.gateways.alipay import NAME
from wanku.payments.gateways.alipay.said import is_true_spelling

TIMEOUT_SECONDS: Final = 8
"""For each wait on the wire; the SDK's own is 15, and it hands it to every call that it makes."""
DONE: Final = "10000"
REFUSED: Final = frozenset({"40001", "40002", "40003", "40004", "40006"})
"""Codes with which nothing has happened; every other one leaves it open."""
NO_TRADE: Final = "ACQ.TRADE_NOT_EXIST"
Answer = Mapping[str, Any]
_clients: dict[int, tuple[Account, Any]] = {}


def in_use() -> Account | None:
    """The account in use; none while the channel is not set up."""
    return next(iter(accounts_of(NAME)), None)


def client_of(account: Account) -> Any:
    """The SDK's client; kept, since reading its keys takes a while."""
    kept = _clients.get(account.key)
    if kept is None or kept[0] != account:
        kept = _clients[account.key] = (account, _made(account))
    return kept[1]


def signed(call: Callable[[Any], str]) -> str:
    """An address of Alipay with what a call of the SDK has signed.

    Raises:
        ChannelDown: the channel is not set up.
    """
    account = in_use()
    if account is None:
        raise ChannelDown("there is no account at Alipay")
    client = client_of(account)
    return f"{client._gateway}?{call(client)}"  # noqa: SLF001 - the SDK leaves the address to its caller, see its README


def ask(call: Callable[[Any], Answer], *, number: str = "") -> Answer:
    """What Alipay says, proven by the SDK.

    A former account that still holds is asked about what the one in use does not know: payments stay with the account
    that they were made at.

    Args:
        number: our number of the payment, which a true answer repeats.

    Raises:
        ChannelDown: no answer, or none that can be believed, or one that leaves the outcome open.
    """
    answer: Answer | None = None
    for account in _asked():
        answer = _ask(client_of(account), call, number)
        if problem(answer) != NO_TRADE:
            break
    if answer is None:
        raise ChannelDown("there is no account at Alipay")
    return answer


def problem(answer: Answer) -> str:
    """The code of what did not happen and why; empty if it did."""
    return "" if answer["code"] == DONE else str(answer.get("sub_code") or answer["code"])


def _asked() -> Sequence[Account]:
    """The account in use, then the newest of each other application that was not ended."""
    found: dict[str, Account] = {}
    for index, account in enumerate(accounts_of(NAME)):
        if index == 0 or account.until is None:
            found.setdefault(account.public["app_id"], account)
    return list(found.values())


def _ask(client: Any, call: Callable[[Any], Answer], number: str) -> Answer:
    try:
        answer = call(client)
        code, named = answer["code"], answer.get("out_trade_no", number)
    except Exception as error:  # the SDK lets through whatever urllib, json and base64 raise
        raise ChannelDown(f"{type(error).__name__}: {error}"[:300]) from error
    if code == DONE and number and named != number:
        raise ChannelDown("the answer is about another payment")
    if code != DONE and (code not in REFUSED or str(answer.get("sub_code", "")).endswith("SYSTEM_ERROR")):
        raise ChannelDown(f"{code} {answer.get('sub_code', '')}".strip())
    return dict(answer)


def _made(account: Account) -> Any:
    # The SDK takes a fifth of a second to import, which installations without Alipay need not wait for.
    from alipay import AliPay  # noqa: PLC0415
    from alipay.utils import AliPayConfig  # noqa: PLC0415

    class Client(AliPay):  # type: ignore[misc] # the SDK has no types
        """The SDK's, particular about how a signature is spelt."""

        def _verify(self, raw_content: str, signature: str) -> bool:
            return is_true_spelling(signature) and bool(super()._verify(raw_content, signature))

    client = Client(
        appid=account.public["app_id"],
        app_private_key_string=account.secret["app_private_key"],
        alipay_public_key_string=account.public["alipay_public_key"],
        sign_type="RSA2",
        config=AliPayConfig(timeout=TIMEOUT_SECONDS),
    )
    base = account.public.get("base_url", "")
    if base:
        client._gateway = f"{base.rstrip('/')}/gateway.do"  # noqa: SLF001 - the SDK has no setting for it
    return client
