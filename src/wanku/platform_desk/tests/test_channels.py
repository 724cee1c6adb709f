"""Payment channels at the desk: what is seen of them, and what an administrator does."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from tests.cast import NOW
from wanku.audit.models import Act
from wanku.flows.integrating.set_channel import set_channel
from wanku.payments.accounts import accounts_of, is_off
from wanku.payments.models import ChannelAccount
from wanku.people.models import Person
from wanku.platform_desk.read.channels import masked
from wanku.platform_desk.tests.test_pages import FRAME
from wanku.sandbox.banks.alipay.bank import AlipayBank
from wanku.sandbox.banks.bank import ShopAccount
from wanku.sandbox.banks.books import Books

SignIn = Callable[..., Client]
URL = "/platform/channels/alipay/"


@pytest.fixture
def given() -> ShopAccount:
    """What Alipay's console shows."""
    return AlipayBank(Books(), lambda: NOW).account("http://127.0.0.1:9")


def typed(given: ShopAccount, **changes: str) -> dict[str, str]:
    """The form, filled in."""
    return {**given.public, **given.secret, "because": "正式开通", **changes}


def test_setting_up(desk: Client, di: Person, given: ShopAccount) -> None:
    assert "未设置" in desk.get("/platform/channels/").content.decode()
    page = desk.get(URL).content.decode()
    assert "http://127.0.0.1:8000/hooks/payments/alipay" in page or "/hooks/payments/alipay" in page
    done = desk.post(URL, typed(given))
    assert (done.status_code, done["Location"]) == (303, "/platform/channels/")
    account = accounts_of("alipay")[0]
    assert (dict(account.public), dict(account.secret)) == (given.public, given.secret)
    act = Act.objects.get()
    assert (act.verb, act.actor_id, act.because) == ("set_channel", di.pk, "正式开通")
    assert "PRIVATE" not in str(act.facts)


def test_what_was_typed_stays_except_secrets(desk: Client, given: ShopAccount) -> None:
    body = "".join(given.secret["app_private_key"].splitlines()[1:3])
    for changes, marks in (
        (
            {"seller_id": "20x", "app_id": "", "because": ""},
            ("f-seller_id-error", "f-app_id-error", "channel-because-error"),
        ),
        ({"because": " "}, ("channel-because-error",)),
        ({"app_private_key": given.public["alipay_public_key"]}, ("f-app_private_key-error",)),
    ):
        answer = desk.post(URL, typed(given, **changes))
        page = answer.content.decode()
        assert answer.status_code == 422
        for mark in marks:
            assert f'id="{mark}"' in page, mark
        assert "BEGIN PUBLIC KEY" in page, "what is public stays"
        assert body not in "".join(page.split())
        assert "PRIVATE KEY" not in page
    assert not ChannelAccount.objects.exists()
    assert not Act.objects.exists()


def test_no_page_ever_shows_a_secret(desk: Client, given: ShopAccount) -> None:
    desk.post(URL, typed(given))
    body = given.secret["app_private_key"].splitlines()[1]
    account = ChannelAccount.objects.get()
    for url in ("/platform/channels/", URL, "/platform/audit/"):
        page = desk.get(url).content.decode()
        assert body not in page
        assert "PRIVATE KEY" not in page
        assert account.sealed not in page
    listing = desk.get("/platform/channels/").content.decode()
    assert given.public["app_id"] not in listing
    assert f"…{given.public['app_id'][-4:]}" in listing


def test_replacing_and_ending(desk: Client, given: ShopAccount) -> None:
    first = set_channel("alipay", public=given.public, secret=given.secret, actor=None, now=NOW - timedelta(days=1))
    assert desk.post(URL, typed(given)).status_code == 303, "the same again is no harm"
    assert ChannelAccount.objects.count() == 1
    assert desk.post(URL, typed(given, app_id="2021000000000009")).status_code == 303
    second = ChannelAccount.objects.latest("pk")
    end = "/platform/channels/accounts/{}/end/".format
    page = desk.get("/platform/channels/").content.decode()
    assert end(first.pk) in page
    assert end(second.pk) not in page
    assert desk.post(end(second.pk), {"because": "泄露"}).status_code == 409
    refused = desk.post(end(first.pk), {"because": ""})
    assert refused.status_code == 422
    assert not ChannelAccount.objects.filter(until__isnull=False).exists()
    assert desk.post(end(first.pk), {"because": "泄露"}).status_code == 303
    first.refresh_from_db()
    assert first.until == NOW
    assert [account.proves(NOW) for account in accounts_of("alipay")] == [True, False]
    page = desk.get("/platform/channels/").content.decode()
    assert "已停用" in page
    assert end(first.pk) not in page


def test_only_administrators(seated: SignIn, client: Client, given: ShopAccount) -> None:
    account = set_channel("alipay", public=given.public, secret=given.secret, actor=None, now=NOW)
    set_channel(
        "alipay", public={**given.public, "app_id": "2021000000000009"}, secret=given.secret, actor=None, now=NOW
    )
    end = f"/platform/channels/accounts/{account.pk}/end/"
    finance = seated("finance", "operations", "senior")
    for browser, status in ((client, 302), (seated(), 403), (finance, 403)):
        for answer in (
            browser.get("/platform/channels/"),
            browser.get(URL),
            browser.post(URL, typed(given, app_id="2021000000000008")),
            browser.post(end, {"because": "泄露"}),
        ):
            assert answer.status_code == status
            assert given.public["app_id"][-4:] not in answer.content.decode()
    assert ChannelAccount.objects.filter(until__isnull=True).count() == 2
    assert "/platform/channels/" not in finance.get("/platform/").content.decode()
    assert seated("admin").get("/platform/channels/").status_code == 200


def test_channels_without_accounts_are_not_there(desk: Client) -> None:
    for name in ("sandbox", "nothing"):
        assert desk.get(f"/platform/channels/{name}/").status_code == 404
        assert desk.post(f"/platform/channels/{name}/", {"because": "试试"}).status_code == 404
    assert desk.post("/platform/channels/accounts/999999/end/", {"because": "试试"}).status_code == 404


def test_queries(
    desk: Client, given: ShopAccount, di: Person, django_assert_num_queries: Callable[[int], object]
) -> None:
    for day in range(3):
        public = {**given.public, "app_id": f"202100000000000{day}"}
        set_channel("alipay", public=public, secret=given.secret, actor=None, now=NOW + timedelta(days=day))
    ChannelAccount.objects.update(set_by=di.pk)
    with django_assert_num_queries(FRAME + 2):  # type: ignore[attr-defined]
        assert desk.get(reverse("platform_desk:channels")).status_code == 200


def test_masks() -> None:
    assert masked("2021000000000156") == "…0156"
    assert masked("123456") == "123456"
    assert masked("-----BEGIN\nx").startswith("SHA-256 ")
    assert masked("a" * 101) != masked("a" * 102)


def test_a_channel_is_taken_off_and_put_on_again(desk: Client, given: ShopAccount) -> None:
    desk.post(URL, typed(given))
    address = "/platform/channels/alipay/switch/"
    refused = desk.post(address, {"on": "0", "because": "a"})
    assert refused.status_code == 422
    assert 'value="a" aria-invalid="true"' in refused.content.decode()
    assert not is_off("alipay")
    assert desk.post(address, {"on": "0", "because": "渠道故障"}).status_code == 303
    assert is_off("alipay")
    page = desk.get("/platform/channels/").content.decode()
    assert "已停用" in page and 'name="on" value="1"' in page
    assert desk.post(address, {"on": "1", "because": "已经恢复"}).status_code == 303
    assert not is_off("alipay")
    verbs = Act.objects.order_by("pk").values_list("verb", "because")
    assert list(verbs)[1:] == [("take_channel_off", "渠道故障"), ("put_channel_on", "已经恢复")]


def test_the_agreed_fee(desk: Client, given: ShopAccount) -> None:
    refused = desk.post(URL, typed(given, fee_bp="0.6"))
    assert refused.status_code == 422 and "f-fee_bp-error" in refused.content.decode()
    assert desk.post(URL, typed(given, fee_bp="60")).status_code == 303
    assert accounts_of("alipay")[0].public["fee_bp"] == "60"
