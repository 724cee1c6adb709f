"""The SDK's client of each account, and what its errors mean."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from wanku.payments.accounts import Account, accounts_of
from wanku.payments.channel import ChannelDown
from wanku.payments.gateways.stripe import NAME

if TYPE_CHECKING:
    from stripe import InvalidRequestError, StripeClient

CONNECT_SECONDS: Final = 5.0
ANSWER_SECONDS: Final = 20.0
RETRIES: Final = 1
"""After a cut connection, a conflict or a fault of theirs; the SDK sends the same idempotency key again."""


def current() -> Account | None:
    """The account in use; none while the channel is not set up."""
    found = accounts_of(NAME)
    return found[0] if found else None


def client() -> "StripeClient":
    """The client of the account in use.

    Raises:
        ChannelDown: the channel is not set up.
    """
    return clients()[0]


def clients() -> "Sequence[StripeClient]":
    """The client of the account in use, then of the newest key of each other account that was not ended.

    A payment stays with the account that it was made at.

    Raises:
        ChannelDown: the channel is not set up.
    """
    found: dict[str, Account] = {}
    for index, account in enumerate(accounts_of(NAME)):
        if index == 0 or account.until is None:
            found.setdefault(account.public["account_id"], account)
    if not found:
        raise ChannelDown("there is no account at Stripe")
    return [_client(each.secret["secret_key"], each.public.get("base_url", "")) for each in found.values()]


@lru_cache(8)
def _client(key: str, base_url: str) -> "StripeClient":
    # The SDK takes 20 MB and a third of a second to load, which installations without Stripe need not pay for; so
    # everything in this folder loads it where it is needed.
    from stripe import RequestsClient, StripeClient  # noqa: PLC0415

    wire = RequestsClient(timeout=(CONNECT_SECONDS, ANSWER_SECONDS))
    if not base_url:
        return StripeClient(key, max_network_retries=RETRIES, http_client=wire)
    return StripeClient(key, max_network_retries=RETRIES, http_client=wire, base_addresses={"api": base_url})


def invalid_request() -> "type[InvalidRequestError]":
    """The SDK's error for what cannot be done; in an `except` it is looked up only once there is an error."""
    from stripe import InvalidRequestError  # noqa: PLC0415 (see `_client`)

    return InvalidRequestError


@contextmanager
def asking() -> Iterator[None]:
    """Whatever goes wrong on the way, or in an answer, leaves the outcome unknown.

    Raises:
        ChannelDown: instead of the SDK's errors, and of answers that are not understood.
    """
    from stripe import StripeError  # noqa: PLC0415 (see `_client`)

    try:
        yield
    except StripeError as error:
        raise ChannelDown(f"{type(error).__name__} {error.code or ''}".strip()) from error
    except (KeyError, TypeError, ValueError) as error:
        raise ChannelDown(f"the answer is not understood: {error!r}") from error
