"""Pages of a list: a limit, and an opaque cursor that says where the next page starts."""

import base64
import json
from datetime import datetime
from typing import Annotated, Any, Final, Generic, TypeVar
from uuid import UUID

from django.db.models import Model, Q, QuerySet, UUIDField
from ninja import Query
from pydantic import Field

from wanku.api.fields import BIGINT_MAX, Plain, Shape
from wanku.kernel.refusal import Code, Refusal, gettext_noop
from wanku.ledger.models import Posting
from wanku.ledger.statement import Place

LIMIT_DEFAULT: Final = 20
LIMIT_MAX: Final = 100
OFFSET_MAX: Final = 5_000
"""Nobody reads further in a search; counting further would cost more than it is worth."""
BAD_CURSOR: Final = Code("bad_cursor", gettext_noop("This is no cursor of this list. Start again without one."), 422)

Limit = Annotated[int, Query(ge=1, le=LIMIT_MAX, description="Entries of one page.")]
Cursor = Annotated[
    Plain | None,
    Query(max_length=200, description="`next_cursor` of the page before; leave it out for the first page."),
]

Item = TypeVar("Item", bound=Shape)
Row = TypeVar("Row", bound=Model)


class Page(Shape, Generic[Item]):
    """One page of a list."""

    items: list[Item]
    next_cursor: str | None = Field(description="Ask for the next page with this; null on the last page.")


def newest(rows: "QuerySet[Row]", field: str, cursor: str | None, limit: int) -> tuple[list[Row], str | None]:
    """One page of ``rows``, latest ``field`` first, ties by key.

    The page starts behind a row and not at a count, so that new rows neither repeat nor hide others.

    Args:
        field: name of a column that is never null and holds moments.

    Raises:
        Refusal: ``bad_cursor``.
    """
    if cursor is not None:
        moment, key = _read(cursor, rows.model)
        rows = rows.filter(Q(**{f"{field}__lt": moment}) | Q(**{field: moment, "pk__lt": key}))
    found = list(rows.order_by(f"-{field}", "-pk")[: limit + 1])
    more = len(found) > limit
    found = found[:limit]
    return found, _write([getattr(found[-1], field).isoformat(), str(found[-1].pk)]) if more else None


def place(cursor: str | None) -> Place | None:
    """The place in a statement where the page before ended.

    Raises:
        Refusal: ``bad_cursor``.
    """
    return None if cursor is None else Place(*_read(cursor, Posting))


def written(place: Place | None) -> str | None:
    """What `place` reads."""
    return None if place is None else _write([place.at.isoformat(), str(place.id)])


def by_key(rows: "QuerySet[Row]", cursor: str | None, limit: int) -> tuple[list[Row], str | None]:
    """One page of rows whose keys only grow, latest first.

    Raises:
        Refusal: ``bad_cursor``.
    """
    if cursor is not None:
        key = _decode(cursor)
        if not isinstance(key, int) or isinstance(key, bool) or not 0 <= key <= BIGINT_MAX:
            raise Refusal(BAD_CURSOR, field="cursor")
        rows = rows.filter(pk__lt=key)
    found = list(rows.order_by("-pk")[: limit + 1])
    more = len(found) > limit
    found = found[:limit]
    return found, _write(found[-1].pk) if more else None


def counted(rows: "QuerySet[Row]", cursor: str | None, limit: int) -> tuple[list[Row], str | None]:
    """One page of ``rows`` in an order of their own (a search), by count: deep pages end at `OFFSET_MAX`.

    Raises:
        Refusal: ``bad_cursor``.
    """
    start = 0 if cursor is None else _decode(cursor)
    if not isinstance(start, int) or isinstance(start, bool) or not 0 <= start <= OFFSET_MAX:
        raise Refusal(BAD_CURSOR, field="cursor")
    found = list(rows[start : start + limit + 1])
    following = start + limit
    more = len(found) > limit and following <= OFFSET_MAX
    return found[:limit], _write(following) if more else None


def _write(value: Any) -> str:
    return base64.urlsafe_b64encode(json.dumps(value, separators=(",", ":")).encode()).decode().rstrip("=")


def _decode(cursor: str) -> Any:
    try:
        return json.loads(base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True))
    except (ValueError, RecursionError) as error:
        raise Refusal(BAD_CURSOR, field="cursor") from error


def _read(cursor: str, model: type[Model]) -> tuple[datetime, Any]:
    try:
        moment_text, key_text = _decode(cursor)
        moment = datetime.fromisoformat(moment_text)
        key: Any = UUID(key_text) if isinstance(model._meta.pk, UUIDField) else int(key_text)  # noqa: SLF001 public API
    except (ValueError, TypeError, AttributeError) as error:
        raise Refusal(BAD_CURSOR, field="cursor") from error
    if moment.tzinfo is None or (isinstance(key, int) and not 0 <= key <= BIGINT_MAX):
        raise Refusal(BAD_CURSOR, field="cursor")
    return moment, key
