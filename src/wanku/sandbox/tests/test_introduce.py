"""Introducing the shop to the simulated banks."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.cast import NOW
from wanku.payments import accounts
from wanku.payments.gateways import available
from wanku.payments.models import ChannelAccount
from wanku.sandbox.banks.books import Books
from wanku.sandbox.banks.registry import open_banks
from wanku.sandbox.banks.serve import BankServer
from wanku.sandbox.introduce import NoBanks, introduce

pytestmark = pytest.mark.django_db


@pytest.fixture
def books() -> Iterator[Books]:
    """The banks' books."""
    books = Books()
    yield books
    books.close()


def served(books: Books) -> BankServer:
    """The banks at a new port."""
    server = BankServer(open_banks(books, lambda: NOW), books)
    server.start()
    return server


def test_every_channel_is_set_up_once(books: Books) -> None:
    server = served(books)
    assert "wechat" not in {gateway for gateway, _, _ in available()}
    changed = introduce(server.url, now=NOW)
    assert {"wechat", "alipay", "stripe"} <= set(changed)
    assert {"wechat", "alipay", "stripe"} <= {gateway for gateway, _, _ in available()}
    assert introduce(server.url, now=NOW) == []
    assert ChannelAccount.objects.filter(gateway="wechat").count() == 1
    server.stop()


def test_banks_that_have_moved_are_found_again(books: Books) -> None:
    first = served(books)
    introduce(first.url, now=NOW)
    second = served(books)
    first.stop()
    assert "wechat" in introduce(second.url, now=NOW)
    assert accounts.accounts_of("wechat")[0].public["base_url"] == f"{second.url}/wechat"
    second.stop()


def test_the_agreed_fee_stays(books: Books) -> None:
    first = served(books)
    told = first.accounts()["wechat"]
    public = {**told["public"], "fee_bp": "60"}
    accounts.add_account("wechat", public=public, secret=told["secret"], set_by=None, now=NOW)
    assert "wechat" not in introduce(first.url, now=NOW)
    second = served(books)
    first.stop()
    assert "wechat" in introduce(second.url, now=NOW)
    assert accounts.accounts_of("wechat")[0].public["fee_bp"] == "60"
    second.stop()


def test_an_account_at_the_real_channel_stays(books: Books) -> None:
    server = served(books)
    told = server.accounts()["wechat"]
    public = {name: value for name, value in told["public"].items() if name != "base_url"}
    accounts.add_account("wechat", public=public, secret=told["secret"], set_by=None, now=NOW)
    assert "wechat" not in introduce(server.url, now=NOW)
    assert ChannelAccount.objects.filter(gateway="wechat").count() == 1
    server.stop()


def test_without_banks_nothing_is_set_up() -> None:
    with pytest.raises(NoBanks):
        introduce("http://127.0.0.1:1", now=NOW)
    assert not ChannelAccount.objects.exists()


def test_simulated_banks_prove_nothing_where_no_sandbox_is_wanted(books: Books, settings: Any) -> None:
    server = served(books)
    introduce(server.url, now=NOW)
    server.stop()
    assert accounts.accounts_of("wechat")
    settings.SANDBOX = False
    accounts.forget()
    assert accounts.accounts_of("wechat") == () and available() == []
    told = ChannelAccount.objects.filter(gateway="wechat").get()
    real = {name: value for name, value in told.public.items() if name != "base_url"}
    accounts.add_account("wechat", public=real, secret={}, set_by=None, now=NOW)
    assert [account.public for account in accounts.accounts_of("wechat")] == [real]
