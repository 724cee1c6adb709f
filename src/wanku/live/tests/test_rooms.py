"""Places in line over a stream: told when the line moves, and when waiting is over."""

from array import array

import httpx
import pytest

from tests.architecture.access_world import guest_session
from tests.cast import NOW, Shop, product_of
from tests.served import FRONT, served
from tests.sse import listen
from wanku.access.actor import Actor
from wanku.flows.queueing.join_room import join_room
from wanku.flows.queueing.leave_room import leave_room
from wanku.kernel.ids import new_id
from wanku.waiting_room.queries import Room


def guest() -> Actor:
    return Actor(guest_key=new_id())


@pytest.mark.django_db(transaction=True)
@pytest.mark.server
@pytest.mark.slow
def test_who_waits_hears_of_the_line_and_of_the_turn(bo: Shop) -> None:
    product = product_of(bo.merchant, stock=1, waiting_room=True)
    first, second, third = guest(), guest(), guest()
    tickets = [join_room(product.pk, wish=None, actor=who, now=NOW) for who in (first, second, third)]
    assert [ticket.state for ticket in tickets] == ["admitted", "waiting", "waiting"]
    with served(FRONT) as server:
        url = f"{server.url}/live/rooms/{tickets[2].pk}"
        assert httpx.get(url, cookies={"sessionid": guest_session(second)}).status_code == 404
        assert httpx.get(url).status_code == 401
        with listen(url, guest_session(third)) as reader:
            assert reader.answer.headers["Content-Type"].startswith("text/event-stream")
            reader.known()
            leave_room(product.pk, actor=second, now=NOW)
            leave_room(product.pk, actor=first, now=NOW)
            assert reader.next().name == "moved"


def test_a_place_in_a_line() -> None:
    room = Room(free=0, held=1, passes=0, line=array("q", [3, 5, 9]), frees_by=None)
    assert [room.place_of(ticket) for ticket in (3, 5, 9, 4, 10)] == [0, 1, 2, None, None]
