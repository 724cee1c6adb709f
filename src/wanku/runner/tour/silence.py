"""What becomes of those who stay silent, seen on a throw-away instance where time can be moved."""

import uuid
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from wanku.runner.tour import cast
from wanku.runner.tour.caller import Caller
from wanku.runner.tour.cast import Desk
from wanku.runner.tour.main_job import moment, tracking
from wanku.runner.tour.script import Script, Step, money
from wanku.runner.tour.speech import pgettext as _p
from wanku.runner.tour.throw_away import ThrowAway

STOCK = 5
UNPAID, UNSHIPPED, UNCONFIRMED = "unpaid", "unshipped", "unconfirmed"


@dataclass(slots=True)
class Silence:
    """The chapters on the throw-away instance."""

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
        self.script.chapter(_p("tour", "Left to the clocks, on the throw-away instance"))
        guest = cast.new_guest(self.place.url, self.language)
        self._order(guest)
        self._ship(self.place)
        self._unpaid(self.place, guest)
        self._unshipped(self.place, guest)
        self._unconfirmed(self.place, guest)
        self._settled(self.place)
        guest.close()

    def _order(self, guest: Caller) -> None:
        with self.script.step("guest", _p("tour", "orders three times, and pays two of them")) as step:
            variant = self._product(guest)["variants"][0]
            for silence in (UNPAID, UNSHIPPED, UNCONFIRMED):
                body = cast.order_body(guest, [cast.wish(variant["id"])])
                trade = guest.post("/orders", body, key=uuid.uuid4().hex)
                if silence != UNPAID:
                    trade = cast.pay(guest, trade["number"])
                self.orders[silence] = trade["orders"][0]
            states = [order["state"] for order in self.orders.values()]
            step.expect(states == ["placed", "paid", "paid"], "placed, paid, paid", states)
            step.expect(self._free(guest) == STOCK - 3, f"{STOCK - 3}", self._free(guest))
            step.saw(_p("tour", "%(free)s of %(stock)s pieces are left") % {"free": STOCK - 3, "stock": STOCK})

    def _ship(self, place: ThrowAway) -> None:
        from wanku.runner.tour import market

        with self.script.step("shop", _p("tour", "ships one of the two paid orders, and forgets the other")) as step:
            desk = Desk.sign_in(place.url, self.language, market.SLUG, (market.OWNER, place.password))
            self.orders[UNCONFIRMED] = desk.ship(self.orders[UNCONFIRMED]["number"], tracking())
            desk.leave()
            step.expect(self.orders[UNCONFIRMED]["state"] == "fulfilled", "fulfilled", self.orders[UNCONFIRMED])
            step.saw(
                _p("tour", "promised to ship by %(ship)s; receipt by itself at %(receive)s")
                % {
                    "ship": moment(self.orders[UNSHIPPED]["ship_by"]),
                    "receive": moment(self.orders[UNCONFIRMED]["due_at"]),
                }
            )

    def _unpaid(self, place: ThrowAway, guest: Caller) -> None:
        self._later(place, timedelta(minutes=16))
        with self.script.step("guest", _p("tour", "finds the unpaid order cancelled, its stock free again")) as step:
            order = self._order_seen(guest, UNPAID, "cancelled", step)
            step.expect(self._free(guest) == STOCK - 2, f"{STOCK - 2}", self._free(guest))
            self._by_clock(guest, order, "expire", step)

    def _unshipped(self, place: ThrowAway, guest: Caller) -> None:
        self._later(place, timedelta(hours=49))
        with self.script.step("guest", _p("tour", "sees that the shop is late, and urges it")) as step:
            order = self._order_seen(guest, UNSHIPPED, "paid", step)
            step.expect(order["late_since"], _p("tour", "a moment since when it is late"), order["late_since"])
            self._by_clock(guest, order, "late", step)
            left = guest.post(f"/orders/{order['number']}/urge", status=200)["left"]
            step.saw(_p("tour", "urged; %s more times possible") % left)

    def _unconfirmed(self, place: ThrowAway, guest: Caller) -> None:
        self._later(place, timedelta(days=10, hours=1))
        with self.script.step("guest", _p("tour", "finds the shipped order received by the clock")) as step:
            order = self._order_seen(guest, UNCONFIRMED, "completed", step)
            self._by_clock(guest, order, "receive", step)

    def _settled(self, place: ThrowAway) -> None:
        """After the after-sales time the money is the shop's, and settled at the next midnight."""
        from wanku.runner.tour import market

        self._later(place, timedelta(days=20))
        order = self.orders[UNCONFIRMED]
        with self.script.step("shop", _p("tour", "finds its money released and settled, less the commission")) as step:
            desk = Desk.sign_in(place.url, self.language, market.SLUG, (market.OWNER, place.password))
            rows = desk.program.get(f"/merchants/{market.SLUG}/settlements")["items"]
            step.expect(len(rows) == 1 and rows[0]["state"] == "payable", "payable", rows)
            orders, commission, payable = (rows[0][name] for name in ("orders", "commission", "payable"))
            step.expect(orders == order["amount"] and payable == orders + commission < orders, order["amount"], rows)
            desk.leave()
            step.saw(
                _p(
                    "tour",
                    "settlement %(number)s: orders %(orders)s, commission %(commission)s, to be paid %(payable)s",
                )
                % {
                    "number": rows[0]["number"],
                    "orders": money(orders),
                    "commission": money(commission),
                    "payable": money(payable),
                }
            )

    def _later(self, place: ThrowAway, by: timedelta) -> None:
        """Move the time, as a step of its own."""
        minutes = int(by.total_seconds()) // 60
        if minutes < 60:
            text = _p("tour", "%s minutes later") % minutes
        else:
            text = (
                _p("tour", "%s hours later") % (minutes // 60) if by.days < 4 else _p("tour", "%s days later") % by.days
            )
        with self.script.step("clock", text) as step:
            step.saw(place.sweep(self.start + by) or _p("tour", "nothing was due"))

    def _order_seen(self, guest: Caller, silence: str, state: str, step: Step) -> Any:
        order = guest.get(f"/orders/{self.orders[silence]['number']}")
        step.expect(order["state"] == state, state, order["state"])
        step.saw(f"{order['number']}: {state}")
        return order

    def _by_clock(self, guest: Caller, order: Any, event: str, step: Step) -> None:
        steps = guest.get(f"/trades/{order['trade_number']}/timeline")["items"]
        found = [s for s in steps if s["event"] == event and s["by"] == "clock"]
        step.expect(
            found, _p("tour", "the clock's step “%s” in the timeline") % event, [(s["event"], s["by"]) for s in steps]
        )
        step.saw(_p("tour", "in the timeline: %(event)s at %(at)s") % {"event": event, "at": moment(found[0]["at"])})

    def _product(self, guest: Caller) -> Any:
        return guest.get(f"/products/{guest.get('/products')['items'][0]['id']}")

    def _free(self, guest: Caller) -> int:
        return int(self._product(guest)["variants"][0]["free"])
