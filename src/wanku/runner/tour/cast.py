"""Who acts in the tour: guests, the bank's payer, and a shop at its desk."""

import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from wanku.runner.demo._sign_ins import SIGN_INS
from wanku.runner.tour.caller import Caller, until
from wanku.runner.tour.script import Step, Unseen
from wanku.runner.tour.speech import pgettext as _p

ADDRESS = {
    "name": "王小游",
    "phone": "13800138000",
    "province": "浙江省",
    "city": "杭州市",
    "district": "西湖区",
    "line": "文三路 90 号 3 幢",
    "postcode": "310012",
}
CONTACT = {"name": "王小游", "phone": "13800138000"}
HEARD_SECONDS = 20.0
SCOPES = ("orders.see", "orders.fulfil", "products.edit", "reviews.reply", "money.see")


def demo_login(name: str) -> str:
    """What somebody of the demo signs in with."""
    return next(login for _role, login, _password, _where in SIGN_INS if login.startswith(f"{name}@"))


def new_guest(url: str, language: str) -> Caller:
    """A guest with a token of their own."""
    stranger = Caller(url, language)
    token = stranger.post("/guests")["token"]
    stranger.client.headers["X-Guest-Token"] = token
    return stranger


def wish(variant: int, quantity: int = 1, *add_ons: int) -> dict[str, Any]:
    """A line of an order."""
    return {"variant_id": variant, "quantity": quantity, "add_ons": list(add_ons)}


def order_body(guest: Caller, lines: list[dict[str, Any]]) -> dict[str, Any]:
    """A checkout that agrees to what it costs now.

    Raises:
        Unseen: something hinders it.
    """
    where = {name: ADDRESS[name] for name in ("province", "city", "district")}
    quote = guest.post("/quotes", {"lines": lines, **where}, status=200)
    if quote["refusals"]:
        raise Unseen(_p("tour", "a quote without hindrance"), quote["refusals"])
    return {"lines": lines, "contact": CONTACT, "address": ADDRESS, "agreed_total": quote["total"]}


def open_attempt(guest: Caller, trade: str) -> Any:
    """A payment at the sandbox bank."""
    return guest.post(f"/trades/{trade}/attempts", {"gateway": "sandbox", "method": "page"})


def at_bank(guest: Caller, attempt: Any, choice: str) -> str:
    """Open the bank's pay page and choose there; gives where the bank sends the payer back to."""
    # The same server under the address at which we reach it.
    answer = guest.send(urlsplit(attempt["pay_url"]).path, {"choice": choice})
    return urlsplit(answer.headers["Location"]).path


def await_attempt(guest: Caller, trade: str, attempt: Any, state: str) -> Any:
    """The attempt, once the bank has told the shop.

    Raises:
        Unseen: it was not heard.
    """
    path = f"/trades/{trade}/attempts/{attempt['number']}"
    return until(lambda: guest.get(path), lambda a: a["state"] == state, state, HEARD_SECONDS)


def pay(guest: Caller, trade: str) -> Any:
    """Pay without trouble; gives the trade."""
    attempt = open_attempt(guest, trade)
    at_bank(guest, attempt, "paid")
    await_attempt(guest, trade, attempt, "captured")
    return guest.get(f"/trades/{trade}")


@dataclass(slots=True)
class Desk:
    """A shop's owner: a browser's session, and a key made with it."""

    slug: str
    browser: Caller
    program: Caller
    key_id: int

    @classmethod
    def sign_in(cls, url: str, language: str, slug: str, login: tuple[str, str]) -> "Desk":
        """Sign in by the page, and make a key for the desk.

        Raises:
            Unseen: the sign-in or the key was refused.
        """
        browser = sign_in(url, language, login)
        made = browser.call(
            "POST",
            "/me/keys",
            status=201,
            json={"name": "wanku tour", "merchant": slug, "scopes": list(SCOPES)},
            headers={"X-CSRFToken": browser.client.cookies["csrftoken"], "Referer": browser.url},
        )
        program = Caller(url, language, Authorization=f"Bearer {made['key']}")
        return cls(slug, browser, program, made["id"])

    def leave(self) -> None:
        """Revoke the key and hang up."""
        self.browser.call(
            "DELETE",
            f"/me/keys/{self.key_id}",
            status=204,
            headers={"X-CSRFToken": self.browser.client.cookies["csrftoken"], "Referer": self.browser.url},
        )
        self.browser.close()
        self.program.close()

    def order(self, number: str) -> Any:
        """One of the shop's orders."""
        return self.program.get(f"/merchants/{self.slug}/orders/{number}")

    def ship(self, number: str, tracking: str, pieces: list[dict[str, Any]] | None = None) -> Any:
        """Send all that is left, or some pieces, with the sandbox carrier; gives the order after it."""
        body = {"carrier": "sandbox", "tracking": tracking, "pieces": pieces}
        return self.program.post(f"/merchants/{self.slug}/orders/{number}/parcels", body)["order"]

    def balances(self) -> dict[str, int]:
        """Held and available."""
        rows = self.program.get(f"/merchants/{self.slug}/statement")["balances"]
        return {row["account"]: row["amount"] for row in rows}

    def movements(self, number: str) -> list[Any]:
        """Movements of one order, oldest first."""
        rows = self.program.get(f"/merchants/{self.slug}/statement?limit=100")["items"]
        return [row for row in reversed(rows) if row["order_number"] == number]


def sign_in(url: str, language: str, login: tuple[str, str]) -> Caller:
    """A browser of somebody with an account.

    Raises:
        Unseen: the sign-in was refused.
    """
    browser = Caller(url, language)
    browser.send("/account/login/", {"login": login[0], "password": login[1]})
    return browser


def see_sound_books(browser: Caller, step: Step) -> None:
    """The operator's page that proves the books, read in English whatever the tour speaks."""
    browser.client.headers["Accept-Language"] = "en"
    text = browser.page("/platform/ledger/proof/")
    step.expect("The books are sound." in text, "The books are sound.", _wrong(text))


def _wrong(proof: str) -> str:
    """What the page says does not hold, with its rows; the whole page where there is no such part."""
    parts = [part for part in re.findall(r"<section.*?</section>", proof, re.DOTALL) if "<table" in part]
    return " ".join(re.sub(r"<[^>]+>", " ", " ".join(parts) or proof[proof.find("<h1") :]).split())
