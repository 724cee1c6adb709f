"""Rendering a piece of template as a page would."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from django.template import Context, Template
from django.test import RequestFactory
from django.utils import timezone, translation

NOW = datetime(2026, 5, 3, 4, 5, 6, tzinfo=UTC)

Render = Callable[..., str]


@pytest.fixture(autouse=True)
def english_in_shanghai() -> Iterator[None]:
    """Every test starts with one language and zone, whatever ran before."""
    with translation.override("en"), timezone.override("Asia/Shanghai"):
        yield


@pytest.fixture
def render() -> Render:
    """Renders template text with variables; ``now`` is fixed."""

    def draw(text: str, **variables: Any) -> str:
        request = RequestFactory().get("/somewhere?q=tea&page=2")
        context = Context({"now": NOW, "request": request, **variables})
        context.request = request  # type: ignore[attr-defined]
        return Template(text).render(context)

    return draw
