"""Give a shop its products as a table."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from wanku.access.actor import Actor
from wanku.access.can import Permission, require
from wanku.catalog.sheets.write_table import as_csv, as_workbook
from wanku.flows.selling._sheet import load_sheet


def export_products(
    merchant_id: int,
    *,
    form: str,
    legend: Sequence[tuple[str, str, str, str]] = (),
    actor: Actor,
    now: datetime,
) -> bytes:
    """All products that were not removed, in our own form: importing the file again changes nothing.

    Args:
        form: ``csv`` or ``xlsx``.
        legend: rows that explain the columns, for the workbook's second sheet.

    Raises:
        Refusal: ``not_allowed``.
    """
    require(actor, Permission.PRODUCTS_EDIT, merchant_id)
    # One snapshot: products and stock of the same moment.
    with transaction.atomic():
        products = [told for _, told in load_sheet(merchant_id).values()]
    return as_workbook(products, legend) if form == "xlsx" else as_csv(products)
