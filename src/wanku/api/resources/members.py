"""A member's own things: profile, addresses, keys."""

from django.http import HttpResponse
from ninja import Path, Router, Status

from wanku.access.models import ApiKey
from wanku.access.scopes import Scope
from wanku.api.callers import KNOWN, member
from wanku.api.fields import IdempotencyKey, PathId
from wanku.api.naming import renaming
from wanku.api.repeats import repeatable
from wanku.api.shapes.members import (
    AddressesShape,
    KeptAddressBody,
    KeptAddressShape,
    KeyBody,
    KeyShape,
    KeysShape,
    MeBody,
    MeShape,
    NewKeyShape,
)
from wanku.flows.buying.drop_address import drop_address
from wanku.flows.buying.edit_person import edit_person
from wanku.flows.buying.keep_address import keep_address
from wanku.flows.integrating.create_key import create_key
from wanku.flows.integrating.revoke_key import revoke_key
from wanku.kernel.refusal import NOT_ALLOWED, NOT_FOUND, Refusal, gettext_noop
from wanku.merchants.models import Merchant
from wanku.people.models import Address, Person
from wanku.ui.request import Request

router = Router(tags=["me"], auth=KNOWN)
NAMES = {"address.": ""}


@router.get("/me", response=MeShape, summary="Who am I")
def get_me(request: Request) -> MeShape:
    """The person behind the key or session. Scope `profile.see`."""
    return _me(request, Scope.PROFILE_SEE)


@router.patch("/me", response=MeShape, summary="Change my profile")
def change_me(request: Request, body: MeBody) -> MeShape:
    """Set name, language of notices, or time zone. Scope `profile.edit`."""
    actor = member(request, Scope.PROFILE_EDIT)
    person = Person.objects.get(pk=actor.person_id or 0)
    edit_person(
        person.name if body.name is None else body.name,
        language=body.language or person.language,
        zone=body.zone or person.zone,
        actor=actor,
        now=request.now,
    )
    return _me(request, Scope.PROFILE_EDIT)


@router.get("/me/addresses", response=AddressesShape, summary="My addresses")
def list_addresses(request: Request) -> AddressesShape:
    """The whole book, the default first. Scope `profile.see`."""
    actor = member(request, Scope.PROFILE_SEE)
    return AddressesShape(items=[_address(row) for row in Address.objects.filter(person_id=actor.person_id or 0)])


@router.post("/me/addresses", response={201: KeptAddressShape}, summary="Keep an address")
def add_address(request: Request, body: KeptAddressBody, idempotency_key: IdempotencyKey = None) -> HttpResponse:
    """Write an address into the book. Scope `profile.edit`."""
    member(request, Scope.PROFILE_EDIT)
    return repeatable(request, idempotency_key, body, lambda: _keep(request, body, None))


@router.put("/me/addresses/{address_id}", response=KeptAddressShape, summary="Change an address")
def change_address(request: Request, address_id: Path[PathId], body: KeptAddressBody) -> KeptAddressShape:
    """Replace an address of the book; orders keep their own copy. Scope `profile.edit`."""
    member(request, Scope.PROFILE_EDIT)
    return _keep(request, body, address_id)


@router.delete("/me/addresses/{address_id}", response={204: None}, summary="Remove an address")
def remove_address(request: Request, address_id: Path[PathId]) -> Status[None]:
    """Take an address out of the book; orders keep their own copy. Scope `profile.edit`."""
    actor = member(request, Scope.PROFILE_EDIT)
    drop_address(address_id, actor=actor, now=request.now)
    return Status(204, None)


@router.get("/me/keys", response=KeysShape, summary="My keys")
def list_keys(request: Request) -> KeysShape:
    """Every key that the person made, revoked ones too. Only for a browser's session."""
    actor = _session(request)
    rows = ApiKey.objects.filter(person_id=actor).order_by("-pk")[:200]
    return KeysShape(items=[KeyShape.model_validate(row) for row in rows])


@router.post("/me/keys", response={201: NewKeyShape}, summary="Make a key")
def add_key(request: Request, body: KeyBody) -> Status[NewKeyShape]:
    """A key for the person's own purchases, or for the desk of a shop. Only for a browser's session."""
    _session(request)
    merchant_id = None
    if body.merchant is not None:
        merchant = Merchant.objects.filter(slug=body.merchant, pk__in=list(request.actor.seats)).first()
        if merchant is None:
            raise Refusal(NOT_FOUND, field="merchant")
        merchant_id = merchant.pk
    row, secret = create_key(
        name=body.name, merchant_id=merchant_id, scopes=body.scopes, actor=request.actor, now=request.now
    )
    return Status(201, NewKeyShape(**KeyShape.model_validate(row).model_dump(), key=secret))


@router.delete("/me/keys/{key_id}", response={204: None}, summary="Revoke a key")
def remove_key(request: Request, key_id: Path[PathId]) -> Status[None]:
    """End a key at once. Only for a browser's session."""
    _session(request)
    revoke_key(key_id, actor=request.actor, now=request.now)
    return Status(204, None)


def _session(request: Request) -> int:
    """The person of a browser's session; a key may not see or make keys."""
    actor = member(request, Scope.PROFILE_SEE)
    if actor.scopes is not None or actor.person_id is None:
        raise Refusal(NOT_ALLOWED, because=gettext_noop("keys are made and revoked by people, in a browser"))
    return actor.person_id


def _me(request: Request, scope: Scope) -> MeShape:
    actor = member(request, scope)
    person = Person.objects.get(pk=actor.person_id or 0)
    return MeShape(
        name=person.name,
        email=person.email,
        phone=person.phone,
        language=person.language,
        zone=person.zone,
        scopes=None if actor.scopes is None else sorted(actor.scopes),
    )


def _keep(request: Request, body: KeptAddressBody, address_id: int | None) -> KeptAddressShape:
    typed = body.model_dump(exclude={"is_default"})
    with renaming(NAMES):
        row = keep_address(
            typed, actor=request.actor, now=request.now, address_id=address_id, is_default=body.is_default
        )
    return _address(row)


def _address(row: Address) -> KeptAddressShape:
    return KeptAddressShape(**row.frozen(), id=row.pk, is_default=row.is_default)
