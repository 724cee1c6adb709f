"""The pay page and its result."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from tests.bought import pay, placed
from tests.cast import ADDRESS, NOW, Shop, product_of, variant_of
from tests.scripted import Scripted
from tests.stays import stay_wish
from tests.transfers import Desk, desk
from tests.visits import TOMORROW, salon_of, visit_checkout, wish_of
from wanku.access.actor import Actor
from wanku.audit.move import By, move
from wanku.flows.buying.expire_trades import expire_trades
from wanku.flows.buying.place_order import Checkout, Contact, place_order
from wanku.flows.paying.settle_attempt import settle_attempt
from wanku.kernel.states import CLOCK
from wanku.kinds.issue.tests.selling import plan_of
from wanku.kinds.stay.tests.houses import house_of
from wanku.orders.models import Trade
from wanku.payments.channel import ChannelDown, ChannelResult, ChannelState, ShownAs
from wanku.payments.gateways.sandbox.gateway import SandboxGateway
from wanku.payments.models import Attempt
from wanku.people.models import Person
from wanku.pricing.load import load_quote
from wanku.pricing.quote import Wish
from wanku.storefront.tests.shopping import guest_browser, member_browser

__all__ = ["desk"]
ENGLISH = {"accept-language": "en"}


@pytest.fixture
def trade(bo: Shop, cy: Shop, guest_actor: Actor) -> Trade:
    """An unpaid trade of two shops, fresh enough for the real clock of a request."""
    from datetime import UTC, datetime

    return placed(guest_actor, (product_of(bo.merchant), 1), (product_of(cy.merchant), 1), now=datetime.now(UTC))


def test_a_sandbox_stands_in_for_a_phone(scripted: Scripted, trade: Trade, guest_actor: Actor, settings: Any) -> None:
    browser = guest_browser(guest_actor)
    scripted.shown_as, scripted.value = ShownAs.QR, "weixin://pay?x=1&y"
    browser.post(f"/pay/{trade.number}/open/", {"pay_by": "scripted:one"}, headers={"user-agent": DESKTOP})
    path = f"/pay/{trade.number}/"
    settings.SANDBOX_URL = "http://127.0.0.1:8001"
    shown = browser.get(path, headers={"user-agent": DESKTOP}).content.decode()
    assert 'href="http://127.0.0.1:8001/scan?text=weixin%3A%2F%2Fpay%3Fx%3D1%26y"' in shown
    settings.SANDBOX_URL = ""
    assert "/scan?" not in browser.get(path, headers={"user-agent": DESKTOP}).content.decode()


def test_who_is_paid_what_for_and_until_when(trade: Trade, guest_actor: Actor) -> None:
    page = guest_browser(guest_actor).get(f"/pay/{trade.number}/").content.decode()
    assert "Bo 茶行有限公司" in page
    assert "data-due" in page
    assert trade.number in page


def test_opening_a_payment_leads_to_the_bank(trade: Trade, guest_actor: Actor) -> None:
    browser = guest_browser(guest_actor)
    first = browser.post(f"/pay/{trade.number}/open/", {"pay_by": "sandbox:page"})
    assert first["Location"].startswith("http://testserver/sandbox/pay/")
    second = browser.post(f"/pay/{trade.number}/open/", {"pay_by": "sandbox:page"})
    assert second["Location"] == first["Location"]
    assert Attempt.objects.count() == 1


HTMX = {"HX-Request": "true"}
DESKTOP = "Mozilla/5.0 (X11; Linux x86_64) Chrome/140"
PHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Mobile/15E148"
WECHAT = f"{PHONE} MicroMessenger/8.0.50"


def test_only_the_ways_that_work_here(scripted: Scripted, trade: Trade, guest_actor: Actor) -> None:
    browser = guest_browser(guest_actor)
    for agent, two in ((DESKTOP, False), (PHONE, True), (WECHAT, False)):
        page = browser.get(f"/pay/{trade.number}/", headers={"user-agent": agent}).content.decode()
        assert 'value="scripted:one"' in page
        assert ('value="scripted:two"' in page) is two


@pytest.mark.parametrize(
    ("shown_as", "where", "mark"),
    [
        (ShownAs.QR, (DESKTOP, PHONE), "<svg"),
        (ShownAs.JSAPI, (WECHAT, DESKTOP), 'x-data="jsapi"'),
        (ShownAs.TRANSFER, (DESKTOP, None), "6222 0000"),
    ],
)
def test_what_is_made_from_our_page_is_shown_there(
    scripted: Scripted,
    trade: Trade,
    guest_actor: Actor,
    shown_as: ShownAs,
    where: tuple[str, str | None],
    mark: str,
) -> None:
    """A code on a desktop, a button inside WeChat, an account anywhere; where it cannot work there is the choice."""
    (agent, elsewhere), scripted.shown_as = where, shown_as
    if shown_as == ShownAs.TRANSFER:
        scripted.value = '{"holder": "玩酷", "account": "6222 0000", "quote": "<b>1</b>"}'
    browser = guest_browser(guest_actor)
    opened = browser.post(f"/pay/{trade.number}/open/", {"pay_by": "scripted:one"}, headers={"user-agent": agent})
    assert opened["Location"] == f"/pay/{trade.number}/"
    page = browser.get(f"/pay/{trade.number}/", headers={"user-agent": agent})
    panel, text = page.context["panel"], page.content.decode()
    assert panel.kind == shown_as and 'id="paying"' in text and mark in text[text.index('id="paying"') :]
    assert panel.attempt.number in text and "<b>1</b>" not in text
    assert 'value="scripted:one"' not in text, "it is open already"
    if elsewhere is not None:
        other = browser.get(f"/pay/{trade.number}/", headers={"user-agent": elsewhere})
        assert other.context["panel"] is None and 'value="scripted:one"' in other.content.decode()
    status = browser.get(f"/pay/{trade.number}/status/", {"v": "waiting"}, headers={"user-agent": agent})
    assert status.status_code == 204
    scripted.states[panel.attempt.number] = ChannelState.CAPTURED
    settle_attempt(scripted.result(panel.attempt.number), now=NOW)
    assert browser.get(f"/pay/{trade.number}/status/", {"v": "waiting"}).context["view"].stage == "done"


def test_a_failure_says_why_and_what_to_do(scripted: Scripted, trade: Trade, guest_actor: Actor) -> None:
    browser = guest_browser(guest_actor)
    browser.post(f"/pay/{trade.number}/open/", {"pay_by": "scripted:one"})
    result = ChannelResult("scripted", Attempt.objects.get().number, ChannelState.FAILED, failure="expired_card")
    settle_attempt(result, now=NOW)
    for page in ("", "result/"):
        text = browser.get(f"/pay/{trade.number}/{page}").content.decode()
        assert "这张卡已过期" in text and "请换一张卡" in text


def test_the_channel_hears_where_the_buyer_is(scripted: Scripted, trade: Trade, guest_actor: Actor) -> None:
    browser = guest_browser(guest_actor)
    session = browser.session
    session["buyer_refs"] = {"scripted": "openid-7", "other": "x"}
    session.save()
    browser.post(f"/pay/{trade.number}/open/", {"pay_by": "scripted:one"}, REMOTE_ADDR="203.0.113.9")
    (opening,) = scripted.openings
    assert (opening.buyer_address, opening.buyer_ref) == ("203.0.113.9", "openid-7")


@pytest.mark.parametrize("method", ["", "x", "sandbox:", "bank:page", "sandbox:page:x", "\x00"])
def test_an_unknown_way_to_pay_is_refused(trade: Trade, guest_actor: Actor, method: str) -> None:
    response = guest_browser(guest_actor).post(f"/pay/{trade.number}/open/", {"pay_by": method}, follow=True)
    assert response.redirect_chain[-1][0] == f"/pay/{trade.number}/"
    assert not Attempt.objects.exists()


@pytest.mark.parametrize("path", ["open/", "ask/", "cancel/"])
def test_strangers_and_others_cannot_act(trade: Trade, ann: Person, client: Client, path: str) -> None:
    for browser in (client, member_browser(ann)):
        assert browser.post(f"/pay/{trade.number}/{path}", {"pay_by": "sandbox:page"}).status_code == 404
    trade.refresh_from_db()
    assert trade.state == "placed"
    assert not Attempt.objects.exists()


def test_strangers_are_asked_for_the_contact_and_members_see_nothing(trade: Trade, ann: Person, client: Client) -> None:
    assert client.get(f"/pay/{trade.number}/")["Location"] == f"/track/?number={trade.number}"
    member = member_browser(ann)
    for path in ("", "result/", "status/"):
        assert member.get(f"/pay/{trade.number}/{path}").status_code == 404
    assert client.get(f"/pay/{trade.number}/status/").status_code == 404
    assert client.get("/pay/nonsense/").status_code == 404


def result_of(attempt: Attempt, state: ChannelState, failure: str = "") -> ChannelResult:
    return ChannelResult(
        "sandbox", attempt.number, state, attempt.amount, attempt.currency, f"bank-{attempt.number}", failure
    )


def test_the_result_page_changes_by_itself(trade: Trade, guest_actor: Actor) -> None:
    browser = guest_browser(guest_actor)
    browser.post(f"/pay/{trade.number}/open/", {"pay_by": "sandbox:page"})
    page = browser.get(f"/pay/{trade.number}/result/").content.decode()
    assert "data-every" in page
    status = f"/pay/{trade.number}/status/"
    assert browser.get(status, {"v": "waiting"}).status_code == 204
    attempt = Attempt.objects.get()
    settle_attempt(result_of(attempt, ChannelState.FAILED, "insufficient_funds"), now=NOW)
    failed = browser.get(status, {"v": "waiting"})
    assert "余额不足" in failed.content.decode()
    assert "data-every" not in failed.content.decode()
    settle_attempt(result_of(attempt, ChannelState.CAPTURED), now=NOW)
    assert f"/orders/{trade.orders.first().number}/" in browser.get(status).content.decode()  # type: ignore[union-attr]
    assert browser.get(f"/pay/{trade.number}/")["Location"] == f"/pay/{trade.number}/result/"


def test_each_order_says_how_it_goes_on(bo: Shop, cy: Shop, guest_actor: Actor) -> None:
    """Goods are prepared, a visit waits for its shop, a stay is settled, a licence is there."""
    salon, plan, house = salon_of(bo, place="shop"), plan_of(bo.merchant), house_of(cy.merchant, nights=30)
    goods = Wish(variant_of(product_of(cy.merchant)).pk, 1)
    licence = Wish(plan.pk, 1, choice="{}")
    wishes = (goods, wish_of(salon), stay_wish(house.room_types.get(), TOMORROW), licence)
    total = load_quote(wishes, address=ADDRESS, now=NOW).total
    checkout = Checkout(
        actor=guest_actor,
        key="mixed-0000001",
        wishes=wishes,
        contact=Contact("安", "13800138000", ""),
        address=ADDRESS,
        agreed_total=total,
    )
    trade = Trade.objects.get(pk=place_order(checkout, now=NOW).trade_id)
    browser = guest_browser(guest_actor)
    assert "and had the rest" in browser.get(f"/pay/{trade.number}/", headers=ENGLISH).content.decode()
    pay(trade)
    page = browser.get(f"/pay/{trade.number}/result/", headers=ENGLISH).content.decode()
    parts = {order.kind: page.split(f"/orders/{order.number}/")[0] for order in trade.orders.all()}
    own = {kind: part.rpartition("<li ")[2] for kind, part in parts.items()}
    assert own.keys() == {"ship", "visit", "stay", "issue"}
    assert "The shop prepares the goods." in own["ship"]
    assert "Waiting for the shop" in own["visit"]
    assert "without an answer everything goes back" in own["visit"]
    assert "10:00–12:00" in own["visit"]
    assert "Confirmed" in own["stay"]
    assert "It is settled." in own["stay"]
    assert "issued" in own["issue"]
    assert "It is ready: you find it in the order." in own["issue"]
    assert page.count("prepares the goods") == 1


def test_what_is_only_booked_is_paid_on_when_it_was_done(bo: Shop, guest_actor: Actor) -> None:
    done = place_order(visit_checkout(wish_of(salon_of(bo)), guest_actor, "v"), now=NOW)
    trade = Trade.objects.get(pk=done.trade_id)
    page = guest_browser(guest_actor).get(f"/pay/{trade.number}/", headers=ENGLISH).content.decode()
    assert "once you have had what you booked, or 2 days after it was done" in page
    assert "goods" not in page.partition('id="what"')[2].partition("</section>")[0]


def test_i_have_paid_asks_the_bank(trade: Trade, guest_actor: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    browser = guest_browser(guest_actor)
    browser.post(f"/pay/{trade.number}/open/", {"pay_by": "sandbox:page"})
    attempt = Attempt.objects.get()

    def down(self: Any, number: str) -> ChannelResult:
        raise ChannelDown("asleep")

    monkeypatch.setattr(SandboxGateway, "query", down)
    assert browser.post(f"/pay/{trade.number}/ask/")["Location"] == f"/pay/{trade.number}/result/"
    assert "银行暂时没有回应" in browser.get(f"/pay/{trade.number}/result/").content.decode()
    monkeypatch.setattr(SandboxGateway, "query", lambda self, number: result_of(attempt, ChannelState.CAPTURED))
    later(attempt)
    browser.post(f"/pay/{trade.number}/ask/")
    trade.refresh_from_db()
    assert trade.state == "paid"


def later(attempt: Attempt) -> None:
    """Some seconds pass since the channel was last asked for the buyer."""
    Attempt.objects.filter(pk=attempt.pk).update(asked_at=None)


def test_back_without_having_paid(scripted: Scripted, trade: Trade, guest_actor: Actor) -> None:
    """Without script by the button, with it by the page itself; either says what to do, and nothing is decided."""
    browser = guest_browser(guest_actor)
    scripted.shown_as, scripted.value = ShownAs.REDIRECT, "https://bank.example/pay/1"
    browser.post(f"/pay/{trade.number}/open/", {"pay_by": "scripted:one"})
    attempt, ask, result = Attempt.objects.get(), f"/pay/{trade.number}/ask/", f"/pay/{trade.number}/result/"
    assert f'hx-post="{ask}"' in browser.get(result).content.decode()
    pressed = browser.post(ask, follow=True)
    assert pressed.redirect_chain[-1][0] == f"{result}?asked=1"
    by_itself = browser.post(ask, {"v": "waiting", "asked": "1"}, headers=HTMX)
    later(attempt)
    first = browser.post(ask, {"v": "waiting"}, headers=HTMX)
    for page in (pressed, by_itself, first):
        text = page.content.decode()
        assert "尚未付款" in text and 'href="https://bank.example/pay/1"' in text
        assert page.context["view"].stage == "unpaid" and page.context["version"] == "unpaid"
    again = browser.post(ask, {"v": "unpaid", "asked": "1"}, headers=HTMX)
    assert (
        again.status_code == 204
        and browser.get(f"{result[:-7]}status/", {"v": "unpaid", "asked": "1"}).status_code == 204
    )
    assert Attempt.objects.get().state == "pending"
    scripted.failures[attempt.number] = "insufficient_funds"
    later(attempt)
    refused = browser.post(ask, {"v": "unpaid", "asked": "1"}, headers=HTMX).content.decode()
    assert "付款失败" in refused and "余额不足" in refused
    assert "余额不足" in browser.get(f"/pay/{trade.number}/").content.decode()
    scripted.states[attempt.number] = ChannelState.CAPTURED
    later(attempt)
    assert "付款成功" in browser.post(ask, {"v": "unpaid", "asked": "1"}, headers=HTMX).content.decode()


def test_who_looks_at_the_code_hears_only_what_is_decided(scripted: Scripted, trade: Trade, guest_actor: Actor) -> None:
    browser = guest_browser(guest_actor)
    browser.post(f"/pay/{trade.number}/open/", {"pay_by": "scripted:one"})
    attempt, ask, quiet = Attempt.objects.get(), f"/pay/{trade.number}/ask/", {"v": "waiting", "quiet": "1"}
    assert browser.post(ask, quiet, headers=HTMX).status_code == 204
    scripted.states[attempt.number] = ChannelState.FAILED
    assert browser.post(ask, quiet, headers=HTMX).status_code == 204, "asked a moment ago"
    later(attempt)
    told = browser.post(ask, quiet, headers=HTMX)
    assert "付款失败" in told.content.decode()
    assert 'name="pay_by" value="scripted:one"' in told.content.decode(), "the same way once more"


@pytest.mark.parametrize("silent", [True, False])
def test_money_under_way_is_waited_for(scripted: Scripted, trade: Trade, guest_actor: Actor, silent: bool) -> None:
    """Nobody is told "not paid" whose money is on its way, or of whom the channel says nothing."""
    browser = guest_browser(guest_actor)
    browser.post(f"/pay/{trade.number}/open/", {"pay_by": "scripted:one"})
    if silent:
        scripted.down.add("query")
    else:
        scripted.under_way.add(Attempt.objects.get().number)
    assert browser.post(f"/pay/{trade.number}/ask/", {"v": "waiting"}, headers=HTMX).status_code == 204


def test_late_money_is_explained(trade: Trade, guest_actor: Actor, bo: Shop) -> None:
    from wanku.inventory.models import Supply
    from wanku.orders.models import Order

    browser = guest_browser(guest_actor)
    move(trade, "expire", by=By(CLOCK), now=NOW)
    for order in Order.objects.filter(trade=trade):
        move(order, "expire", by=By(CLOCK), now=NOW)
    for supply in Supply.objects.all():
        supply.free, supply.held, supply.sold = 0, 0, supply.put_in
        supply.save()
    assert "没有扣款" in browser.get(f"/pay/{trade.number}/").content.decode()
    pay(trade)
    page = browser.get(f"/pay/{trade.number}/result/").content.decode()
    assert "款项到账时订单已结束" in page
    assert "data-every" in page


def test_a_transfer_that_was_seen(desk: Desk, trade: Trade, guest_actor: Actor) -> None:
    """Whoever has transferred is told so, is not asked to do it again, and hears the truth if nobody confirms it."""
    browser = guest_browser(guest_actor)
    browser.post(f"/pay/{trade.number}/open/", {"pay_by": "transfer:bank"})
    attempt, now = Attempt.objects.get(), trade.placed_at
    pay_page, result = f"/pay/{trade.number}/", f"/pay/{trade.number}/result/"
    desk.report(attempt.number, trade.amount - 1, now=now, booked_on=now.date())
    assert browser.get(pay_page).context["view"].stage == "waiting", "another sum pays nothing"
    desk.report(attempt.number, trade.amount, now=now, booked_on=now.date())
    assert browser.get(pay_page)["Location"] == result
    assert "我们已看到你的转账" in browser.get(result).content.decode()
    assert "已看到" in browser.get(f"{pay_page}status/", {"v": "waiting"}).content.decode()
    for minutes in (1, 12):
        expire_trades(now=now + timedelta(days=3, minutes=minutes), limit=10)
    trade.refresh_from_db()
    assert trade.state == "cancelled"
    text = browser.get(result).content.decode()
    assert "钱不会丢" in text and "没有扣款" not in text
