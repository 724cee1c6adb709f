"""Files of codes, before anything of them is for sale."""

import io
from dataclasses import replace
from datetime import timedelta

import pytest
from openpyxl import Workbook

from tests.cast import NOW, Shop
from wanku.flows.offering._codes import read_codes
from wanku.flows.offering.receive_codes import receive_codes
from wanku.kernel.refusal import Refusal
from wanku.kinds.issue.models import CodeFile, LicencePlan, Source
from wanku.kinds.issue.tests.selling import plan_of

FILE = b"code,batch\nAAAA-1111,7\nBBBB-2222,7\n"


def receive(bo: Shop, plan: LicencePlan, content: bytes = FILE) -> CodeFile:
    """A file that waits."""
    product_id = plan.variant.product_id
    return receive_codes(product_id, plan.pk, content, name="codes.csv", actor=bo.actor, now=NOW)


def workbook(rows: list[str]) -> bytes:
    book, out = Workbook(write_only=True), io.BytesIO()
    sheet = book.create_sheet()
    for row in rows:
        sheet.append([row])
    book.save(out)
    return out.getvalue()


@pytest.mark.parametrize(
    ("content", "rows"),
    [
        (FILE, [(2, "AAAA-1111"), (3, "BBBB-2222")]),
        ("卡密\nAAAA-1111\n".encode("gb18030"), [(2, "AAAA-1111")]),
        (b"AAAA-1111\nBBBB-2222\n", [(1, "AAAA-1111"), (2, "BBBB-2222")]),
        (b"AAAA-1111", [(2, "AAAA-1111")]),
    ],
    ids=["column", "chinese", "bare list", "one"],
)
def test_lists_and_tables_are_read(content: bytes, rows: list[tuple[int, str]]) -> None:
    assert read_codes(content) == rows


def test_workbooks_are_read() -> None:
    assert read_codes(workbook(["code", "AAAA-1111"])) == [(2, "AAAA-1111")]


@pytest.mark.django_db
def test_a_file_waits_encrypted(bo: Shop) -> None:
    plan = plan_of(bo.merchant, source=Source.POOL, stock=0)
    old = receive(bo, plan)
    CodeFile.objects.filter(pk=old.pk).update(received_at=NOW - timedelta(days=2))
    file = receive(bo, plan)
    assert "1111" not in file.sealed
    assert list(CodeFile.objects.all()) == [file]


@pytest.mark.django_db
def test_refusals(bo: Shop, cy: Shop) -> None:
    pool, ours = plan_of(bo.merchant, source=Source.POOL, stock=0), plan_of(bo.merchant)
    clerk = replace(bo.actor, seats={bo.merchant.pk: "clerk"})
    cases = [
        (pool, pool, FILE, cy.actor, "not_found"),
        (pool, pool, FILE, clerk, "not_allowed"),
        (ours, pool, FILE, bo.actor, "not_found"),
        (ours, ours, FILE, bo.actor, "not_a_pool"),
        (pool, pool, b"a,b\n1,2\n", bo.actor, "no_code_column"),
        (pool, pool, b"code\n", bo.actor, "file_empty"),
        (pool, pool, b"", bo.actor, "file_empty"),
    ]
    for product, plan, content, actor, name in cases:
        with pytest.raises(Refusal) as no:
            receive_codes(product.variant.product_id, plan.pk, content, name="x", actor=actor, now=NOW)
        assert no.value.code.name == name
    assert not CodeFile.objects.exists()
