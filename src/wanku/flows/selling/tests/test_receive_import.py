"""Files that are no tables never reach the preview."""

import pytest

from tests.cast import NOW, Shop, category_of
from wanku.catalog.models import ImportFile
from wanku.flows.selling.receive_import import receive_import
from wanku.kernel.refusal import Refusal

pytestmark = pytest.mark.django_db
TABLE = b"handle,title,sku,price\na,A,A-1,1\n"


def test_kept_as_it_was_sent(bo: Shop) -> None:
    category = category_of()
    file = receive_import(bo.merchant.pk, TABLE, name="a.csv", fallback_id=category.pk, actor=bo.actor, now=NOW)
    assert (bytes(file.content), file.fallback_id, file.done_at) == (TABLE, category.pk, None)


def test_refusals(bo: Shop, cy: Shop) -> None:
    closed = category_of("closed", is_open=False)
    for content, fallback, actor, code in (
        (b"", None, bo.actor, "file_empty"),
        (b"a,b\n1,2\n", None, bo.actor, "unknown_form"),
        (b"%PDF-1.4\x00", None, bo.actor, "file_unreadable"),
        (TABLE, closed.pk, bo.actor, "bad_value"),
        (TABLE, 0, bo.actor, "bad_value"),
        (TABLE, None, cy.actor, "not_allowed"),
    ):
        with pytest.raises(Refusal) as caught:
            receive_import(bo.merchant.pk, content, name="a", fallback_id=fallback, actor=actor, now=NOW)
        assert caught.value.code.name == code
    assert not ImportFile.objects.exists()
