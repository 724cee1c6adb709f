"""The waiting room's page: a place, a turn, an honest end; and the pages that lead there."""

from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from tests.cast import Shop, product_of, supply_of, variant_of
from wanku.access.actor import Actor
from wanku.catalog.models import Product
from wanku.flows.queueing.admit_waiting import admit_waiting
from wanku.flows.queueing.tests.line import guest, people, queued, states
from wanku.orders.models import Trade
from wanku.storefront.tests.shopping import guest_browser, guest_of, open_checkout, submit
from wanku.waiting_room.models import Ticket
from wanku.waiting_room.queries import forget

pytestmark = pytest.mark.django_db
ROOM = "/p/bo/tea/room/"


@pytest.fixture
def tea(bo: Shop) -> Product:
    """One piece, sold by queue, one per person."""
    return queued(bo, stock=1, slug="tea", limit_per_person=1)


def stock(product: Product, *, free: int, held: int) -> None:
    supply = supply_of(variant_of(product))
    supply.free, supply.held, supply.sold, supply.put_in = free, held, 0, free + held
    supply.save()
    forget()


def join(browser: Client, product: Product) -> Any:
    forget()
    return browser.post(f"{ROOM}join/", {"variant": variant_of(product).pk, "quantity": 1})


def test_the_product_s_page_leads_into_the_queue(client: Client, tea: Product) -> None:
    text = client.get("/p/bo/tea/").text
    assert f'formaction="{ROOM}join/"' in text
    assert "加入购物车" not in text
    assert "立即购买" not in text
    assert "每人限购 1 件" in text


def test_without_a_crowd_the_checkout_follows_at_once(client: Client, tea: Product) -> None:
    answer = join(client, tea)
    assert answer["Location"] == f"/checkout/?buy={variant_of(tea).pk}-1"
    address, page = open_checkout(client, answer["Location"])
    assert "data-due" in page.text
    submit(client, address, page)
    assert (Trade.objects.count(), states()) == (1, ["used"])
    text = client.get(ROOM).text
    assert f"/pay/{Trade.objects.get().number}/" in text


def test_a_place_in_line(client: Client, tea: Product) -> None:
    people(tea, 3)
    answer = join(client, tea)
    assert answer["Location"] == ROOM
    forget()
    text = client.get(ROOM).text
    assert '<h1 class="number text-xl font-semibold" aria-live="polite">3</h1>' in text
    assert "前面还有 2 人" in text
    assert 'http-equiv="refresh"' in text, "it works without script"
    assert f'hx-get="{ROOM}live/?v=' in text


def test_the_living_part_says_when_there_is_nothing_new(client: Client, tea: Product) -> None:
    people(tea, 3)
    join(client, tea)
    forget()
    text = client.get(ROOM).text
    version = text.split("live/?v=")[1].split('"')[0]
    assert client.get(f"{ROOM}live/", {"v": version}).status_code == 204
    Ticket.objects.filter(state="admitted").update(state="lapsed", due_at=None)
    admit_waiting(now=timezone.now(), limit=10)
    forget()
    assert "前面还有 1 人" in client.get(f"{ROOM}live/", {"v": version}).text


def test_one_s_turn_leads_to_the_checkout(client: Client, tea: Product) -> None:
    people(tea, 1)
    join(client, tea)
    Ticket.objects.filter(state="admitted").update(state="lapsed", due_at=None)
    admit_waiting(now=timezone.now(), limit=10)
    text = client.get(ROOM).text
    assert "轮到你了" in text
    assert f"/checkout/?buy={variant_of(tea).pk}-1" in text


def test_an_honest_word_while_pieces_are_in_unpaid_orders(client: Client, tea: Product) -> None:
    people(tea, 2)
    stock(tea, free=0, held=1)
    join(client, tea)
    forget()
    assert "未付款的订单" in client.get(ROOM).text


def test_an_honest_end(client: Client, tea: Product) -> None:
    people(tea, 1)
    join(client, tea)
    stock(tea, free=0, held=0)
    admit_waiting(now=timezone.now(), limit=10)
    text = client.get(ROOM).text
    assert "已售罄" in text
    assert f'action="{ROOM}join/"' not in text
    late = Client()
    assert "已售罄" in join(late, tea).client.get(ROOM).text
    assert Ticket.objects.count() == 2


def test_a_place_that_ended_can_be_taken_anew(client: Client, tea: Product) -> None:
    people(tea, 1)
    join(client, tea)
    Ticket.objects.update(state="lapsed", due_at=None)
    forget()
    text = client.get(ROOM).text
    assert f'name="variant" value="{variant_of(tea).pk}"' in text
    join(client, tea)
    assert states() == ["lapsed", "lapsed", "admitted"]


def test_leaving(client: Client, tea: Product) -> None:
    people(tea, 1)
    join(client, tea)
    assert client.post(f"{ROOM}leave/")["Location"] == "/p/bo/tea/"
    assert states() == ["admitted", "left"]
    assert client.post(f"{ROOM}leave/")["Location"] == ROOM
    assert Client().post(f"{ROOM}leave/").status_code == 302


def test_reloading_and_a_second_window_change_nothing(client: Client, tea: Product) -> None:
    people(tea, 1)
    for _ in range(3):
        join(client, tea)
        client.get(ROOM)
    assert states() == ["admitted", "waiting"]


def test_where_no_queue_is_the_product_is(client: Client, bo: Shop) -> None:
    plain = product_of(bo.merchant, slug="plain")
    assert client.get("/p/bo/plain/room/")["Location"] == "/p/bo/plain/"
    assert client.get("/p/bo/plain/room/live/")["HX-Redirect"] == "/p/bo/plain/"
    answer = client.post("/p/bo/plain/room/join/", {"variant": variant_of(plain).pk})
    assert answer["Location"] == "/p/bo/plain/"
    assert client.get("/p/bo/nothing/room/").status_code == 404
    assert not Ticket.objects.exists()


@pytest.mark.parametrize("sent", [{"variant": "x"}, {"variant": ""}, {"variant": "1", "quantity": "0x"}])
def test_what_cannot_be_read_is_refused(client: Client, tea: Product, sent: dict[str, str]) -> None:
    assert client.post(f"{ROOM}join/", sent).status_code == 422
    assert not Ticket.objects.exists()


def test_the_checkout_says_whose_turn_it_is_not(client: Client, tea: Product) -> None:
    variant = variant_of(tea)
    address, page = open_checkout(client, f"/checkout/?buy={variant.pk}-1")
    assert ROOM in page.text
    answer = submit(client, address, page)
    assert answer.status_code == 422
    assert "排队" in answer.text
    assert not Trade.objects.exists()


def test_a_second_piece_is_refused_with_words(client: Client, tea: Product) -> None:
    stock(tea, free=5, held=0)
    address, page = open_checkout(client, join(client, tea)["Location"])
    submit(client, address, page)
    answer = join(client, tea)
    assert answer["Location"] == "/p/bo/tea/"
    assert "每人最多" in client.get("/p/bo/tea/").text
    assert states() == ["used"]


def test_the_cart_says_it_too(tea: Product, guest_actor: Actor) -> None:
    browser = guest_browser(guest_actor)
    browser.post("/cart/add/", {"variant": variant_of(tea).pk, "quantity": 1})
    text = browser.get("/cart/").text
    assert ROOM in text
    assert "每人限购 1 件" in text


def test_queries(client: Client, tea: Product, django_assert_num_queries: Any) -> None:
    people(tea, 3)
    join(client, tea)
    assert guest_of(client) != guest(0)
    client.get(ROOM)
    # The session, the product, the ticket, the picture; the line was counted for everybody within this second.
    with django_assert_num_queries(4):
        client.get(f"{ROOM}live/")
