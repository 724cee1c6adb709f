"""Answers: the merchant's, once; the asker is told."""

from dataclasses import replace
from typing import Any

import pytest

from tests.cast import NOW, Shop, product_of
from wanku.access.actor import Actor
from wanku.audit.models import Act
from wanku.catalog.models import Question
from wanku.flows.talking.answer_question import answer_question
from wanku.flows.talking.ask_question import ask_question
from wanku.kernel.refusal import Refusal
from wanku.notices.models import Notice
from wanku.people.models import Person


@pytest.fixture
def question(ann_actor: Actor, bo: Shop) -> Question:
    """Ann's, on Bo's pot."""
    return ask_question(product_of(bo.merchant, slug="壶").pk, "能用洗碗机吗？", ann_actor, NOW)


def facts() -> Any:
    """Everything that an answer could change."""
    return list(Question.objects.values()), Notice.objects.count(), Act.objects.count()


def test_answered_once(question: Question, ann: Person, bo: Shop) -> None:
    answer_question(question.pk, "可以。\n请放上层。", bo.actor, NOW)
    question.refresh_from_db()
    assert (question.answer, question.answered_by, question.due_at) == ("可以。\n请放上层。", bo.owner.pk, None)
    told = Notice.objects.filter(kind="question_answered").order_by("channel")
    assert [(n.reader, n.channel, n.address) for n in told] == [
        (f"person:{ann.pk}", "email", "ann@example.com"),
        (f"person:{ann.pk}", "in_app", ""),
    ]
    assert told[0].link == "/p/bo/%E5%A3%B6/#questions"
    before = facts()
    with pytest.raises(Refusal) as refused:
        answer_question(question.pk, "不可以", bo.actor, NOW)
    assert refused.value.code.name == "already_answered"
    assert facts() == before


def test_refusals(question: Question, ann_actor: Actor, bo: Shop, cy: Shop, di_actor: Actor) -> None:
    before = facts()
    clerk = replace(bo.actor, seats={bo.merchant.pk: "clerk"})
    for actor, text, code in [
        (cy.actor, "可以", "not_found"),
        (ann_actor, "可以", "not_found"),
        (di_actor, "可以", "not_found"),
        (clerk, "可以", "not_allowed"),
        (replace(cy.actor, merchant_id=bo.merchant.pk), "可以", "not_allowed"),
        (bo.actor, " \u200b", "answer_missing"),
        (bo.actor, "字" * 1001, "text_too_long"),
    ]:
        with pytest.raises(Refusal) as refused:
            answer_question(question.pk, text, actor, NOW)
        assert refused.value.code.name == code
        assert facts() == before


def test_an_asker_who_left_is_not_told(question: Question, ann: Person, bo: Shop) -> None:
    ann.delete()
    answer_question(question.pk, "可以", bo.actor, NOW)
    assert not Notice.objects.filter(kind="question_answered").exists()
