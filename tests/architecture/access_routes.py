"""Every way into the project: pages by URL patterns, API operations by their document, the front by its routes."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.test import Client
from django.urls import URLResolver, get_resolver

from tests.architecture.access_front import front_routes

PARAMETER = re.compile(r"<(?:\w+:)?(\w+)>|\(\?P<(\w+)>(?:[^()]|\([^()]*\))*\)|\{([a-z]\w*)\}")
API = "api-v1"


@dataclass(frozen=True)
class Route:
    """One way in.

    Attributes:
        name: namespace and name, e.g. ``storefront:order``, or an API operation, e.g. ``api:get_order``.
        path: with ``<parameter>`` in it.
        method: of an API operation; pages say theirs in the table.
        is_front: answered by the front itself, on its event loop.
    """

    name: str
    path: str
    method: str = ""
    is_front: bool = False

    def filled(self, values: dict[str, Any]) -> str:
        """The address with these values in it."""
        text = PARAMETER.sub(lambda found: str(values[next(filter(None, found.groups()))]), self.path)
        # The folder of a picture: any two hexadecimal digits, the route says.
        return text.replace("[0-9a-f]{2}", "00").replace("\\", "").replace("^", "").replace("$", "")

    def parameters(self) -> list[str]:
        """Names in the path."""
        return [next(filter(None, found)) for found in PARAMETER.findall(self.path)]


def routes() -> dict[str, Route]:
    """All of them, by name."""
    found = {route.name: route for route in _pages(get_resolver(), "/", "")}
    found |= {route.name: route for route in _operations()}
    return found | {name: Route(name, path, method, is_front=True) for name, path, method in front_routes()}


def _pages(resolver: URLResolver, before: str, namespace: str) -> Iterator[Route]:
    for pattern in resolver.url_patterns:
        path = before + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            inside = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            yield from _pages(pattern, path, inside)
        elif not namespace.startswith(f"{API}:"):
            yield Route(f"{namespace}{pattern.name or path}", path)


def _operations() -> Iterator[Route]:
    document = Client().get("/api/v1/openapi.json").json()
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            yield Route(f"api:{operation['operationId']}", path, method.upper())
