"""The main job on a running server: a guest buys from two shops, is refused once by the bank, receives and reviews."""

import io
import uuid
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from PIL import Image, ImageDraw

from wanku.runner.demo._sign_ins import PASSWORD
from wanku.runner.tour import cast
from wanku.runner.tour.caller import Caller, until
from wanku.runner.tour.cast import Desk
from wanku.runner.tour.script import Script, Unseen, money
from wanku.runner.tour.speech import pgettext as _p

MOVES_SECONDS = 45.0
"""At the demo's usual speed the sandbox carrier picks a parcel up after twelve seconds."""


@dataclass(frozen=True, slots=True)
class Stop:
    """A shop that the tour buys from: what is searched for, and how many pieces."""

    slug: str
    words: str
    owner: str
    quantity: int


STOPS = (Stop("shanjian", "龙井", cast.demo_login("bo"), 2), Stop("qingtu", "登机箱", cast.demo_login("cy"), 1))
OPERATOR = cast.demo_login("di")


@dataclass(slots=True)
class MainJob:
    """The chapters on the real server, in order; each leaves what the next ones need."""

    script: Script
    url: str
    language: str
    lines: list[dict[str, Any]] = field(default_factory=list)
    products: list[Any] = field(default_factory=list)
    trade: Any = None
    desks: list[Desk] = field(default_factory=list)
    before: list[dict[str, int]] = field(default_factory=list)

    def act(self) -> None:
        """All of it.

        Raises:
            Stopped: a step was not seen.
        """
        try:
            guest = self._look()
            self._order(guest)
            self._pay(guest)
            self._ship(guest)
            self._receive(guest)
            self._review(guest)
            self._account()
        finally:
            for desk in self.desks:
                desk.browser.close()
                desk.program.close()

    def _look(self) -> Caller:
        script = self.script
        script.chapter(_p("tour", "Looking around"))
        with script.step("guest", _p("tour", "opens the first page")) as step:
            stranger = Caller(self.url, self.language)
            page = stranger.page("/")
            step.expect("/p/" in page, _p("tour", "products on the first page"), page[:300])
            step.saw(_p("tour", "%s links to products") % page.count('href="/p/'))
            stranger.close()
        with script.step("guest", _p("tour", "looks at the categories")) as step:
            guest = cast.new_guest(self.url, self.language)
            names = [node["name"] for node in guest.get("/categories")["items"] if node["parent"] is None]
            step.expect(names, _p("tour", "categories"), names)
            step.saw(" ".join(names))
        for stop in STOPS:
            self._choose(guest, stop)
        return guest

    def _choose(self, guest: Caller, stop: Stop) -> None:
        with self.script.step("guest", _p("tour", "searches for “%s”") % stop.words) as step:
            found = guest.get("/products", params={"q": stop.words})["items"]
            fitting = [p for p in found if p["merchant"]["slug"] == stop.slug and stop.words in p["title"]]
            step.expect(fitting, _p("tour", "a product of the shop %s") % stop.slug, [p["title"] for p in found])
            step.saw(_p("tour", "%(n)s found, first: %(title)s") % {"n": len(found), "title": found[0]["title"]})
        with self.script.step("guest", _p("tour", "opens “%s” and chooses") % fitting[0]["title"]) as step:
            product = guest.get(f"/products/{fitting[0]['id']}")
            variant = next(v for v in product["variants"] if v["free"] >= stop.quantity)
            extras = product["add_ons"][:1]
            self.products.append(product)
            self.lines.append(cast.wish(variant["id"], stop.quantity, *(extra["id"] for extra in extras)))
            guest.post("/cart/lines", self.lines[-1], key=uuid.uuid4().hex)
            step.saw(
                " ".join(
                    [*variant["values"], *(f"+ {x['name']} {money(x['price'])}" for x in extras), f"× {stop.quantity}"]
                )
            )

    def _order(self, guest: Caller) -> None:
        script = self.script
        script.chapter(_p("tour", "Ordering from two shops at once"))
        with script.step("guest", _p("tour", "looks into the cart")) as step:
            cart = guest.get("/cart")
            step.expect(len(cart["parts"]) == len(STOPS), _p("tour", "two shops in one cart"), cart["parts"])
            step.saw(" + ".join(f"{p['merchant']['name']} {money(p['goods'])}" for p in cart["parts"]))
        with script.step("guest", _p("tour", "asks what it costs to %s") % cast.ADDRESS["province"]) as step:
            body = cast.order_body(guest, self.lines)
            quote = guest.post("/quotes", {"lines": self.lines, "province": cast.ADDRESS["province"]}, status=200)
            step.expect(
                quote["goods"] + quote["freight"] == quote["total"], _p("tour", "goods + freight = total"), quote
            )
            step.saw(
                _p("tour", "goods %(goods)s + freight %(freight)s = %(total)s")
                % {name: money(quote[name]) for name in ("goods", "freight", "total")}
            )
        with script.step("guest", _p("tour", "agrees to a price that is no longer right")) as step:
            stale = {**body, "agreed_total": body["agreed_total"] - 100}
            problem = guest.call(
                "POST", "/orders", status=409, json=stale, headers={"Idempotency-Key": uuid.uuid4().hex}
            )
            step.expect(problem["code"] == "price_changed", "price_changed", problem)
            step.saw(_p("tour", "nothing is ordered: %s") % problem["detail"])
        with script.step("guest", _p("tour", "orders, and presses the button five times at once")) as step:
            key = uuid.uuid4().hex
            with ThreadPoolExecutor(5) as pool:
                answers = list(pool.map(lambda _n: guest.post("/orders", body, key=key), range(5)))
            numbers = {answer["number"] for answer in answers}
            step.expect(len(numbers) == 1, _p("tour", "one trade"), numbers)
            self.trade = answers[0]
            orders = self.trade["orders"]
            step.expect(len(orders) == len(STOPS), _p("tour", "one order for each shop"), orders)
            mine = guest.get("/trades")["items"]
            step.expect(len(mine) == 1, _p("tour", "one trade in the guest's list"), mine)
            step.saw(_p("tour", "one trade %(number)s, one order for each shop") % self.trade)

    def _pay(self, guest: Caller) -> None:
        script, number = self.script, self.trade["number"]
        script.chapter(_p("tour", "Paying"))
        with script.step("bank", _p("tour", "refuses the payment")) as step:
            refused = cast.open_attempt(guest, number)
            cast.at_bank(guest, refused, "refused")
            failed = cast.await_attempt(guest, number, refused, "failed")
            trade = guest.get(f"/trades/{number}")
            step.expect(trade["state"] == "placed", _p("tour", "the order still waits for its payment"), trade["state"])
            step.saw(_p("tour", "refused (%s); the order and its stock wait") % failed["failure"])
        with script.step("bank", _p("tour", "is tried again and charges")) as step:
            again = cast.open_attempt(guest, number)
            step.expect(again["number"] != refused["number"], _p("tour", "a new payment"), again)
            back = cast.at_bank(guest, again, "paid")
            cast.await_attempt(guest, number, again, "captured")
            step.saw(
                _p("tour", "%(amount)s charged, sent back to %(path)s")
                % {"amount": money(again["amount"]), "path": back}
            )
        with script.step("shop", _p("tour", "hears of it by the bank's signed notice")) as step:
            self.trade = until(
                lambda: guest.get(f"/trades/{number}"), lambda t: t["state"] == "paid", "paid", cast.HEARD_SECONDS
            )
            steps = guest.get(f"/trades/{number}/timeline")["items"]
            heard = [s for s in steps if s["subject"] == "trade" and s["event"] == "pay" and s["by"] == "gateway"]
            step.expect(heard, _p("tour", "a step “paid” by the gateway in the timeline"), [s["event"] for s in steps])
            step.expect(all(o["state"] == "paid" for o in self.trade["orders"]), "paid", self.trade["orders"])
            step.saw(_p("tour", "both orders are paid"))

    def _ship(self, guest: Caller) -> None:
        script = self.script
        script.chapter(_p("tour", "Shipping"))
        for stop in STOPS:
            with script.step("shop", _p("tour", "%s signs in at the desk") % stop.owner) as step:
                desk = Desk.sign_in(self.url, self.language, stop.slug, (stop.owner, PASSWORD))
                self.desks.append(desk)
                self.before.append(desk.balances())
                order = desk.order(self._order_of(stop)["number"])
                step.expect(order["state"] == "paid", "paid", order["state"])
                step.saw(_p("tour", "to ship to %(name)s, pieces: %(pieces)s") % told_order(order))
        self._ship_in_parts()
        with script.step("shop", _p("tour", "ships the other order whole")) as step:
            order = self.desks[1].ship(self._order_of(STOPS[1])["number"], tracking())
            step.expect(order["state"] == "fulfilled", "fulfilled", order["state"])
            step.saw(_p("tour", "receipt by itself at %s") % moment(order["due_at"]))
        with script.step("guest", _p("tour", "follows the parcels")) as step:
            path = f"/orders/{self._order_of(STOPS[0])['number']}/parcels"
            parcels = until(
                lambda: guest.get(path)["items"],
                lambda items: items[0]["events"],
                _p("tour", "a first report of the carrier"),
                MOVES_SECONDS,
            )
            step.saw(f"{parcels[0]['tracking']}: {parcels[0]['events'][0]['text']}")

    def _ship_in_parts(self) -> None:
        desk, number = self.desks[0], self._order_of(STOPS[0])["number"]
        for part, state in (("first", "fulfilling"), ("rest", "fulfilled")):
            words = {"first": _p("tour", "ships one piece of two"), "rest": _p("tour", "ships the rest")}[part]
            with self.script.step("shop", words) as step:
                line = desk.order(number)["lines"][0]
                order = desk.ship(number, tracking(), [{"line_id": line["id"], "quantity": 1}])
                step.expect(order["state"] == state, state, order["state"])
                step.saw(
                    _p("tour", "pieces shipped: %(shipped)s of %(quantity)s, parcels: %(parcels)s")
                    % {**order["lines"][0], "parcels": len(order["parcels"])}
                )

    def _receive(self, guest: Caller) -> None:
        script, number = self.script, self._order_of(STOPS[0])["number"]
        script.chapter(_p("tour", "Receiving"))
        with script.step("guest", _p("tour", "on another device: number and phone find the order")) as step:
            device = Caller(self.url, self.language)
            found = device.post("/tracking", {"number": number, "contact": cast.CONTACT["phone"]}, status=200)
            step.expect(found["trade"]["number"] == self.trade["number"], self.trade["number"], found["trade"])
            step.saw(_p("tour", "trade %s") % found["trade"]["number"])
        with script.step("guest", _p("tour", "somebody else's phone finds nothing")) as step:
            wrong = {"number": number, "contact": "13900139000"}
            problem = device.post("/tracking", wrong, status=404)
            device.close()
            step.saw(problem["detail"])
        with script.step("guest", _p("tour", "confirms receipt of both orders")) as step:
            states = {
                guest.post(f"/orders/{order['number']}/confirm", status=200)["state"] for order in self.trade["orders"]
            }
            step.expect(states == {"completed"}, "completed", states)
            step.saw(_p("tour", "both orders are complete"))

    def _review(self, guest: Caller) -> None:
        script = self.script
        script.chapter(_p("tour", "Saying how it was"))
        line = guest.get(f"/orders/{self._order_of(STOPS[0])['number']}")["lines"][0]
        with script.step("guest", _p("tour", "reviews with a picture")) as step:
            answer = guest.call("POST", "/pictures", status=201, files={"file": ("tea.png", picture(), "image/png")})
            body = {"goods": 5, "service": 5, "delivery": 4, "text": REVIEW, "picture_ids": [answer["id"]]}
            review = guest.post(f"/lines/{line['id']}/review", body)
            step.expect(len(review["pictures"]) == 1, _p("tour", "a picture with the review"), review)
            step.saw(f"★ 5 5 4 “{REVIEW}”")
        with script.step("shop", _p("tour", "replies")) as step:
            reply = self.desks[0].program.post(
                f"/merchants/{STOPS[0].slug}/reviews/{review['id']}/reply", {"text": REPLY}
            )
            step.expect(reply["reply"] == REPLY, REPLY, reply)
            step.saw(f"“{REPLY}”")
        with script.step("guest", _p("tour", "sees both on the product")) as step:
            rows = guest.get(f"/products/{self.products[0]['id']}/reviews")["items"]
            mine = next(row for row in rows if row["id"] == review["id"])
            step.expect(mine["text"] == REVIEW and mine["reply"] == REPLY, REVIEW, mine)
            product = guest.get(f"/products/{self.products[0]['id']}")
            step.saw(_p("tour", "%(rating)s of 5 from %(rating_count)s reviews") % product)

    def _account(self) -> None:
        script = self.script
        script.chapter(_p("tour", "The money"))
        rows: list[list[str]] = []
        for stop, desk, before in zip(STOPS, self.desks, self.before, strict=True):
            with script.step(
                "shop", _p("tour", "%s reads the statement: held for the after-sales time") % stop.slug
            ) as step:
                rows += self._statement(stop, desk)
                now = desk.balances()
                step.saw(
                    _p("tour", "held %(held)s → %(held_now)s, available %(available)s → %(available_now)s")
                    % {
                        "held": money(before.get("held", 0)),
                        "held_now": money(now.get("held", 0)),
                        "available": money(before.get("available", 0)),
                        "available_now": money(now.get("available", 0)),
                    }
                )
                desk.leave()
        with script.step("operator", _p("tour", "opens the proof of the books")) as step:
            browser = cast.sign_in(self.url, self.language, (OPERATOR, PASSWORD))
            cast.see_sound_books(browser, step)
            browser.close()
            step.saw(_p("tour", "every check holds"))
        columns = [
            (_p("tour", "shop"), "left"),
            (_p("tour", "order"), "left"),
            (_p("tour", "reason"), "left"),
            (_p("tour", "account"), "left"),
        ]
        script.table(
            _p("tour", "What the ledger says of this trade"), [*columns, (_p("tour", "amount"), "right")], rows
        )

    def _statement(self, stop: Stop, desk: Desk) -> list[list[str]]:
        """The movements of the shop's order, checked: all of it is held, nothing is available yet."""
        order = self._order_of(stop)
        moves = desk.movements(order["number"])
        sums = {name: sum(m["amount"] for m in moves if m["account"] == name) for name in ("held", "available")}
        if not moves or sums["held"] < order["amount"] or sums["available"] != 0:
            raise Unseen(_p("tour", "all of it held until the after-sales time is over"), moves)
        return [
            [stop.slug, order["number"], m["reason"], m["account"], money(m["amount"], m["currency"])] for m in moves
        ]

    def _order_of(self, stop: Stop) -> Any:
        return next(order for order in self.trade["orders"] if order["merchant"]["slug"] == stop.slug)


REVIEW = "一罐喝完了才来评价：豆香足，第三泡还甜。"
REPLY = "谢谢您等它喝完再说，秋茶到了告诉您。"


def told_order(order: Any) -> dict[str, object]:
    """Pieces and recipient."""
    return {"pieces": sum(line["quantity"] for line in order["lines"]), "name": order["address"]["name"]}


def tracking() -> str:
    """A fresh number of the sandbox carrier."""
    return f"SB{uuid.uuid4().int % 10**10:010d}"


def moment(iso: str) -> str:
    """A moment of the API as the clock of this machine shows it."""
    return datetime.fromisoformat(iso).astimezone().strftime("%Y-%m-%d %H:%M")


def picture() -> bytes:
    """A photograph of a cup of tea, as far as circles go."""
    image = Image.new("RGB", (640, 480), (236, 231, 220))
    brush = ImageDraw.Draw(image)
    circles: Sequence[tuple[int, tuple[int, int, int]]] = ((170, (250, 250, 247)), (140, (196, 160, 70)))
    for radius, colour in circles:
        brush.ellipse((320 - radius, 240 - radius, 320 + radius, 240 + radius), fill=colour)
    into = io.BytesIO()
    image.save(into, "PNG")
    return into.getvalue()
