"""The form by which a desk pays an order back: what is left, what was typed, and what would go back."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any, Final
from uuid import UUID

from django.http import QueryDict

from wanku.kernel.money import Money, from_major
from wanku.kernel.refusal import BAD_VALUE, Refusal, gettext_noop
from wanku.orders.models import Line, Order
from wanku.payments.refund_plan import BAD_NUMBER, Part, Plan, Refundable, Wanted, plan_refund
from wanku.payments.refundable import read_refundable

PREFIX: Final = "pieces."
BAD_AMOUNT: Final = gettext_noop("Write an amount such as 12.50.")


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the order in the form; ``field`` names its input."""

    line: Line
    part: Part
    field: str
    typed: str


@dataclass(frozen=True, slots=True)
class RefundForm:
    """Everything that the form shows.

    Attributes:
        plan: what would go back, once that was asked; its parts in words.
    """

    order: Order
    left: Refundable
    rows: Sequence[Row]
    typed: Mapping[str, Any]
    plan: Plan | None = None
    planned: Sequence[tuple[str, int, int, Money]] = ()

    @property
    def total(self) -> Money:
        """All that can still go back."""
        return Money(self.left.total, self.order.currency)

    @property
    def freight(self) -> Money:
        """The freight that can still go back."""
        return Money(self.left.freight, self.order.currency)

    @property
    def sum(self) -> Money | None:
        """What would go back."""
        return Money(self.plan.amount, self.order.currency) if self.plan is not None else None

    @property
    def planned_freight(self) -> Money | None:
        """The freight in it, if any."""
        return Money(self.plan.freight, self.order.currency) if self.plan is not None and self.plan.freight else None


def wanted_of(post: QueryDict, currency: str) -> Wanted:
    """What was typed.

    Raises:
        Refusal: ``bad_value`` with the field.
    """
    if post.get("everything"):
        return Wanted(everything=True)
    pieces: dict[UUID, int] = {}
    for name, value in post.items():
        text = str(value).strip()
        if not name.startswith(PREFIX) or not text:
            continue
        try:
            pieces[UUID(name.removeprefix(PREFIX))] = int(text[:9])
        except ValueError as error:
            raise Refusal(BAD_VALUE, field=name, problem=BAD_NUMBER) from error
    return Wanted(pieces, _amount(post.get("amount", ""), currency), freight=bool(post.get("freight")))


def _amount(text: str, currency: str) -> int:
    if not text.strip():
        return 0
    try:
        return from_major(Decimal(text.strip()[:20]), currency).amount
    except (InvalidOperation, ValueError) as error:
        raise Refusal(BAD_VALUE, field="amount", problem=BAD_AMOUNT) from error


def read_form(order: Order, post: QueryDict | None = None) -> RefundForm:
    """The form of an order; three queries. With what was typed it says what would go back.

    Raises:
        Refusal: as `wanted_of` and `wanku.payments.refund_plan.plan_refund`.
    """
    form = empty_form(order, post)
    if post is None:
        return form
    plan = plan_refund(form.left, wanted_of(post, order.currency))
    titles = {row.line.pk: _title(row.line) for row in form.rows}
    planned = [
        (titles[part.line_id], part.quantity, part.called_off, Money(part.amount, order.currency))
        for part in plan.parts
    ]
    return RefundForm(order, form.left, form.rows, form.typed, plan, planned)


def empty_form(order: Order, post: QueryDict | None = None) -> RefundForm:
    """The form with what was typed, whether or not it makes sense."""
    typed: Mapping[str, Any] = post.dict() if post is not None else {}
    lines = list(order.lines.all())
    left = read_refundable(order, lines)
    parts = {part.line_id: part for part in left.parts}
    rows = [Row(x, parts[x.pk], f"{PREFIX}{x.pk}", str(typed.get(f"{PREFIX}{x.pk}", ""))) for x in lines]
    return RefundForm(order, left, rows, typed)


def seen_of(post: QueryDict) -> int | None:
    """How many refunds the person saw."""
    text = post.get("seen", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 5 else None


def _title(line: Line) -> str:
    return f"{line.title} ({line.label})" if line.label else line.title
