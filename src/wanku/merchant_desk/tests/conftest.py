"""Browsers of the cast at desks, and orders to work on."""

from collections.abc import Callable

import pytest
from django.test import Client

from tests.bought import paid
from tests.cast import NOW, Shop, product_of
from wanku.access.actor import Actor
from wanku.merchants.models import Staff
from wanku.orders.models import Order
from wanku.people.models import Person


def signed_in(person: Person) -> Client:
    """A browser of somebody."""
    client = Client(HTTP_ACCEPT_LANGUAGE="en")
    client.force_login(person)
    return client


@pytest.fixture
def stranger() -> Client:
    """Nobody."""
    return Client(HTTP_ACCEPT_LANGUAGE="en")


@pytest.fixture
def owner(bo: Shop) -> Client:
    """Bo at the own desk."""
    return signed_in(bo.owner)


@pytest.fixture
def other(cy: Shop) -> Client:
    """Cy, who has another shop."""
    return signed_in(cy.owner)


@pytest.fixture
def seat(bo: Shop) -> Callable[[str], Client]:
    """A browser of somebody with a role at Bo's desk."""

    def make(role: str) -> Client:
        person = Person.objects.create_user(email=f"{role}@bo.example", password=None, name=role)
        Staff.objects.create(merchant=bo.merchant, person=person, role=role, since=NOW)
        return signed_in(person)

    return make


@pytest.fixture
def order(ann_actor: Actor, bo: Shop) -> Order:
    """Two pieces that Ann bought from Bo."""
    return paid(ann_actor, (product_of(bo.merchant), 2))[0]
