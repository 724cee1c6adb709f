"""Take over the good products of a file that was looked at."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from wanku.access.actor import Actor
from wanku.access.can import Permission, require
from wanku.audit.record import record
from wanku.catalog.delist_product import delist_product
from wanku.catalog.list_product import list_product
from wanku.catalog.models import ImportFile, Product, ProductState
from wanku.catalog.sheets.parse import parse
from wanku.catalog.sheets.products import SheetProduct
from wanku.catalog.sheets.read_table import read_table
from wanku.flows.selling._plan import Plan, plan_import
from wanku.flows.selling._product import counted, lock_supplies, write_product
from wanku.inventory.restock import set_stock
from wanku.inventory.set_low import set_low
from wanku.kernel.refusal import NOT_FOUND, Refusal
from wanku.kinds.registry import by_sku
from wanku.merchants.models import Merchant

CHUNK = 100


def import_products(file_id: UUID, *, actor: Actor, now: datetime, limit: int = CHUNK) -> ImportFile:
    """Write the next ``limit`` products of a file, in one transaction; call again until ``done_at`` is set.

    A product is found by its handle and a variant by its SKU, so the same file again changes nothing. A product with
    a fault is left out. Should a process die in between, the next call goes on behind the last product written.

    Raises:
        Refusal: ``not_found``; ``not_allowed``.
    """
    with transaction.atomic():
        file = (
            ImportFile.objects.select_for_update(no_key=True, of=("self",))
            .filter(pk=file_id, merchant_id__in=list(actor.seats))
            .select_related("fallback")
            .first()
        )
        if file is None:
            raise Refusal(NOT_FOUND)
        require(actor, Permission.PRODUCTS_EDIT, file.merchant_id)
        if file.done_at is not None:
            return file
        # Two imports of one shop take turns.
        merchant = Merchant.objects.select_for_update(no_key=True).get(pk=file.merchant_id)
        counts = {"created": 0, "updated": 0, "same": 0, "skipped": 0, "next": 0} | file.outcome
        handles = [p.handle for p in parse(read_table(bytes(file.content))).products]
        plan = plan_import(file, only=handles[counts["next"] : counts["next"] + limit])
        _write(plan, merchant, actor=actor, now=now)
        unread = {fault.handle for fault in plan.sheet.faults}
        counts["skipped"] += len(unread) if counts["next"] == 0 else 0
        counts["created"] += plan.count("create")
        counts["updated"] += plan.count("update")
        counts["same"] += plan.count("same")
        counts["next"] = min(counts["next"] + limit, len(handles))
        counts["skipped"] += len({f.handle for f in plan.faults} - unread)
        counts["total"] = len(handles)
        _finish(file, counts, actor=actor, now=now)
    return file


def _write(plan: Plan, merchant: Merchant, *, actor: Actor, now: datetime) -> None:
    """Products first, then all counters at once in id order, as orders take them."""
    stock: dict[str, int] = {}
    low: dict[str, int] = {}
    for step in plan.steps.values():
        if step.verb == "same":
            continue
        row = write_product(step.data, merchant=merchant, product=step.product, now=now)
        _set_state(row, step.after, now)
        variants = {v.sku: v for v in row.variants.filter(is_active=True)}
        if not by_sku(row.kind):
            continue
        fixed = counted(row, list(variants.values()))
        keys = {sku: variant.supply_key for sku, variant in variants.items()}
        before = {v.sku: v.fields for v in step.now.variants} if step.now else {}
        for variant in step.after.variants:
            told, known = variant.fields, before.get(variant.sku, {})
            # What a kind counts itself (codes in a pool) is not brought to a number of a table.
            typed = variants[variant.sku].pk not in fixed
            if typed and told.get("stock") is not None and told["stock"] != known.get("stock"):
                stock[keys[variant.sku]] = told["stock"]
            if told.get("low_stock_at") is not None and told["low_stock_at"] != known.get("low_stock_at"):
                low[keys[variant.sku]] = told["low_stock_at"]
    lock_supplies({*stock, *low})
    if stock:
        set_stock(stock, because="import", by_id=actor.person_id, now=now)
    if low:
        set_low(low, now=now)


def _set_state(row: Product, told: SheetProduct, now: datetime) -> None:
    wanted = told.fields.get("state", row.state)
    if wanted == row.state:
        return
    if wanted == ProductState.ON_SALE:
        list_product(row, now=now)
    elif wanted == ProductState.OFF:
        delist_product(row, now=now)


def _finish(file: ImportFile, counts: dict[str, int], *, actor: Actor, now: datetime) -> None:
    file.outcome = counts
    if counts["next"] >= counts["total"]:
        file.done_at = now
        file.content = b""
        record(
            "import_products",
            actor_id=actor.person_id,
            subject_type="import",
            subject_id=file.pk,
            merchant_id=file.merchant_id,
            facts={"file": file.name, **counts},
            now=now,
        )
    file.save(update_fields=["outcome", "done_at", "content"])
