"""Questions that wait: reminded at doubling distances, never twice for one."""

from datetime import timedelta

import pytest

from tests.at_once import at_once
from tests.cast import NOW, Shop, product_of
from wanku.access.actor import Actor
from wanku.catalog.models import Question
from wanku.flows.talking.answer_question import answer_question
from wanku.flows.talking.ask_question import ask_question
from wanku.flows.talking.remind_questions import remind_questions
from wanku.notices.models import Notice

DAY = timedelta(days=1)


def told() -> int:
    """Reminders in the app."""
    return Notice.objects.filter(kind="question_waiting", channel="in_app").count()


def test_doubling(ann_actor: Actor, bo: Shop) -> None:
    question = ask_question(product_of(bo.merchant).pk, "能用洗碗机吗？", ann_actor, NOW)
    assert remind_questions(now=NOW + 2 * DAY - timedelta(seconds=1), limit=10) == 0
    for days, next_days in ((2, 4), (4, 8), (9, 16)):
        assert remind_questions(now=NOW + days * DAY, limit=10) == 1
        question.refresh_from_db()
        assert question.due_at == NOW + next_days * DAY
        assert remind_questions(now=NOW + days * DAY, limit=10) == 0
    assert told() == 3
    answer_question(question.pk, "可以", bo.actor, NOW + 10 * DAY)
    assert remind_questions(now=NOW + 99 * DAY, limit=10) == 0


@pytest.mark.django_db(transaction=True)
def test_two_sweepers(ann_actor: Actor, bo: Shop) -> None:
    product = product_of(bo.merchant)
    for number in range(6):
        ask_question(product.pk, f"问题 {number} 是什么？", ann_actor, NOW)
    later = NOW + 3 * DAY
    done = at_once(*[lambda: remind_questions(now=later, limit=4)] * 3)
    assert all(isinstance(count, int) for count in done), done
    while remind_questions(now=later, limit=4):
        pass
    assert told() == 6
    assert Question.objects.filter(due_at__lte=later).count() == 0
