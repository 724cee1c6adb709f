"""A preview costs the same however long the file is."""

import pytest
from pytest_django import DjangoAssertNumQueries

from tests.cast import NOW, Shop, category_of
from wanku.flows.selling.preview_import import preview_import
from wanku.flows.selling.receive_import import receive_import

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("count", [1, 30])
def test_queries(bo: Shop, count: int, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    category_of()
    table = "handle,title,category,sku,price\n" + "".join(f"p{i},P,home,P-{i},1\n" for i in range(count))
    file = receive_import(bo.merchant.pk, table.encode(), name="a", fallback_id=None, actor=bo.actor, now=NOW)
    with django_assert_num_queries(8):
        _, plan = preview_import(file.pk, actor=bo.actor, now=NOW)
    assert plan.count("create") == count
