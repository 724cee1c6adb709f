"""What the tests of the API share: clients for each kind of caller."""

from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from django.db import connections

from tests.cast import NOW, Shop, product_of
from wanku.access.actor import Actor
from wanku.access.scopes import MERCHANT_SCOPES, PERSON_SCOPES
from wanku.api.callers import new_token
from wanku.api.limits import BUCKETS
from wanku.api.tests.caller import Api, key_of
from wanku.catalog.models import Product
from wanku.flows.buying.place_order import GATHERED
from wanku.people.models import Person


@pytest.fixture(autouse=True)
def _fresh_buckets() -> Iterator[None]:
    BUCKETS.clear()
    yield
    BUCKETS.clear()


@pytest.fixture
def anybody(db: None) -> Api:
    """A program that shows nothing."""
    return Api({})


@pytest.fixture
def ann_api(ann: Person) -> Api:
    """Ann's program with a key of all scopes."""
    return key_of(ann, *PERSON_SCOPES)


@pytest.fixture
def guest_api(db: None, guest_actor: Any) -> Api:
    """A guest's program."""
    return Api({"X-Guest-Token": new_token(guest_actor.guest_key)})


@pytest.fixture
def bo_api(bo: Shop) -> Api:
    """Bo's program at Bo's desk."""
    return key_of(bo.owner, *MERCHANT_SCOPES, merchant_id=bo.merchant.pk)


@pytest.fixture(autouse=True)
def _now() -> Iterator[None]:
    """The moment of requests is the cast's."""
    with time_machine.travel(NOW, tick=True):
        yield


@pytest.fixture
def gathered(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Orders are gathered as in a process that serves, and threads keep no connection to the test database."""
    monkeypatch.setitem(connections["default"].settings_dict, "CONN_MAX_AGE", 0)
    GATHERED.open()
    yield
    GATHERED.close()


@pytest.fixture
def tea(bo: Shop) -> Product:
    """Enough of it for a crowd."""
    return product_of(bo.merchant, stock=1_000)


@pytest.fixture
def guest(guest_actor: Actor) -> dict[str, str]:
    """Headers of a guest's program."""
    assert guest_actor.guest_key is not None
    return {"X-Guest-Token": new_token(guest_actor.guest_key)}
