"""The SDK's client of each account, and what comes of a call."""

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Final

from wanku.payments.accounts import Account, accounts_of
from wanku.payments.channel import ChannelDown
from wanku.payments.gateways.wechat import NAME
from wanku.payments.gateways.wechat.proof import flaw_of

TIMEOUT_SECONDS: Final = (3.0, 8.0)
"""To connect, and for each wait on the wire; the SDK's own is none."""
NOT_THERE: Final = frozenset({"ORDER_NOT_EXIST", "ORDERNOTEXIST", "RESOURCE_NOT_EXISTS"})
OPEN: Final = frozenset({"SIGN_ERROR", "SYSTEM_ERROR", "SYSTEMERROR", "FREQUENCY_LIMITED", "RATELIMIT_EXCEEDED"})
"""Codes that leave open what comes of it: our account is mended, or the same is asked again."""
Facts = Mapping[str, Any]
_clients: dict[tuple[int, bool], tuple[Account, Any]] = {}


class Said(Exception):
    """An error that WeChat Pay answered with, after which nothing has happened."""

    def __init__(self, status: int, code: str) -> None:
        super().__init__(f"{status} {code}")
        self.status, self.code = status, code


def proving(now: datetime) -> Sequence[Account]:
    """The accounts that still prove what WeChat Pay signs, newest first."""
    return [account for account in accounts_of(NAME) if account.proves(now)]


def in_use() -> Account | None:
    """The account that new payments are made at; None while the channel is not set up."""
    return next(iter(proving(datetime.now(UTC))), None)


def ask(account: Account, call: Callable[[Any], tuple[int, str | bytes]]) -> Facts:
    """What WeChat Pay says to a call of the SDK; empty for an answer without a body.

    Raises:
        Said: an error that it answers with.
        ChannelDown: no answer, or none that can be believed, or one that leaves the outcome open.
    """
    status, text = _carried(account, call)
    try:
        facts = json.loads(text) if text else {}
        code = str(facts.get("code", ""))
    except (ValueError, AttributeError) as error:
        raise ChannelDown("the answer is not understood") from error
    if status in (200, 204):
        return dict(facts)
    if status >= 500 or status == 429 or code in OPEN or not code:
        raise ChannelDown(f"{status} {code}")
    raise Said(status, code)


def ask_each(call: Callable[[Any], tuple[int, str | bytes]]) -> tuple[Account, Facts]:
    """As `ask`, at the account in use, then at former ones of other merchant numbers.

    A payment stays with the number that it was made at.

    Raises:
        Said, ChannelDown: as `ask`; ``ORDER_NOT_EXIST`` and its kin when it is nowhere.
    """
    missing: Said | None = None
    for account in _numbers():
        try:
            return account, ask(account, call)
        except Said as no:
            if no.code not in NOT_THERE:
                raise
            missing = missing or no
    if missing is None:
        raise ChannelDown("there is no account at WeChat Pay")
    raise missing


def fetch(account: Account, url: str) -> bytes:
    """A file behind a link that a signed answer gave; the file itself is not signed.

    Raises:
        ChannelDown: it cannot be fetched.
    """
    status, raw = _carried(account, lambda client: client.download_bill(url))
    if status != 200 or isinstance(raw, str):
        raise ChannelDown(f"{status} for a bill")
    return raw


def each_number() -> Sequence[Account]:
    """The newest account of each merchant number."""
    return _numbers()


def client_of(account: Account, *, answers: bool) -> Any:
    """The SDK's client, kept, since reading its keys takes a while.

    Args:
        answers: for calls, whose answers have to be of now by the clock on the wall; else for notices, which are
            measured by the moment at which they came in.
    """
    kept = _clients.get((account.key, answers))
    if kept is None or kept[0] != account:
        kept = _clients[account.key, answers] = (account, _made(account, answers=answers))
    return kept[1]


def _numbers() -> Sequence[Account]:
    found: dict[str, Account] = {}
    for account in proving(datetime.now(UTC)):
        found.setdefault(account.public["mchid"], account)
    return list(found.values())


def _carried(account: Account, call: Callable[[Any], tuple[int, str | bytes]]) -> tuple[int, str | bytes]:
    try:
        return call(client_of(account, answers=True))
    except Exception as error:  # the SDK raises bare ones, and lets through whatever requests raises
        raise ChannelDown(f"{type(error).__name__}: {error}"[:300]) from error


def _made(account: Account, *, answers: bool) -> Any:
    # The SDK takes a third of a second to import, which installations without WeChat Pay need not wait for.
    from wechatpayv3 import WeChatPay, WeChatPayType  # noqa: PLC0415

    base = account.public.get("base_url", "").rstrip("/")
    client = WeChatPay(
        wechatpay_type=WeChatPayType.NATIVE,
        mchid=account.public["mchid"],
        private_key=account.secret["private_key"],
        cert_serial_no=account.public["serial_no"],
        appid=account.public["appid"],
        apiv3_key=account.secret["apiv3_key"],
        public_key=account.public["public_key"],
        public_key_id=account.public["public_key_id"],
        timeout=TIMEOUT_SECONDS,
        # A simulator on this machine is not reached by a proxy that the environment may name.
        proxy={"http": None, "https": None} if base else None,
    )
    core = client._core  # noqa: SLF001 - the SDK has no setting for what follows
    if base:
        core._gate_way = base  # noqa: SLF001
    if answers:
        believed = core._verify_signature  # noqa: SLF001
        known = {account.public["public_key_id"]}

        def verify(headers: Mapping[str, str], body: str) -> bool:
            return not flaw_of(headers, known, datetime.now(UTC)) and bool(believed(headers, body))

        core._verify_signature = verify  # noqa: SLF001
    return client
