"""A request key has one effect."""

import pytest

from tests.cast import NOW
from wanku.kernel.models import RequestKey
from wanku.kernel.once import claim, digest, remember
from wanku.kernel.refusal import Refusal

pytestmark = pytest.mark.django_db


def test_a_claimed_key_remembers_its_answer() -> None:
    row = claim(scope="person:1", key="k", body={"a": 1, "b": 2}, now=NOW)
    assert row.status is None
    remember(row, status=201, answer={"id": 7})
    again = claim(scope="person:1", key="k", body={"b": 2, "a": 1}, now=NOW)
    assert (again.pk, again.status, again.answer) == (row.pk, 201, {"id": 7})
    assert claim(scope="person:2", key="k", body={}, now=NOW).status is None


def test_another_body_is_refused() -> None:
    claim(scope="person:1", key="k", body={"a": 1}, now=NOW)
    with pytest.raises(Refusal) as no:
        claim(scope="person:1", key="k", body={"a": 2}, now=NOW)
    assert no.value.code.name == "request_key_reused" and RequestKey.objects.count() == 1


def test_digests_ignore_the_order_of_keys() -> None:
    assert digest({"a": 1, "b": [1, 2]}) == digest({"b": [1, 2], "a": 1}) != digest({"b": [2, 1], "a": 1})
