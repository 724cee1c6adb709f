"""A buyer reviews what was received."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction

from wanku.access.actor import Actor
from wanku.audit.move import note
from wanku.catalog.count_review import count_review
from wanku.flows.reviewing._pictures import require_own
from wanku.fulfilment.models import ParcelLine
from wanku.fulfilment.states import SHIPPED
from wanku.kernel.refusal import NOT_FOUND, Refusal, refuse_all
from wanku.kernel.text import mask_name
from wanku.orders.clocks import seconds_of
from wanku.orders.models import Line, Order
from wanku.orders.states import COMPLETED, FULFILLED
from wanku.people.models import Person
from wanku.reviews.add_review import add_pictures, add_review
from wanku.reviews.models import Review
from wanku.reviews.rules import NOT_RECEIVED, check_count, check_open, check_scores, tidy_text


def write_review(
    line_id: UUID,
    *,
    goods: int,
    service: int,
    delivery: int,
    text: str,
    picture_ids: Sequence[UUID],
    actor: Actor,
    now: datetime,
) -> Review:
    """Review one line, once, within the window that was frozen with the order (rule ``review_window``).

    A line is received when its order is completed, or, before that, when every parcel with pieces of it was delivered.

    Args:
        goods, service, delivery: scores from one to five.
        picture_ids: at most nine public pictures that the buyer uploaded.

    Raises:
        Refusal: ``not_found`` for anyone but the buyer, ``not_received``, ``review_over``, ``already_reviewed``, and
            per field ``bad_score``, ``text_too_long``, ``too_many_pictures``, ``not_your_picture``.
    """
    refusals = check_scores({"goods": goods, "service": service, "delivery": delivery})
    refusals += check_count(len(picture_ids))
    text = tidy_text(text, field="text", required=False, refusals=refusals)
    refuse_all(refusals)
    with transaction.atomic():
        line = _own_line(line_id, actor)
        check_open(_received_at(line, now), seconds_of(line.order, "review_window"), now)
        review = add_review(
            line,
            scores=(goods, service, delivery),
            text=text,
            author_id=actor.person_id,
            author_name=_shown_name(line.order, actor),
            now=now,
        )
        add_pictures(review, require_own(picture_ids, actor))
        count_review(line.product_id, score=goods, reviews=1)
        facts = {"review": review.pk, "line": str(line.pk), "title": line.title, "goods": goods}
        note(line.order, "review", by=actor.as_buyer(), now=now, facts=facts)
        return review


def _own_line(line_id: UUID, actor: Actor) -> Line:
    """The line under lock, which also makes two reviews of it take turns."""
    lines = Line.objects.select_for_update(no_key=True, of=("self",)).select_related("order__trade")
    line = lines.filter(pk=line_id, order__in=Order.objects.bought_by(actor)).first()
    if line is None:
        raise Refusal(NOT_FOUND)
    return line


def _received_at(line: Line, now: datetime) -> datetime:
    order = line.order
    if not line.standing:
        raise Refusal(NOT_RECEIVED)
    if order.state == COMPLETED and order.completed_at is not None:
        return order.completed_at
    if order.state == FULFILLED:
        waiting = ParcelLine.objects.filter(line=line, parcel__state=SHIPPED).exists()
        if not waiting:
            return now
    raise Refusal(NOT_RECEIVED)


def _shown_name(order: Order, actor: Actor) -> str:
    if actor.person_id is None:
        return mask_name(order.trade.contact_name)
    person = Person.objects.get(pk=actor.person_id)
    return mask_name(person.name or order.trade.contact_name)
