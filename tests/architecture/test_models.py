"""Tables: foreign keys point down the layers, nouns do not reach back, and the database knows every state."""

from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.db import models

from tests.architecture.test_layers import layers
from wanku.audit.models import Stateful

RANK = {name: rank for rank, layer in enumerate(reversed(layers())) for name in layer}


def ours() -> Iterator[type[models.Model]]:
    """Every model of Wanku."""
    return (model for model in apps.get_models() if model.__module__.startswith("wanku."))


def relations() -> Iterator[tuple[type[models.Model], Any]]:
    """Every foreign key, one-to-one and many-to-many field of ours, with its model."""
    return ((model, field) for model in ours() for field in model._meta.get_fields() if is_relation(field))


def is_relation(field: Any) -> bool:
    """Whether a field of this model, not one that another model added, points to a model."""
    return bool(field.is_relation and not field.auto_created and field.concrete)


def package(model: type[models.Model]) -> str:
    """``orders`` of `wanku.orders.models.Order`."""
    return model.__module__.split(".")[1]


def test_foreign_keys_point_down() -> None:
    wrong = []
    for model, field in relations():
        here, there = package(model), package(field.related_model)
        if here != there and RANK[there] >= RANK[here]:
            wrong.append(f"{here}.{model.__name__}.{field.name} points to {there}")
    assert wrong == []


def test_nouns_add_no_names_to_other_nouns() -> None:
    """``related_name="+"`` across nouns: nobody reads a neighbour's table through an attribute of one's own.

    Orders, parcels and payments hang on the noun right below them, and those names are part of the design.
    """
    agreed = {
        "payments.Attempt.trade",
        "payments.Refund.trade",
        "payments.Refund.order",
        "fulfilment.Parcel.order",
        "fulfilment.Booking.order",
        "reviews.Review.line",
    }
    wrong = []
    for model, field in relations():
        name = f"{package(model)}.{model.__name__}.{field.name}"
        across = package(model) != package(field.related_model)
        if across and not field.remote_field.hidden and name not in agreed:
            wrong.append(name)
    assert wrong == []


def stateful() -> list[type[Stateful]]:
    """Every model with a table of states."""
    return [model for model in ours() if issubclass(model, Stateful)]


def test_the_database_knows_every_state() -> None:
    assert len(stateful()) >= 6
    for model in stateful():
        checks = [c for c in model._meta.constraints if isinstance(c, models.CheckConstraint)]
        parts = [part for c in checks if isinstance(c.condition, models.Q) for part in c.condition.children]
        states = [set(part[1]) for part in parts if isinstance(part, tuple) and part[0] == "state__in"]
        assert states == [set(model.MACHINE.states())], model.__name__


def test_every_clock_has_an_index_for_its_sweeper() -> None:
    for model in stateful():
        if model.MACHINE.waiting or model.MACHINE.may_wait:
            indexed = {tuple(index.fields) for index in model._meta.indexes if index.condition is not None}
            assert ("due_at",) in indexed, model.__name__
