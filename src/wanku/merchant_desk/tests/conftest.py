"""Browsers of the cast at desks, and orders to work on."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.test import Client

from tests.cast import NOW, Shop, product_of
from wanku.access.actor import Actor
from wanku.merchants.models import Merchant, Staff
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
def paid(bo: Shop, guest_actor: Actor, db: None) -> Callable[..., Order]:
    """Makes a paid order of one product at Bo's, by the flows themselves."""
    from wanku.merchant_desk.tests.selling import sell

    product = product_of(bo.merchant, prices=(9900, 19900), stock=50)

    def make(quantity: int = 2, *, merchant: Merchant | None = None, **more: Any) -> Order:
        key: UUID | None = guest_actor.guest_key
        assert key is not None
        sold = product if merchant is None else product_of(merchant, stock=50)
        return sell(sold, quantity, guest_key=key, now=NOW + timedelta(seconds=Order.objects.count()), **more)

    return make
