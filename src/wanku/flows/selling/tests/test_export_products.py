"""What leaves as a table; the round trip is in ``test_import_products``."""

import pytest

from tests.cast import NOW, Shop, product_of
from wanku.catalog.sheets.read_table import read_table
from wanku.flows.selling.export_products import export_products

pytestmark = pytest.mark.django_db


def test_only_ones_own_and_none_that_were_removed(bo: Shop, cy: Shop) -> None:
    product_of(bo.merchant, "Mine", prices=(100, 200), slug="mine")
    product_of(bo.merchant, "Gone", state="removed", slug="gone")
    product_of(cy.merchant, "Theirs", slug="theirs")
    table = read_table(export_products(bo.merchant.pk, form="csv", actor=bo.actor, now=NOW))
    assert [row[:2] for _, row in table.rows] == [("mine", "Mine"), ("mine", "")]


def test_an_empty_shop_gets_the_headings(bo: Shop) -> None:
    assert export_products(bo.merchant.pk, form="csv", actor=bo.actor, now=NOW).startswith("\ufeffhandle,".encode())
