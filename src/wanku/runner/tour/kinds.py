"""One of each kind, ordered by a guest and by a member, kept to its end, and called off where that is rightful."""

import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final

from wanku.runner.tour import cast
from wanku.runner.tour.caller import Caller, until
from wanku.runner.tour.script import Script
from wanku.runner.tour.speech import pgettext as _p
from wanku.runner.tour.throw_away import ThrowAway

MEMBER_SCOPES: Final = ("trades.place", "trades.see")
BACK_SECONDS: Final = 20.0


@dataclass(slots=True)
class Scene:
    """What the chapters of all kinds share.

    Attributes:
        start: the moment of the beginning; time only moves on from it.
    """

    script: Script
    language: str
    place: ThrowAway
    guest: Caller
    member: Caller
    start: datetime = field(default_factory=lambda: datetime.now(UTC))

    def order(self, buyer: Caller, lines: Sequence[Mapping[str, Any]], *, address: bool = False) -> Any:
        """Order what costs as much as the quote said, and pay; gives the trade after it.

        Args:
            lines: `cast.wish` with ``choice`` and ``details`` as the kind asks for.

        Raises:
            Unseen: something hinders it.
        """
        body = cast.order_body(buyer, [dict(line) for line in lines])
        if not address:
            del body["address"]
        trade = buyer.post("/orders", body, key=uuid.uuid4().hex)
        return cast.pay(buyer, trade["number"])

    def see(self, buyer: Caller, number: str) -> Any:
        """One order, as its buyer sees it."""
        return buyer.get(f"/orders/{number}")

    def paid_back(self, buyer: Caller, number: str, amount: int) -> Any:
        """Wait until so much of an order is with the buyer again; gives the order.

        Raises:
            Unseen: it is not.
        """
        self.place.sweep(datetime.now(UTC))

        def arrived() -> int:
            refunds = buyer.get(f"/orders/{number}")["refunds"]
            return sum(refund["amount"] for refund in refunds if refund["state"] == "succeeded")

        until(arrived, lambda sum_: sum_ == amount, str(amount), BACK_SECONDS)
        return self.see(buyer, number)


def act(script: Script, language: str, place: ThrowAway) -> None:
    """The chapters of all kinds on a throw-away instance.

    Raises:
        Stopped: a step was not seen.
    """
    with script.step("guest", _p("tour", "comes as a guest, and as a member")) as step:
        scene = Scene(script, language, place, cast.new_guest(place.url, language), _member(place, language))
        step.saw(place.url)
    for chapter in _chapters():
        chapter(scene)
    scene.guest.close()
    scene.member.close()


def _chapters() -> Sequence[Callable[[Scene], None]]:
    """Imported when they are acted, since they need Django."""
    from wanku.runner.tour.kinds_issue import licences
    from wanku.runner.tour.kinds_meal import meals
    from wanku.runner.tour.kinds_seat import journeys
    from wanku.runner.tour.kinds_stay import stays
    from wanku.runner.tour.kinds_visit import visits

    return (stays, journeys, visits, meals, licences)


def _member(place: ThrowAway, language: str) -> Caller:
    from wanku.runner.tour import market

    browser = cast.sign_in(place.url, language, (market.MEMBER, place.password))
    made = browser.call(
        "POST",
        "/me/keys",
        status=201,
        json={"name": "wanku tour", "scopes": list(MEMBER_SCOPES)},
        headers={"X-CSRFToken": browser.client.cookies["csrftoken"], "Referer": browser.url},
    )
    browser.close()
    return Caller(place.url, language, Authorization=f"Bearer {made['key']}")
