"""Old keys go, fresh ones stay."""

from datetime import timedelta

import pytest

from tests.cast import NOW
from wanku.flows.repeating.answer_once import answer_once
from wanku.flows.repeating.forget_keys import KEPT, forget_keys
from wanku.kernel.models import RequestKey

pytestmark = pytest.mark.django_db


def test_old_keys_go() -> None:
    for age in range(5):
        at = NOW - timedelta(days=age)
        answer_once(scope="person:1", key=f"key-{age}", body=None, act=lambda: (201, {}), now=at)
    assert forget_keys(now=NOW + timedelta(seconds=1), limit=1) == 1
    assert forget_keys(now=NOW + timedelta(seconds=1), limit=50) == 1
    assert forget_keys(now=NOW + timedelta(seconds=1), limit=50) == 0
    assert RequestKey.objects.count() == KEPT.days
