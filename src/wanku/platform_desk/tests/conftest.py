"""A small marketplace with something in every queue, made by the flows themselves."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

import pytest
import time_machine
from django.test import Client

from tests.bought import paid, placed
from tests.cast import NOW, PASSWORD, Shop, open_shop, product_of
from wanku.access.actor import Actor
from wanku.access.models import PlatformSeat
from wanku.flows.buying.withdraw_order import withdraw_order
from wanku.flows.fulfilling.confirm_receipt import confirm_receipt
from wanku.flows.fulfilling.late_due import late_due
from wanku.flows.fulfilling.ship_order import ship_order
from wanku.flows.reviewing.write_review import write_review
from wanku.flows.settling.release_due import release_due
from wanku.merchants.models import Merchant
from wanku.orders.models import Line, Order, Trade
from wanku.payments.models import Refund
from wanku.people.models import Person
from wanku.reviews.models import Review

DAY = timedelta(days=1)


@dataclass
class Market:
    """What is in it."""

    bo: Shop
    cy: Shop
    applicant: Merchant
    received: Order
    late: Order
    unpaid: Trade
    stuck: Refund
    review: Review
    ann: Person


@pytest.fixture
def market(bo: Shop, cy: Shop, ann: Person, ann_actor: Actor, guest_actor: Actor) -> Market:
    """One order received and reviewed, one late, one unpaid, one taken back whose refund is stuck, and an applicant."""
    tea, bag = product_of(bo.merchant, stock=50), product_of(cy.merchant, "帆布包", prices=(12_000,), stock=50)
    received = paid(ann_actor, (tea, 2), now=NOW - 19 * DAY)[0]
    ship_order(
        received.pk, pieces=None, carrier="sf", tracking="SF1234567890123", actor=bo.actor, now=NOW - 18 * DAY
    )  # fmt: skip
    confirm_receipt(received.pk, actor=ann_actor, now=NOW - 15 * DAY)
    release_due(now=NOW - 5 * DAY, limit=10)
    review = write_review(
        Line.objects.get(order=received).pk, goods=2, service=3, delivery=5, text="茶叶有点碎", picture_ids=[],
        actor=ann_actor, now=NOW - 4 * DAY,
    )  # fmt: skip
    late = paid(guest_actor, (bag, 1), now=NOW - 3 * DAY)[0]
    late_due(now=NOW)
    taken_back = paid(ann_actor, (bag, 1), (tea, 1), now=NOW - DAY)[-1]
    withdraw_order(taken_back.pk, actor=ann_actor, because="changed_mind", now=NOW - DAY)
    Refund.objects.update(state="stuck", tries=9, failure="NOT_ENOUGH", due_at=NOW + DAY)
    applicant = open_shop("new", "新店", state="applying").merchant
    Merchant.objects.filter(pk=applicant.pk).update(due_at=NOW + DAY)
    return Market(
        bo=bo,
        cy=cy,
        applicant=applicant,
        received=received,
        late=Order.objects.get(pk=late.pk),
        unpaid=placed(guest_actor, (tea, 1), now=NOW),
        stuck=Refund.objects.get(),
        review=review,
        ann=ann,
    )


@pytest.fixture(autouse=True)
def _clock() -> object:
    """Pages tell the time of the cast."""
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def desk(client: Client, di: Person) -> Client:
    """Di, signed in, with every role."""
    client.force_login(di)
    client.get("/platform/")  # the first page of a session enters it in the list of sessions
    return client


@pytest.fixture
def seated(db: None) -> Callable[..., Client]:
    """A browser of somebody with these platform roles."""

    def sign_in(*roles: str) -> Client:
        person = Person.objects.create_user(
            email=f"{'-'.join(roles) or 'nobody'}@example.com", password=PASSWORD, name="Seat"
        )
        PlatformSeat.objects.bulk_create(PlatformSeat(person=person, role=role, since=NOW) for role in roles)
        browser = Client()
        browser.force_login(person)
        return browser

    return sign_in
