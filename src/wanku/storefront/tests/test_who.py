"""Paying inside WeChat: it tells us who the buyer is, then the page hands over what it signed."""

import json
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from django.test import Client

from tests.banks import Banks
from tests.bought import placed
from tests.cast import Shop, product_of
from wanku.access.actor import Actor
from wanku.orders.models import Trade
from wanku.payments.models import Attempt
from wanku.storefront.tests.shopping import guest_browser

WECHAT = {"user-agent": "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Mobile/15E148 MicroMessenger/8.0.50"}


@pytest.fixture
def trade(banks: Banks, bo: Shop, guest_actor: Actor) -> Trade:
    """An unpaid trade, by the clock on the wall, which the banks go by as well."""
    from datetime import UTC, datetime

    banks.now = datetime.now(UTC)
    return placed(guest_actor, (product_of(bo.merchant), 1), now=banks.now)


def asked(browser: Client, trade: Trade) -> str:
    """Choose WeChat Pay inside WeChat; gives where the browser is sent."""
    answer = browser.post(f"/pay/{trade.number}/open/", {"pay_by": "wechat:jsapi"}, headers=WECHAT)
    return answer.headers["Refresh"].removeprefix("0;url=")


def came_back(url: str) -> str:
    """Go there, and give the path that the browser is sent back to."""
    back = urlsplit(httpx.get(url, trust_env=False).headers["Location"])
    return f"{back.path}?{back.query}"


def test_the_buyer_pays_without_being_asked_anything(banks: Banks, trade: Trade, guest_actor: Actor) -> None:
    browser = guest_browser(guest_actor)
    url = asked(browser, trade)
    assert url.endswith("#wechat_redirect") and not Attempt.objects.exists()
    assert parse_qs(urlsplit(url).query)["scope"] == ["snsapi_base"]
    opened = browser.get(came_back(url), headers=WECHAT)
    assert opened["Location"] == f"/pay/{trade.number}/"
    attempt = Attempt.objects.get()
    told = json.loads(attempt.pay_url)
    assert (attempt.method, attempt.shown_as) == ("jsapi", "jsapi")
    assert banks.payment(attempt.number).facts["openid"] == browser.session["buyer_refs"]["wechat"]
    assert 'x-data="jsapi"' in browser.get(f"/pay/{trade.number}/", headers=WECHAT).content.decode()
    assert httpx.get(f"{banks.url}/wechat/bridge", params=told, trust_env=False).status_code == 303
    banks.pay(attempt.number)
    trade.refresh_from_db()
    assert trade.state == "paid"


def test_once_known_it_is_not_asked_again(banks: Banks, trade: Trade, guest_actor: Actor) -> None:
    browser = guest_browser(guest_actor)
    session = browser.session
    session["buyer_refs"] = {"wechat": "o123"}
    session.save()
    answer = browser.post(f"/pay/{trade.number}/open/", {"pay_by": "wechat:jsapi"}, headers=WECHAT)
    assert answer["Location"] == f"/pay/{trade.number}/" and Attempt.objects.get().method == "jsapi"


@pytest.mark.parametrize("state", ["", "other", "é"])
def test_an_answer_that_nobody_asked_for_is_not_taken(
    banks: Banks, trade: Trade, guest_actor: Actor, state: str
) -> None:
    browser = guest_browser(guest_actor)
    path = f"/pay/{trade.number}/who/"
    assert browser.get(path, {"code": "x", "state": state})["Location"] == f"/pay/{trade.number}/"
    asked(browser, trade)
    assert browser.get(path, {"code": "x", "state": state})["Location"] == f"/pay/{trade.number}/"
    assert "buyer_refs" not in browser.session and not Attempt.objects.exists()


def test_a_code_works_once(banks: Banks, trade: Trade, guest_actor: Actor) -> None:
    browser = guest_browser(guest_actor)
    path = came_back(asked(browser, trade))
    code = parse_qs(urlsplit(path).query)["code"][0]
    account = banks.banks["wechat"].account(f"{banks.url}/wechat")
    told = httpx.get(
        f"{banks.url}/wechat/sns/oauth2/access_token",
        params={
            "appid": account.public["appid"],
            "secret": account.secret["app_secret"],
            "code": code,
            "grant_type": "authorization_code",
        },
        trust_env=False,
    )
    assert told.json()["openid"].startswith("o")
    page = browser.get(path, follow=True)
    assert "微信" in page.content.decode() and not Attempt.objects.exists() and "buyer_refs" not in browser.session


def test_without_the_secret_of_the_application_it_is_not_offered(
    banks: Banks, trade: Trade, guest_actor: Actor
) -> None:
    from datetime import timedelta

    from wanku.payments.accounts import accounts_of, add_account

    kept = accounts_of("wechat")[0]
    secret = {name: value for name, value in kept.secret.items() if name != "app_secret"}
    add_account("wechat", public=kept.public, secret=secret, set_by=None, now=banks.now + timedelta(seconds=1))
    browser = guest_browser(guest_actor)
    assert "wechat:jsapi" not in browser.get(f"/pay/{trade.number}/", headers=WECHAT).content.decode()
    browser.post(f"/pay/{trade.number}/open/", {"pay_by": "wechat:jsapi"}, headers=WECHAT)
    assert not Attempt.objects.exists()
