"""Licences: programs ask by code, buyers see what they bought, shops keep their pools."""

from typing import Annotated

from django.http import HttpRequest
from ninja import Path, Query, Router, Status
from pydantic import Field

from wanku.access.can import Permission
from wanku.access.scopes import Scope
from wanku.api import limits
from wanku.api.callers import KNOWN, PUBLIC, buyer, desk
from wanku.api.cursors import Cursor, Limit, Page, newest
from wanku.api.fields import Number, PathId, Plain, Slug
from wanku.api.read import licences as read
from wanku.api.shapes.licences import (
    ActivateBody,
    AddedCodesShape,
    CodesBody,
    DeskLicenceShape,
    DeviceBody,
    LicenceKeysShape,
    MailedShape,
    MyLicenceShape,
    OrderContactBody,
    OwnLicencesShape,
    PlanBody,
    PlanShape,
    ProofBody,
    RevokeBody,
    ShownCodesShape,
    SignedLicenceShape,
)
from wanku.flows.licensing.activate_licence import activate_licence
from wanku.flows.licensing.deactivate_licence import deactivate_licence
from wanku.flows.licensing.give_back_licences import give_back_licences
from wanku.flows.licensing.mail_show_code import mail_show_code
from wanku.flows.licensing.show_codes import Proof, show_codes
from wanku.flows.licensing.validate_licence import validate_licence
from wanku.flows.offering.import_codes import import_codes
from wanku.flows.offering.preview_codes import preview_codes
from wanku.flows.offering.receive_codes import receive_codes
from wanku.flows.offering.revoke_licence import revoke_licence
from wanku.flows.offering.set_licence_plan import PlanData, set_licence_plan
from wanku.kinds.issue import codes
from wanku.kinds.issue.models import Licence
from wanku.ui.request import Request

router = Router(tags=["licences"], auth=KNOWN)

Ends = Annotated[Plain, Field(max_length=4, description="The last characters of the code.")]
DEVICES = limits.Rate("licence_address", burst=60, per_second=2)
"""Everybody behind one address: enough for an office that starts in the morning."""
CODE = limits.Rate("licence_code", burst=20, per_second=0.2)
"""One code; a program asks once when it starts."""


@router.post("/licences/activate", response=SignedLicenceShape, auth=PUBLIC, summary="Activate a code on a device")
def activate(request: Request, body: ActivateBody) -> SignedLicenceShape:
    """The code is the credential; no account is needed. The first activation begins the term.

    On a device that is active already nothing changes, so a repeat is harmless. Codes that were never issued, whatever
    the reason, get one and the same `licence_unknown`.
    """
    _spend(request, body)
    licence, signed = activate_licence(body.shop, body.code, body.machine, label=body.label, now=request.now)
    return read.signed(licence, signed)


@router.post("/licences/validate", response=SignedLicenceShape, auth=PUBLIC, summary="Does it still hold here?")
def validate(request: Request, body: DeviceBody) -> SignedLicenceShape:
    """What a licence grants now on a device where it is active; revoked and ended ones are refused."""
    _spend(request, body)
    return read.signed(*validate_licence(body.shop, body.code, body.machine, now=request.now))


@router.post("/licences/deactivate", response={204: None}, auth=PUBLIC, summary="Set a device free")
def deactivate(request: Request, body: DeviceBody) -> Status[None]:
    """Another device can be activated then. Where it is not active, nothing changes."""
    _spend(request, body)
    deactivate_licence(body.shop, body.code, body.machine, now=request.now)
    return Status(204, None)


@router.get(
    "/shops/{slug}/licence-keys", response=LicenceKeysShape, auth=PUBLIC, summary="Keys to check signatures with"
)
def list_licence_keys(request: HttpRequest, slug: Path[Slug]) -> LicenceKeysShape:
    """The shop's public keys as a JSON Web Key Set, newest first. Build them into your program, or fetch them."""
    return read.keys(slug)


@router.get("/licences", response=Page[MyLicenceShape], summary="The caller's licences")
def list_my_licences(request: Request, limit: Limit = 20, cursor: Cursor = None) -> Page[MyLicenceShape]:
    """Latest first, without the codes. Scope `trades.see`."""
    rows = read.mine(buyer(request, Scope.TRADES_SEE))
    found, following = newest(rows, "issued_at", cursor, limit)
    return Page[MyLicenceShape](items=read.my_licences(found), next_cursor=following)


@router.get("/orders/{number}/licences", response=OwnLicencesShape, summary="Licences of an order")
def list_licences(request: Request, number: Path[Number]) -> OwnLicencesShape:
    """What an order granted, without the codes. Scope `trades.see`."""
    order = read.own_order(buyer(request, Scope.TRADES_SEE), number)
    return read.of_order(order.pk)


@router.post("/orders/{number}/licences/show", response=ShownCodesShape, summary="See the codes")
def show(request: Request, number: Path[Number], body: ProofBody) -> ShownCodesShape:
    """The codes of an order, once; afterwards `prove_again`: members see them on the site after signing in again,
    guests with `contact` and the `digits` that `…/licences/mail` sends. Every showing is recorded.
    Scope `trades.see`.
    """
    actor = buyer(request, Scope.TRADES_SEE)
    order = read.own_order(actor, number)
    proof = Proof(contact=body.contact, digits=body.digits)
    source = limits.address_of(request)
    return read.shown(show_codes(order.pk, proof=proof, source=source, actor=actor, now=request.now))


@router.post("/orders/{number}/licences/mail", response=MailedShape, summary="Mail digits to see codes again")
def mail(request: Request, number: Path[Number], body: OrderContactBody) -> MailedShape:
    """Six digits to the e-mail address of a guest's order, for a quarter of an hour. Scope `trades.see`."""
    actor = buyer(request, Scope.TRADES_SEE)
    order = read.own_order(actor, number)
    return MailedShape(mailed=mail_show_code(order.pk, body.contact, actor=actor, now=request.now))


@router.post("/orders/{number}/licences/give-back", response=OwnLicencesShape, summary="Give licences back")
def give_back(request: Request, number: Path[Number]) -> OwnLicencesShape:
    """Close an order of licences that were never activated, within the days of return; everything is paid back, and
    the codes are revoked. Scope `trades.place`.
    """
    actor = buyer(request, Scope.TRADES_PLACE)
    order = read.own_order(actor, number)
    give_back_licences(order.pk, actor=actor, now=request.now)
    return read.of_order(order.pk)


@router.get(
    "/merchants/{slug}/licences", response=Page[DeskLicenceShape], summary="Licences sold", tags=["desk: products"]
)
def list_desk_licences(
    request: Request,
    slug: Path[Slug],
    ends: Query[Ends | None] = None,
    limit: Limit = 20,
    cursor: Cursor = None,
) -> Page[DeskLicenceShape]:
    """Latest first, found by the last characters of the code. Scope `products.edit`."""
    _, merchant = desk(request, slug, Permission.PRODUCTS_EDIT)
    found, following = newest(read.sold(merchant.pk, ends or ""), "issued_at", cursor, limit)
    return Page[DeskLicenceShape](items=[read.at_desk(row) for row in found], next_cursor=following)


@router.post(
    "/merchants/{slug}/licences/{licence_id}/revoke",
    response=DeskLicenceShape,
    summary="End a licence",
    tags=["desk: products"],
)
def revoke(request: Request, slug: Path[Slug], licence_id: Path[str], body: RevokeBody) -> DeskLicenceShape:
    """End a licence for good, or take a code out of the pool. Nothing is paid back. Scope `products.edit`."""
    actor, merchant = desk(request, slug, Permission.PRODUCTS_EDIT)
    licence: Licence = read.own(merchant.pk, licence_id)
    return read.at_desk(revoke_licence(licence.pk, because=body.because, actor=actor, now=request.now))


@router.get(
    "/merchants/{slug}/products/{product_id}/plans",
    response=list[PlanShape],
    summary="Plans of a product",
    tags=["desk: products"],
)
def list_plans(request: Request, slug: Path[Slug], product_id: Path[PathId]) -> list[PlanShape]:
    """What its variants grant, and their codes by state. Scope `products.edit`."""
    _, merchant = desk(request, slug, Permission.PRODUCTS_EDIT)
    return read.plans(merchant.pk, product_id)


@router.put(
    "/merchants/{slug}/products/{product_id}/plans/{variant_id}",
    response=PlanShape,
    summary="Set a plan",
    tags=["desk: products"],
)
def set_plan(
    request: Request, slug: Path[Slug], product_id: Path[PathId], variant_id: Path[PathId], body: PlanBody
) -> PlanShape:
    """Say what a variant grants; its product then sells licences. Scope `products.edit`."""
    actor, merchant = desk(request, slug, Permission.PRODUCTS_EDIT)
    read.own_product(merchant.pk, product_id)
    plan = set_licence_plan(product_id, variant_id, PlanData(**body.model_dump()), actor=actor, now=request.now)
    return read.plan(plan)


@router.post(
    "/merchants/{slug}/products/{product_id}/plans/{variant_id}/codes",
    response=AddedCodesShape,
    summary="Put codes into a pool",
    tags=["desk: products"],
)
def add_codes(
    request: Request, slug: Path[Slug], product_id: Path[PathId], variant_id: Path[PathId], body: CodesBody
) -> AddedCodesShape:
    """The good ones are stored and raise the stock; the others are named. Sending them again adds none twice.

    Scope `products.edit`.
    """
    actor, merchant = desk(request, slug, Permission.PRODUCTS_EDIT)
    read.own_product(merchant.pk, product_id)
    content = read.as_file(body.codes)
    file = receive_codes(product_id, variant_id, content, name="API", actor=actor, now=request.now)
    _, rows = preview_codes(file.pk, actor=actor, now=request.now)
    return read.added(import_codes(file.pk, actor=actor, now=request.now), rows)


def _spend(request: Request, body: DeviceBody) -> None:
    """Guessing is hopeless at 120 bits; this keeps one program from asking without end."""
    limits.spend(DEVICES, limits.address_of(request))
    limits.spend(CODE, codes.digests(body.code)[0].hex())
