"""Licences for programs."""

import csv
import io
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from wanku.access.actor import Actor
from wanku.api.shapes.licences import (
    AddedCodesShape,
    CodeFaultShape,
    DeskLicenceShape,
    LicenceKeyShape,
    LicenceKeysShape,
    LicenceShape,
    MyLicenceShape,
    OwnLicenceShape,
    OwnLicencesShape,
    PlanShape,
    ShownCodeShape,
    ShownCodesShape,
    SignedLicenceShape,
)
from wanku.catalog.models import Product, ProductState
from wanku.catalog.sheets.read_table import escaped
from wanku.flows.licensing.show_codes import ShownCode
from wanku.flows.offering.preview_codes import CodeRow
from wanku.inventory.models import Supply
from wanku.kernel.refusal import NOT_FOUND, Refusal
from wanku.kinds.issue.codes import bare_of
from wanku.kinds.issue.kind import IssueKind
from wanku.kinds.issue.models import ISSUED, REVOKED, CodeFile, Licence, LicencePlan, Machine, Source
from wanku.kinds.issue.signing import public_keys
from wanku.merchants.models import Merchant
from wanku.orders.models import Order
from wanku.ui.words import refusal_text


def signed(licence: Licence, text: str) -> SignedLicenceShape:
    """What a program gets."""
    return SignedLicenceShape(**_facts(licence), signed=text)


def keys(slug: str) -> LicenceKeysShape:
    """Public keys of a shop that the public sees."""
    shop = Merchant.objects.shown().filter(slug=slug).first()
    if shop is None:
        raise Refusal(NOT_FOUND)
    return LicenceKeysShape(keys=[LicenceKeyShape(**key) for key in public_keys(shop.pk)])


def own_order(actor: Actor, number: str) -> Order:
    """The buyer's own order."""
    found = Order.objects.bought_by(actor).filter(number=number).first()
    if found is None:
        raise Refusal(NOT_FOUND)
    return found


def of_order(order_id: UUID) -> OwnLicencesShape:
    """What an order granted that still stands, and what was revoked."""
    rows = Licence.objects.filter(grants__order_id=order_id, state__in=[ISSUED, REVOKED]).order_by("pk").distinct()
    return OwnLicencesShape(items=[OwnLicenceShape(**_own(row)) for row in rows])


def mine(actor: Actor) -> QuerySet[Licence]:
    """Every code that was issued to the actor, with the number of devices on which it is active."""
    bought = Order.objects.bought_by(actor).filter(kind=IssueKind.code)
    rows = Licence.objects.filter(order_id__in=bought.values("pk"), issued_at__isnull=False)
    active = Machine.objects.filter(licence=OuterRef("pk"), released_at=None).order_by()
    counted = active.values("licence").annotate(n=Count("pk")).values("n")
    return rows.select_related("plan").annotate(used=Coalesce(Subquery(counted), 0))


def my_licences(rows: Sequence[Licence]) -> list[MyLicenceShape]:
    """Rows of `mine` with what they are for: two statements."""
    products = Product.objects.select_related("merchant").in_bulk({row.product_id for row in rows})
    orders = Order.objects.filter(pk__in={row.order_id for row in rows})
    numbers: dict[UUID | None, str] = dict(orders.values_list("pk", "number"))
    return [_mine(row, products[row.product_id], numbers[row.order_id]) for row in rows]


def _mine(row: Licence, product: Product, order: str) -> MyLicenceShape:
    signed_here = row.plan.source == Source.SIGNED and product.state == ProductState.ON_SALE
    return MyLicenceShape(
        **_own(row),
        order=order,
        shop=product.merchant.slug,
        product=product.slug,
        title=product.title,
        variant_id=row.plan_id,
        used=row.used,  # type: ignore[attr-defined] # annotated
        renewable=signed_here and row.state == ISSUED,
        issued_at=row.issued_at or row.added_at,
    )


def shown(found: Sequence[ShownCode]) -> ShownCodesShape:
    """Codes in plain."""
    return ShownCodesShape(
        items=[ShownCodeShape(**_own(x.licence), code=x.code, certificate=x.certificate) for x in found]
    )


def sold(merchant_id: int, ends: str) -> QuerySet[Licence]:
    """Licences that were sold, by the end of their code."""
    rows = Licence.objects.filter(merchant_id=merchant_id, issued_at__isnull=False)
    return rows.filter(tail__endswith=bare_of(ends)[-4:]) if bare_of(ends) else rows


def own(merchant_id: int, licence_id: str) -> Licence:
    """A licence or code of the shop."""
    try:
        key = UUID(licence_id)
    except ValueError:
        raise Refusal(NOT_FOUND) from None
    found = Licence.objects.filter(pk=key, merchant_id=merchant_id).first()
    if found is None:
        raise Refusal(NOT_FOUND)
    return found


def at_desk(row: Licence) -> DeskLicenceShape:
    """A licence as its shop sees it."""
    return DeskLicenceShape(
        **_own(row),
        product_id=row.product_id,
        order_id=row.order_id,
        issued_at=row.issued_at,
        revoked_because=row.revoked_because,
    )


def own_product(merchant_id: int, product_id: int) -> None:
    """Raise ``not_found`` for another shop's product, whatever other seats its reader has."""
    mine = Product.objects.filter(pk=product_id, merchant_id=merchant_id).exclude(state=ProductState.REMOVED)
    if not mine.exists():
        raise Refusal(NOT_FOUND)


def plans(merchant_id: int, product_id: int) -> list[PlanShape]:
    """Plans of the variants that are offered, in three statements."""
    own_product(merchant_id, product_id)
    rows = LicencePlan.objects.filter(variant__product=product_id, variant__is_active=True)
    return _plans(list(rows.order_by("variant__position", "pk")))


def plan(row: LicencePlan) -> PlanShape:
    """One plan."""
    return _plans([row])[0]


def as_file(texts: Sequence[str]) -> bytes:
    """A list of codes as the table that people send."""
    out = io.StringIO(newline="")
    csv.writer(out).writerows([["code"], *([escaped(text)] for text in texts)])
    return out.getvalue().encode()


def added(file: CodeFile, rows: Sequence[CodeRow]) -> AddedCodesShape:
    """What came of a list."""
    faults = [
        CodeFaultShape(index=row.number - 2, code=row.fault.code.name, message=refusal_text(row.fault))
        for row in rows
        if row.fault is not None
    ]
    return AddedCodesShape(added=file.outcome["added"], faults=faults)


def _plans(rows: Sequence[LicencePlan]) -> list[PlanShape]:
    supplies = {s.key: s for s in Supply.objects.filter(key__in=[f"sku:{row.pk}" for row in rows])}
    counted = Licence.objects.filter(plan__in=rows).values("plan_id")
    by_plan = {
        each["plan_id"]: each
        for each in counted.annotate(
            issued=Count("pk", filter=Q(state=ISSUED)), revoked=Count("pk", filter=Q(state=REVOKED))
        )
    }
    shapes = []
    for row in rows:
        supply = supplies.get(f"sku:{row.pk}")
        counts: dict[str, Any] = dict(by_plan.get(row.pk, {}))
        shapes.append(
            PlanShape(
                variant_id=row.pk,
                source=Source(row.source).value,
                edition=row.edition,
                term_days=row.term_days,
                seats=row.seats,
                machines=row.machines,
                free=supply.free if supply else 0,
                held=supply.held if supply else 0,
                sold=counts.get("issued", 0),
                revoked=counts.get("revoked", 0),
            )
        )
    return shapes


def _facts(licence: Licence) -> dict[str, Any]:
    return {name: getattr(licence, name) for name in LicenceShape.model_fields}


def _own(licence: Licence) -> dict[str, Any]:
    return {name: getattr(licence, name) for name in OwnLicenceShape.model_fields}
