"""The API keeps what its OpenAPI document says, whatever it is sent: no 5xx, documented statuses, documented shapes."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from hypothesis import HealthCheck, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    negative_data_rejection,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from tests.bought import paid, placed
from tests.cast import NOW, Shop, product_of
from wanku.access.actor import Actor
from wanku.api import limits
from wanku.api.tests.caller import Api, assert_problem
from wanku.project.wsgi import application
from wanku.waiting_room.join import join

CONFIG = schemathesis.Config.from_dict(
    {
        "phases": {
            "coverage": {"enabled": True, "unexpected-methods": []},
            "stateful": {"enabled": False},
        },
        "checks": {"negative_data_rejection": {"expected-statuses": ["4xx"]}},
        "generation": {"deterministic": True, "database": "none"},
    }
)
SHAPES = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
# The channel would be asked over the network; its flow and its own tests speak to the sandbox bank instead.
NETWORK = {"create_attempt"}

schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", application, config=CONFIG)


@pytest.fixture
def _one_connection() -> Iterator[None]:
    """Requests share the test's connection and transaction, as they do with Django's own test client."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.fixture
def world(_one_connection: None, ann_actor: Actor, bo: Shop, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """Things that exist, by the names of path parameters."""
    monkeypatch.setattr(limits, "spend", lambda *_: None)
    product = product_of(bo.merchant, stock=1000)
    order = paid(ann_actor, (product, 2))[0]
    trade = placed(ann_actor, (product, 1))
    product.waiting_room = True
    product.save()
    join(product.pk, f"person:{ann_actor.person_id}", wish={}, now=NOW, due_at=NOW)
    return {"product_id": product.pk, "slug": "bo", "trade": trade.number, "order": order.number}


def real_path(path: str, world: dict[str, Any]) -> dict[str, Any]:
    """Path parameters that lead to something that exists."""
    number = world["trade"] if path.startswith("/api/v1/trades") else world["order"]
    known = {**world, "number": number, "line_id": "01a1ffa3-c434-77ab-9b7a-fda058baef61"}
    return {name: known.get(name, 1) for name in re.findall(r"{(\w+)}", path)}


def caller_of(path: str, ann_api: Api, bo_api: Api) -> dict[str, str]:
    """The desk's program for the desk, a buyer's for the rest."""
    return (bo_api if path.startswith("/api/v1/merchants/{slug}/") else ann_api).headers


@pytest.mark.slow
@schema.exclude(operation_id=list(NETWORK)).parametrize()
@settings(max_examples=4, deadline=None, suppress_health_check=list(HealthCheck))
def test_whatever_is_sent(case: schemathesis.Case[Any], world: dict[str, Any], ann_api: Api, bo_api: Api) -> None:
    headers = caller_of(case.operation.path, ann_api, bo_api)
    case.call_and_validate(headers=headers, checks=[*SHAPES, negative_data_rejection])
    if case.path_parameters and case.meta is not None and case.meta.generation.mode.is_positive:
        case.path_parameters = real_path(case.operation.path, world)
        case.call_and_validate(headers=headers, checks=SHAPES)


def operations() -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Method, path and description of every operation."""
    for path, item in schema.raw_schema["paths"].items():
        for method, operation in item.items():
            yield method.upper(), path, operation


def test_every_operation_that_needs_a_caller_asks_for_one(anybody: Api, world: dict[str, Any]) -> None:
    closed = [(m, p) for m, p, operation in operations() if {} not in operation["security"]]
    assert len(closed) > 40
    for method, path in closed:
        real = path.format(**real_path(path, world)).removeprefix("/api/v1")
        assert_problem(anybody(method, real), 401, "sign_in")
        assert_problem(anybody(method, real, Authorization="Bearer wk_wrong"), 401, "bad_key")


def test_no_operation_hides_another(anybody: Api, world: dict[str, Any]) -> None:
    for method, path, _ in operations():
        answer = anybody(method, path.format(**real_path(path, world)).removeprefix("/api/v1"))
        assert answer.status_code != 405, (method, path)
