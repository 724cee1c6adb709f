"""Questions: by members, on what is on sale, not too many."""

from datetime import timedelta
from typing import Any

import pytest

from tests.cast import NOW, Shop, product_of
from wanku.access.actor import Actor
from wanku.catalog.models import Product, Question
from wanku.flows.talking.ask_question import ask_question
from wanku.kernel.refusal import Refusal
from wanku.notices.models import Notice


def facts() -> Any:
    """Everything that a question could change."""
    return Question.objects.count(), Notice.objects.count()


def test_asked(ann_actor: Actor, bo: Shop) -> None:
    product = product_of(bo.merchant, slug="壶")
    question = ask_question(product.pk, " 能用洗碗机吗？\n", ann_actor, NOW)
    assert (question.text, question.asked_at) == ("能用洗碗机吗？", NOW)
    assert question.due_at == NOW + timedelta(hours=48)
    notice = Notice.objects.get()
    assert (notice.reader, notice.kind, notice.channel) == (f"merchant:{bo.merchant.pk}", "question_asked", "in_app")


@pytest.mark.parametrize(
    ("text", "code"), [("", "question_too_short"), ("吗？", "question_too_short"), ("字" * 301, "text_too_long")]
)
def test_texts(ann_actor: Actor, bo: Shop, text: str, code: str) -> None:
    product = product_of(bo.merchant)
    with pytest.raises(Refusal) as refused:
        ask_question(product.pk, text, ann_actor, NOW)
    assert (refused.value.code.name, refused.value.field) == (code, "text")
    assert facts() == (0, 0)


def test_who_and_what(ann_actor: Actor, guest_actor: Actor, bo: Shop) -> None:
    product = product_of(bo.merchant)
    off = product_of(bo.merchant, state="off")
    for number, actor, code in [
        (product.pk, guest_actor, "sign_in"),
        (off.pk, ann_actor, "not_found"),
        (0, ann_actor, "not_found"),
    ]:
        with pytest.raises(Refusal) as refused:
            ask_question(number, "能用洗碗机吗？", actor, NOW)
        assert refused.value.code.name == code
    assert facts() == (0, 0)


def test_twenty_a_day(ann_actor: Actor, bo: Shop) -> None:
    product: Product = product_of(bo.merchant)
    for minute in range(20):
        ask_question(product.pk, f"问题 {minute} 是什么？", ann_actor, NOW + timedelta(minutes=minute))
    before = facts()
    with pytest.raises(Refusal) as refused:
        ask_question(product.pk, "还有一个问题", ann_actor, NOW + timedelta(hours=1))
    assert (refused.value.code.name, refused.value.facts["at"]) == ("too_often", NOW + timedelta(days=1))
    assert facts() == before
    ask_question(product.pk, "还有一个问题", ann_actor, NOW + timedelta(days=1))
