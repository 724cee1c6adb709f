"""Refunds as their buyer sees them: for what, how far, and when the money shows up."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext, pgettext
from django.utils.translation import gettext as _

from wanku.audit.models import Move
from wanku.kernel.money import Money
from wanku.orders.models import Line
from wanku.payments.gateways import arrival
from wanku.payments.models import Refund
from wanku.payments.states import FAILED, STUCK, SUCCEEDED
from wanku.ui.words import money_text


@dataclass(frozen=True, slots=True)
class RefundView:
    """One refund.

    Attributes:
        parts: what it is for, in words.
        steps: of the step bar: decided, handed to the payment service, arrived.
        said: what is to be known now, a sentence.
    """

    refund: Refund
    parts: tuple[str, ...]
    steps: tuple[Mapping[str, Any], ...]
    said: str


def read_refunds(refunds: Iterable[Refund], lines: Mapping[UUID, Line], moves: Sequence[Move] = ()) -> list[RefundView]:
    """Views of refunds, with their attempts loaded.

    Args:
        lines: the order's, by id; empty for money that no order got.
        moves: of the trade, where they are known already; else they are asked for.
    """
    found = list(refunds)
    if not found:
        return []
    ids = {str(refund.pk) for refund in found}
    if not moves:
        asked = Move.objects.filter(
            trade_id__in={refund.trade_id for refund in found}, subject_type="refund", event="send"
        )
        moves = list(asked.order_by("pk"))
    sent: dict[str, datetime] = {}
    for move in moves:
        if move.subject_type == "refund" and move.event == "send" and move.subject_id in ids:
            sent.setdefault(move.subject_id, move.at)
    return [
        RefundView(refund, _parts(refund, lines), tuple(_steps(refund, sent.get(str(refund.pk)))), _said(refund))
        for refund in found
    ]


def _parts(refund: Refund, lines: Mapping[UUID, Line]) -> tuple[str, ...]:
    if not lines:
        return ()
    found = []
    for part in refund.lines.all():
        line, sum_ = lines[part.line_id], money_text(Money(part.amount, refund.currency))
        title = f"{line.title} ({line.label})" if line.label else line.title
        found.append(f"{title} × {part.quantity} · {sum_}" if part.quantity else f"{title} · {sum_}")
    if refund.freight:
        found.append(f"{_('Freight')} · {money_text(Money(refund.freight, refund.currency))}")
    return tuple(found)


def _steps(refund: Refund, sent: datetime | None) -> list[Mapping[str, Any]]:
    done = refund.state == SUCCEEDED
    broken = refund.state in (FAILED, STUCK)
    on_way = "done" if done else "now" if sent is not None and not broken else "stopped" if broken else "todo"
    labels = (
        pgettext("refund step", "Decided"),
        pgettext("refund step", "At the payment service"),
        pgettext("refund step", "Paid back"),
    )
    return [
        {"label": labels[0], "state": "done" if sent or done else "now", "at": refund.created_at},
        {"label": labels[1], "state": on_way, "at": sent},
        {"label": labels[2], "state": "done" if done else "todo", "at": refund.succeeded_at if done else None},
    ]


def _said(refund: Refund) -> str:
    if refund.state == SUCCEEDED and refund.route:
        return _("We transferred it to you as agreed, with the number %(reference)s.") % {"reference": refund.reference}
    if refund.state in (FAILED, STUCK):
        return _("It did not go through yet. We keep trying and look after it; you need to do nothing.")
    arrives = gettext(arrival(refund.attempt.gateway, refund.attempt.method))
    if refund.state == SUCCEEDED:
        return _("It went back the way the payment came. %(arrives)s") % {"arrives": arrives}
    return _("It goes back the way the payment came. %(arrives)s") % {"arrives": arrives}
