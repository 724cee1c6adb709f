"""A reader asks about a product."""

from datetime import datetime, timedelta

from django.db import transaction

from wanku.access.actor import Actor
from wanku.audit.rules import due
from wanku.catalog.models import Product, Question
from wanku.catalog.questions import PER_DAY, tidy_question
from wanku.flows.talking._links import desk_questions
from wanku.flows.talking._recipients import desks
from wanku.kernel.refusal import NOT_FOUND, SIGN_IN, TOO_OFTEN, Refusal
from wanku.notices.tell import Message, tell
from wanku.people.models import Person


def ask_question(product_id: int, text: str, actor: Actor, now: datetime) -> Question:
    """Put a question on a product that is on sale; its merchant is told and should answer within 48 h.

    Raises:
        Refusal: ``sign_in`` for a guest (nobody could tell them the answer), ``not_found``, ``question_too_short``,
            ``text_too_long``, ``too_often`` after twenty questions within a day.
    """
    if actor.person_id is None:
        raise Refusal(SIGN_IN)
    text = tidy_question(text)
    with transaction.atomic():
        product = Product.objects.on_sale().select_related("merchant").filter(pk=product_id).first()
        if product is None:
            raise Refusal(NOT_FOUND)
        # One's own questions take turns, so that the count holds.
        Person.objects.select_for_update(no_key=True).get(pk=actor.person_id)
        recent = Question.objects.filter(asker_id=actor.person_id, asked_at__gt=now - timedelta(days=1))
        times = list(recent.order_by("-asked_at").values_list("asked_at", flat=True)[:PER_DAY])
        if len(times) == PER_DAY:
            raise Refusal(TOO_OFTEN, at=times[-1] + timedelta(days=1))
        question = Question.objects.create(
            product=product,
            merchant_id=product.merchant_id,
            asker_id=actor.person_id,
            text=text,
            asked_at=now,
            due_at=due("answer_question", now),
        )
        message = Message(
            cause=f"question:{question.pk}",
            kind="question_asked",
            to=desks([product.merchant])[product.merchant_id],
            facts={"title": product.title, "question": text},
            link=desk_questions(product.merchant),
        )
        tell([message], now=now)
        return question
