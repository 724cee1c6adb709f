"""One effect for each key, under repeats, refusals and races."""

import threading
from collections.abc import Callable
from typing import Any

import pytest

from tests.at_once import at_once
from tests.cast import NOW, category_of
from wanku.catalog.models import Category
from wanku.flows.repeating import _key
from wanku.flows.repeating.answer_once import Answer, answer_once
from wanku.kernel.models import RequestKey
from wanku.kernel.refusal import NOT_FOUND, Refusal

CALL: dict[str, Any] = {"scope": "person:1", "key": "key-00000001", "body": {"a": 1}, "now": NOW}


def work(slug: str = "made") -> Callable[[], tuple[int, Any]]:
    """Makes one category."""

    def act() -> tuple[int, Any]:
        Category.objects.create(slug=slug, path=slug, names={"zh-hans": "x"})
        return 201, {"slug": slug}

    return act


@pytest.mark.django_db
def test_a_repeat_gets_the_first_answer() -> None:
    assert answer_once(**CALL, act=work()) == Answer(201, {"slug": "made"}, repeated=False)
    assert answer_once(**CALL, act=work()) == Answer(201, {"slug": "made"}, repeated=True)
    assert Category.objects.count() == 1


@pytest.mark.django_db
def test_another_body_is_refused() -> None:
    answer_once(**CALL, act=work())
    with pytest.raises(Refusal, match="request_key_reused"):
        answer_once(**{**CALL, "body": {"a": 2}}, act=work("other"))
    assert Category.objects.count() == 1


@pytest.mark.django_db
def test_another_caller_has_keys_of_their_own() -> None:
    answer_once(**CALL, act=work())
    assert not answer_once(**{**CALL, "scope": "person:2"}, act=work("other")).repeated


@pytest.mark.django_db
def test_a_refusal_frees_the_key_and_leaves_nothing() -> None:
    def refuse() -> tuple[int, Any]:
        category_of("half")
        raise Refusal(NOT_FOUND)

    with pytest.raises(Refusal, match="not_found"):
        answer_once(**CALL, act=refuse)
    assert not RequestKey.objects.exists()
    assert not Category.objects.exists()
    assert not answer_once(**CALL, act=work()).repeated


@pytest.mark.django_db(transaction=True)
def test_many_at_once_have_one_effect() -> None:
    answers = at_once(*[lambda: answer_once(**CALL, act=work())] * 8)
    assert all(isinstance(answer, Answer) for answer in answers), answers
    assert [answer.repeated for answer in answers if isinstance(answer, Answer)].count(False) == 1
    assert Category.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_long_wait_ends_with_a_word(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_key, "WAIT", "50ms")
    started, done = threading.Event(), threading.Event()

    def slow() -> tuple[int, Any]:
        started.set()
        done.wait(10)
        return 201, {}

    def second() -> Answer:
        started.wait(10)
        try:
            return answer_once(**CALL, act=work())
        finally:
            done.set()

    first, refused = at_once(lambda: answer_once(**CALL, act=slow), second)
    assert first == Answer(201, {}, repeated=False)
    assert isinstance(refused, Refusal)
    assert refused.code is _key.IN_FLIGHT
    assert not Category.objects.exists()
