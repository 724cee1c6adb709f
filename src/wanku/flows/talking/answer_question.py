"""A merchant answers a question on its product."""

from datetime import datetime

from django.db import transaction

from wanku.access.actor import Actor
from wanku.access.can import Permission, require
from wanku.audit.record import record
from wanku.catalog.models import Question
from wanku.catalog.questions import ALREADY_ANSWERED, tidy_answer
from wanku.flows.talking._links import product_page
from wanku.flows.talking._recipients import member
from wanku.kernel.refusal import NOT_FOUND, Refusal
from wanku.notices.tell import Message, tell


def answer_question(question_id: int, text: str, actor: Actor, now: datetime) -> Question:
    """Answer a question at the actor's desk, once; the asker is told.

    Raises:
        Refusal: ``not_found`` for another desk's question, ``not_allowed``, ``sign_in``, ``already_answered``,
            ``answer_missing``, ``text_too_long``.
    """
    text = tidy_answer(text)
    with transaction.atomic():
        questions = Question.objects.select_for_update(no_key=True, of=("self",)).select_related(
            "product__merchant", "asker"
        )
        question = questions.filter(pk=question_id, merchant_id=actor.merchant_id or 0).first()
        if question is None:
            raise Refusal(NOT_FOUND)
        require(actor, Permission.QUESTIONS_ANSWER, question.merchant_id)
        if question.answered_at is not None:
            raise Refusal(ALREADY_ANSWERED)
        question.answer = text
        question.answered_at = now
        question.answered_by = actor.person_id
        question.due_at = None
        question.save(update_fields=["answer", "answered_at", "answered_by", "due_at"])
        record(
            "answer_question",
            actor_id=actor.person_id,
            subject_type="question",
            subject_id=question.pk,
            merchant_id=question.merchant_id,
            now=now,
        )
        if question.asker is not None:
            product = question.product
            facts = {"shop": product.merchant.name, "title": product.title, "question": question.text, "answer": text}
            message = Message(
                cause=f"answer:{question.pk}",
                kind="question_answered",
                to=member(question.asker),
                facts=facts,
                link=product_page(product),
                email=True,
            )
            tell([message], now=now)
        return question
