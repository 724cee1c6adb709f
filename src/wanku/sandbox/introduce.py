"""The shop opens its accounts at the simulated banks."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

import httpx

from wanku.flows.integrating.set_channel import set_channel
from wanku.payments.accounts import Account, accounts_of, add_account
from wanku.payments.fields import FEE_BP
from wanku.payments.gateways import GATEWAYS

BASE_URL: Final = "base_url"
PATIENCE_SECONDS: Final = 10.0


class NoBanks(Exception):
    """The banks do not answer, or say what is not understood."""


def introduce(url: str, *, now: datetime) -> Sequence[str]:
    """Set up each channel that has no account yet, or one at banks that have moved; returns their names.

    Accounts at real channels stay as they are: they have no address of their own.

    Raises:
        NoBanks: nobody answers at ``url``.
    """
    changed = []
    for name, told in sorted(_accounts(url).items()):
        public, secret = dict(told["public"]), dict(told["secret"])
        used = next(iter(accounts_of(name)), None)
        if used is not None and FEE_BP.name in used.public:
            # Agreed by people, of which the banks know nothing.
            public[FEE_BP.name] = used.public[FEE_BP.name]
        if used is None or (BASE_URL in used.public and not _is(used, public, secret)):
            _set(name, public, secret, now)
            changed.append(name)
    return changed


def _accounts(url: str) -> Mapping[str, Any]:
    try:
        answer = httpx.get(f"{url}/accounts", timeout=PATIENCE_SECONDS, trust_env=False).raise_for_status()
        accounts: Mapping[str, Any] = dict(answer.json())
    except (httpx.HTTPError, ValueError, TypeError) as error:
        raise NoBanks(f"The simulated banks do not answer at {url}: {error}") from error
    return accounts


def _is(used: Account, public: Mapping[str, str], secret: Mapping[str, str]) -> bool:
    """Whether it is the very same; keys are kept in a form of their own, which may differ by an end of line."""

    def plain(values: Mapping[str, str]) -> dict[str, str]:
        return {name: value.strip() for name, value in values.items()}

    return plain(used.public) == plain(public) and plain(used.secret) == plain(secret)


def _set(name: str, public: Mapping[str, str], secret: Mapping[str, str], now: datetime) -> None:
    """By the flow that people use; what is no payment channel (the bank of payouts) has no fields to check."""
    channel = GATEWAYS.get(name)
    if channel is not None and channel.fields:
        set_channel(name, public=public, secret=secret, actor=None, now=now)
    else:
        add_account(name, public=public, secret=secret, set_by=None, now=now)
