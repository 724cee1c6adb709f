"""The SDK's client for the account in use, and what its errors mean."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from typing import Final

from stripe import RequestsClient, StripeClient, StripeError

from wanku.payments.accounts import Account, accounts_of
from wanku.payments.channel import ChannelDown
from wanku.payments.gateways.stripe import NAME

CONNECT_SECONDS: Final = 5.0
ANSWER_SECONDS: Final = 20.0
RETRIES: Final = 1
"""After a cut connection, a conflict or a fault of theirs; the SDK sends the same idempotency key again."""


def current() -> Account | None:
    """The account in use; none while the channel is not set up."""
    found = accounts_of(NAME)
    return found[0] if found else None


def client() -> StripeClient:
    """The client of the account in use.

    Raises:
        ChannelDown: the channel is not set up.
    """
    account = current()
    if account is None:
        raise ChannelDown("there is no account at Stripe")
    return _client(account.secret["secret_key"], account.public.get("base_url", ""))


@lru_cache(4)
def _client(key: str, base_url: str) -> StripeClient:
    wire = RequestsClient(timeout=(CONNECT_SECONDS, ANSWER_SECONDS))
    if not base_url:
        return StripeClient(key, max_network_retries=RETRIES, http_client=wire)
    return StripeClient(key, max_network_retries=RETRIES, http_client=wire, base_addresses={"api": base_url})


@contextmanager
def asking() -> Iterator[None]:
    """Whatever goes wrong on the way, or in an answer, leaves the outcome unknown.

    Raises:
        ChannelDown: instead of the SDK's errors, and of answers that are not understood.
    """
    try:
        yield
    except StripeError as error:
        raise ChannelDown(f"{type(error).__name__} {error.code or ''}".strip()) from error
    except (KeyError, TypeError, ValueError) as error:
        raise ChannelDown(f"the answer is not understood: {error!r}") from error
