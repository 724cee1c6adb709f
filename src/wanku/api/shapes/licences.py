"""Licences: what programs ask about codes, what buyers see of them, and a shop's pools."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from wanku.api.fields import Body, FilledLine, Line, Plain, Shape

CodeText = Annotated[Plain, Field(min_length=1, max_length=200)]


class DeviceBody(Body):
    """A code on a device."""

    shop: str = Field(min_length=1, max_length=40, pattern=r"^[\w-]+$", description="Slug of the shop that sold it.")
    code: CodeText = Field(description="As the buyer typed it: case, spaces and dashes do not matter.")
    machine: CodeText = Field(description="What your program calls the device. We keep only a keyed hash of it.")


class ActivateBody(DeviceBody):
    """A code on a new device."""

    label: Line = Field("", max_length=60, description="As the user calls the device.")


class LicenceShape(Shape):
    """What a licence grants now."""

    id: UUID
    edition: str
    seats: int
    machines: int = Field(description="Devices on which it may be active at once.")
    term_days: int | None = Field(description="Empty: for good.")
    activated_at: datetime | None
    expires_at: datetime | None = Field(description="Empty before the first activation, and for good.")


class SignedLicenceShape(LicenceShape):
    """The same, signed by us."""

    signed: str = Field(
        description="A JSON Web Signature (compact form, EdDSA with Ed25519) over `iss`, `sub`, `iat`, `exp`, `shop`, "
        "`product`, `sku`, `edition`, `seats`, `machines`, `term_days`, `machine`. Check it with the shop's public "
        "keys and keep it for when there is no network."
    )


class LicenceKeyShape(Shape):
    """A public key as RFC 8037 has it."""

    kty: str
    crv: str
    use: str
    alg: str
    kid: str
    x: str


class LicenceKeysShape(Shape):
    """A JSON Web Key Set."""

    keys: list[LicenceKeyShape]


class OwnLicenceShape(LicenceShape):
    """A licence of an order."""

    tail: str = Field(description="The last four characters of the code.")
    state: str = Field(description="`issued` or `revoked`.")
    shown_at: datetime | None = Field(description="When the code was first shown.")


class OwnLicencesShape(Shape):
    """Licences of an order, oldest first."""

    items: list[OwnLicenceShape]


class MyLicenceShape(OwnLicenceShape):
    """One of the caller's licences."""

    order: str = Field(description="Number of the order that it was issued for.")
    shop: str = Field(description="Slug of the shop.")
    product: str = Field(description="Slug of the product.")
    title: str
    variant_id: int
    used: int = Field(description="Devices on which it is active.")
    renewable: bool = Field(
        description="Whether an order of a variant of this product with `choice.renews` set to `id` extends it."
    )
    issued_at: datetime


class ProofBody(Body):
    """What a guest shows to see codes once more; both may be empty the first time."""

    contact: Annotated[Plain, Field(max_length=254)] = Field("", description="Phone or e-mail of the order.")
    digits: Annotated[Plain, Field(max_length=20)] = Field("", description="What we mailed.")


class OrderContactBody(Body):
    """Who asks for digits."""

    contact: Annotated[Plain, Field(min_length=1, max_length=254)] = Field(description="Phone or e-mail of the order.")


class MailedShape(Shape):
    """Whether digits are on their way."""

    mailed: bool = Field(description="False for an order without an e-mail address: the phone alone is the proof.")


class ShownCodeShape(OwnLicenceShape):
    """A licence with its code in plain."""

    code: str
    certificate: str = Field(description="The code and what it grants, signed like the answers to programs.")


class ShownCodesShape(Shape):
    """Codes of an order, oldest first."""

    items: list[ShownCodeShape]


class PlanBody(Body):
    """What a variant grants."""

    source: Literal["pool", "signed"] = Field(description="`pool`: imported codes. `signed`: made here when paid.")
    edition: FilledLine = Field(max_length=60)
    term_days: int | None = Field(None, strict=True, ge=1, le=36_500, description="Empty: for good.")
    seats: int = Field(1, strict=True, ge=1, le=100_000)
    machines: int = Field(1, strict=True, ge=1, le=1_000)


class PlanShape(Shape):
    """A variant's plan and its codes."""

    variant_id: int
    source: str
    edition: str
    term_days: int | None
    seats: int
    machines: int
    free: int = Field(description="Codes that can be ordered; of signed ones, how many more may be sold.")
    held: int = Field(description="In unpaid orders.")
    sold: int
    revoked: int


class CodesBody(Body):
    """Codes for a pool."""

    codes: list[CodeText] = Field(min_length=1, max_length=1_000)


class CodeFaultShape(Shape):
    """A code that was left out."""

    index: int = Field(description="In the list that was sent.")
    code: str = Field(description="`code_length`, `code_twice` or `code_known`.")
    message: str


class AddedCodesShape(Shape):
    """What came of a list of codes."""

    added: int
    faults: list[CodeFaultShape]


class RevokeBody(Body):
    """Why a licence ends."""

    because: FilledLine = Field(max_length=500)


class DeskLicenceShape(OwnLicenceShape):
    """A licence as its shop sees it: without the code."""

    product_id: int
    order_id: UUID | None
    issued_at: datetime | None
    revoked_because: str
