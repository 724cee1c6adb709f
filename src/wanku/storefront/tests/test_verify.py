"""Is it really from us?"""

import re

import pytest
from django.test import Client

from tests.bought import paid
from tests.cast import NOW, Shop, product_of
from wanku.access.actor import Actor
from wanku.flows.buying.withdraw_order import withdraw_order
from wanku.flows.talking import check_number
from wanku.people.models import Person
from wanku.storefront.read.verify import judge


@pytest.mark.parametrize(
    ("text", "kind", "ours"),
    [
        ("https://shop.example.com/pay/1/", "address", True),
        ("shop.example.com", "address", True),
        ("HTTPS://SHOP.EXAMPLE.COM/x", "address", True),
        ("//shop.example.com/x", "address", True),
        ("http://shop.example.com/", "address", False),
        ("https://shop.example.com@evil.com/", "address", False),
        ("https://shop.example.com.evil.com/", "address", False),
        ("https://evil.com/shop.example.com/", "address", False),
        ("https://evil.com\\@shop.example.com/", "address", False),
        ("https://shоp.example.com/", "address", False),
        ("https://shop.example.com:8443/", "address", False),
        ("javascript:alert(1)", "address", False),
        ("data:text/html,x", "address", False),
        ("https://[::1", "address", False),
        ("no-reply@shop.example.com", "sender", True),
        ("Wanku <NO-REPLY@shop.example.com>", "sender", True),
        ("no-reply@shop.example.com <x@evil.com>", "sender", False),
        ("service@shop-example.com", "sender", False),
        ("261121-48291-73465-5", "number", False),
        ("12", "number", False),
        ("总共 100 元", "other", False),
    ],
)
def test_what_it_is(text: str, kind: str, ours: bool, settings: object) -> None:
    settings.PUBLIC_URL = "https://shop.example.com"  # type: ignore[attr-defined]
    settings.DEFAULT_FROM_EMAIL = "Wanku <no-reply@shop.example.com>"  # type: ignore[attr-defined]
    judged = judge(text)
    assert (judged.kind, judged.ours) == (kind, ours)


def test_the_page_says_of_numbers_only_whether_they_are_ours(
    client: Client, ann_actor: Actor, bo: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    (order,) = paid(ann_actor, (product_of(bo.merchant, "祁门红茶"), 1))
    assert client.get("/verify").status_code == 200
    page = client.get("/verify", {"about": order.number}).content.decode()
    assert "这是本平台的订单号" in page
    for secret in (bo.merchant.name, "祁门红茶", "安小姐", "99.00"):
        assert secret not in page
    assert "不是我们发出的号码" in client.get("/verify", {"about": "26112148291734655"}).content.decode()
    assert "evil.com" in client.get("/verify", {"about": "https://evil.com/"}).content.decode()
    monkeypatch.setattr(check_number, "LIMIT", 1)
    assert client.get("/verify", {"about": order.number}).status_code == 429


def test_a_strangers_order_looks_like_any_other(client: Client, ann_actor: Actor, bo: Shop, cy: Shop) -> None:
    """Whose it is, what it cost and how it stands makes no difference to the page, not even to whom it belongs."""
    (mine,) = paid(ann_actor, (product_of(bo.merchant, "祁门红茶"), 1))
    (other,) = paid(ann_actor, (product_of(cy.merchant, "帆布大包"), 2))
    withdraw_order(other.pk, actor=ann_actor, because="x", now=NOW)

    def page(number: str) -> str:
        text = client.get("/verify", {"about": number}).text
        assert "这是本平台的订单号" in text
        # The token against forged forms is masked anew in every page.
        return re.sub(r'"\w{64}"', "", text.replace(number, ""))

    seen = page(mine.number)
    assert page(other.number) == seen
    assert page(other.trade.number) == seen
    client.force_login(Person.objects.get(pk=str(mine.trade.buyer_id)))
    assert alert(page(mine.number)) == alert(seen) == alert(page(other.number))


def alert(page: str) -> str:
    """What the page says of what was typed."""
    found = re.search(r'role="status">.*?</div>', page, re.DOTALL)
    assert found is not None
    return found.group()
