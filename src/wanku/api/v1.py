"""The API, version 1: every resource, strict JSON, problems for errors."""

from typing import Any

from ninja import NinjaAPI
from ninja.openapi.schema import OpenAPISchema
from ninja.operation import Operation

from wanku.api import openapi, problems
from wanku.api.callers import anyone
from wanku.api.resources import (
    bookings,
    cart,
    catalog,
    guests,
    invoices,
    journeys,
    licences,
    meals,
    members,
    offering,
    orders,
    reviews,
    rooms,
    selling,
    settlements,
    stays,
    trades,
    visits,
)
from wanku.api.wire import Renderer, StrictParser

DESCRIPTION = """\
Everything that the storefront and the merchant desk do for the main job, for programs.

Amounts are whole numbers of minor units (fen for CNY). Moments are ISO 8601 with a zone. Lists have a `limit` and a
`next_cursor`. Errors are RFC 9457 problems with a stable `code`; texts follow Accept-Language. Operations that create
take an `Idempotency-Key`, so that a repeat after a broken connection is harmless.
"""


class Document(OpenAPISchema):
    """The document, which also says where a caller is optional."""

    def operation_details(self, operation: Operation) -> dict[str, Any]:
        """One operation."""
        details = super().operation_details(operation)
        details[openapi.PUBLIC_MARK] = anyone in operation.auth_callbacks
        return details


class Api(NinjaAPI):
    """NinjaAPI with our parser, renderer, errors and document."""

    def get_openapi_operation_id(self, operation: Operation) -> str:
        """The function's name: short, unique, and a good name in a generated client."""
        return operation.view_func.__name__

    def get_openapi_schema(
        self, *, path_prefix: str | None = None, path_params: dict[str, Any] | None = None
    ) -> OpenAPISchema:
        """The document with problems in it."""
        root = self.get_root_path(path_params or {}) if path_prefix is None else path_prefix
        document = Document(self, root)
        openapi.complete(document)
        return document


def build() -> Api:
    """The API with its routers."""
    api = Api(
        title="Wanku",
        version="1",
        description=DESCRIPTION,
        urls_namespace="api-v1",
        docs_url=None,
        openapi_url="/openapi.json",
        parser=StrictParser(),
        renderer=Renderer(),
    )
    problems.register(api)
    buying = (guests, catalog, cart, rooms, trades, orders, bookings, licences, invoices, reviews, members)
    for module in (*buying, stays, journeys, visits, meals, selling, settlements, offering):
        api.add_router("", module.router)
    return api
