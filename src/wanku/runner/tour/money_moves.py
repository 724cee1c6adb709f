"""The way of the money on a throw-away instance: in by each way to pay, back in parts, to the shop, proven."""

import uuid
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import httpx

from wanku.runner.tour import cast
from wanku.runner.tour.caller import Caller, until
from wanku.runner.tour.cast import Desk
from wanku.runner.tour.main_job import tracking
from wanku.runner.tour.script import Script, Step, money
from wanku.runner.tour.speech import pgettext as _p
from wanku.runner.tour.throw_away import ThrowAway

WAYS: Final = (
    ("wechat", "native"),
    ("wechat", "h5"),
    ("alipay", "page"),
    ("alipay", "precreate"),
    ("stripe", "card"),
)
BILLED: Final = ("wechat", "alipay", "stripe")
PIECES: Final = 3
BACK_SECONDS: Final = 20.0
SUM_BACK: Final = 1_234
RECEIVED, SETTLED, SENT, PAID = (
    timedelta(days=11),
    timedelta(days=20),
    timedelta(days=20, minutes=2),
    timedelta(days=21),
)


@dataclass(slots=True)
class Money:
    """The chapters, in order; each leaves what the next ones need."""

    script: Script
    language: str
    place: ThrowAway
    orders: dict[str, Any] = field(default_factory=dict)
    start: datetime = field(default_factory=lambda: datetime.now(UTC))

    def act(self) -> None:
        """All of it.

        Raises:
            Stopped: a step was not seen.
        """
        from wanku.runner.tour import coffers

        self.script.chapter(_p("tour", "Paying each way there is"))
        with self.script.step("operator", _p("tour", "opens accounts at the simulated banks")) as step:
            self.place.open_banks()
            variant = coffers.furnish(self.place.password, self.start)
            step.saw(self.place.banks_url)
        guest = cast.new_guest(self.place.url, self.language)
        for gateway, method in WAYS:
            self._pay(guest, variant, gateway, method)
        self._transfer(guest, variant)
        self._back(guest)
        self._settle()
        self._pay_out()
        self._reconcile()
        guest.close()

    def _pay(self, guest: Caller, variant: int, gateway: str, method: str) -> None:
        with self.script.step("guest", _p("tour", "pays by %s") % f"{gateway}:{method}") as step:
            trade = self._order(guest, variant)
            attempt = guest.post(f"/trades/{trade['number']}/attempts", {"gateway": gateway, "method": method})
            self._at_bank(attempt, gateway)
            cast.await_attempt(guest, trade["number"], attempt, "captured")
            trade = guest.get(f"/trades/{trade['number']}")
            step.expect(trade["state"] == "paid", "paid", trade["state"])
            self.orders[f"{gateway}:{method}"] = trade["orders"][0]
            step.saw(f"{money(trade['amount'])} · {attempt['shown_as']} · {attempt['number']}")

    def _order(self, guest: Caller, variant: int) -> Any:
        body = cast.order_body(guest, [cast.wish(variant, PIECES)])
        return guest.post("/orders", body, key=uuid.uuid4().hex)

    def _at_bank(self, attempt: Any, gateway: str) -> None:
        """What the payer's phone or browser does: scan or follow, then press the button."""
        with httpx.Client(follow_redirects=True, timeout=30.0, trust_env=False) as phone:
            if attempt["shown_as"] == "qr":
                page = phone.get(f"{self.place.banks_url}/scan", params={"text": attempt["pay_url"]})
            else:
                page = phone.get(attempt["pay_url"])
            page.raise_for_status()
            card = {"choice": "card", "card": "4242 4242 4242 4242"}
            chosen = card if gateway == "stripe" else {"choice": "pay"}
            # Where the bank sends the payer back to is not needed: the shop hears of it by a notice.
            phone.post(str(page.url), data=chosen, follow_redirects=False)

    def _transfer(self, guest: Caller, variant: int) -> None:
        from wanku.runner.tour import coffers

        with self.script.step("guest", _p("tour", "chooses a bank transfer, and pays at the counter")) as step:
            trade = self._order(guest, variant)
            attempt = guest.post(f"/trades/{trade['number']}/attempts", {"gateway": "transfer", "method": "bank"})
            until_day = guest.get(f"/trades/{trade['number']}")["due_at"]
            step.expect(attempt["number"] in attempt["pay_url"], _p("tour", "a number to quote"), attempt["pay_url"])
            step.saw(_p("tour", "the goods wait until %s") % until_day[:16])
        with self.script.step("operator", _p("tour", "two people of finance confirm the transfer")) as step:
            said = coffers.confirm(attempt["number"], trade["amount"], datetime.now(UTC))
            trade = guest.get(f"/trades/{trade['number']}")
            step.expect(trade["state"] == "paid", "paid", trade["state"])
            self.orders["transfer:bank"] = trade["orders"][0]
            step.saw(said)

    def _back(self, guest: Caller) -> None:
        from wanku.runner.tour import coffers

        self.script.chapter(_p("tour", "Paying back in parts"))
        first, whole = self.orders["wechat:native"], self.orders["alipay:page"]
        with self.script.step("shop", _p("tour", "pays back one piece, then a sum, then all the rest")) as step:
            for part in ("piece", SUM_BACK, "rest"):
                coffers.pay_back(first["number"], part, datetime.now(UTC))
            self._came_back(guest, first, 3, step)
        with self.script.step("shop", _p("tour", "pays back another order whole")) as step:
            coffers.pay_back(whole["number"], "rest", datetime.now(UTC))
            self._came_back(guest, whole, 1, step)
        with self.script.step("shop", _p("tour", "pays back a sum of what was paid by card")) as step:
            coffers.pay_back(self.orders["stripe:card"]["number"], SUM_BACK, datetime.now(UTC))
            self._came_back(guest, self.orders["stripe:card"], 1, step)

    def _came_back(self, guest: Caller, order: Any, parts: int, step: Step) -> None:
        """Wait until every refund is with the buyer, and the sum is right."""
        self.place.sweep(datetime.now(UTC))

        def states() -> list[Any]:
            return list(guest.get(f"/orders/{order['number']}")["refunds"])

        there = until(states, lambda all_: all(r["state"] == "succeeded" for r in all_), "succeeded", BACK_SECONDS)
        step.expect(len(there) == parts, str(parts), there)
        back = sum(refund["amount"] for refund in there)
        after = guest.get(f"/orders/{order['number']}")
        if after["state"] == "closed":
            step.expect(back == order["amount"], money(order["amount"]), money(back))
        step.saw(" + ".join(money(r["amount"]) for r in there) + f" = {money(back)} · {after['state']}")

    def _settle(self) -> None:
        self.script.chapter(_p("tour", "The shop is paid"))
        kept = [order for name, order in self.orders.items() if name not in ("wechat:native", "alipay:page")]
        with self.script.step("shop", _p("tour", "ships what was paid for")) as step:
            desk = self._desk()
            for order in kept:
                desk.ship(order["number"], tracking())
            desk.leave()
            step.saw(_p("tour", "%s orders") % len(kept))
        for by, text in ((RECEIVED, _p("tour", "%s days later")), (SETTLED, _p("tour", "%s days later"))):
            with self.script.step("clock", text % by.days) as step:
                step.saw(self.place.sweep(self.start + by) or _p("tour", "nothing was due"))

    def _pay_out(self) -> None:
        from wanku.runner.tour import coffers

        with self.script.step("operator", _p("tour", "makes the payout; somebody else approves it")) as step:
            amount, refused = coffers.pay_out(self.start + SETTLED)
            step.expect(refused == "same_person", "same_person", refused)
            step.saw(_p("tour", "%s; the same person was refused") % money(amount))
        with self.script.step("bank", _p("tour", "carries the payout")) as step:
            for by in (SENT, PAID):
                self.place.sweep(self.start + by)
            state, left = coffers.paid_out()
            step.expect((state, left) == ("paid", 0), "paid, 0", (state, left))
            step.saw(_p("tour", "paid; nothing is left on the way"))

    def _reconcile(self) -> None:
        from wanku.runner.tour import coffers

        self.script.chapter(_p("tour", "Held against the banks' bills"))
        with self.script.step("clock", _p("tour", "the banks' calendar moves on, and their bills come")) as step:
            self.place.open_banks(ahead=2)
            step.saw(self.place.banks_url)
        for gateway in BILLED:
            with self.script.step("operator", _p("tour", "compares the bill of %s with the ledger") % gateway) as step:
                rows, matched, fees, waiting = coffers.reconcile(gateway, self.start, self.start + PAID)
                step.expect(rows == matched > 0 == waiting, _p("tour", "no difference"), (rows, matched, waiting))
                step.saw(_p("tour", "%(rows)s lines, all agree; fees %(fees)s") % {"rows": rows, "fees": money(fees)})

    def _desk(self) -> Desk:
        from wanku.runner.tour import market

        return Desk.sign_in(self.place.url, self.language, market.SLUG, (market.OWNER, self.place.password))
