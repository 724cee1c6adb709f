"""A member's own things."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from pydantic import Field

from wanku.access.scopes import MERCHANT_SCOPES, PERSON_SCOPES
from wanku.api.fields import Body, FilledLine, FilledLines, Flag, Line, Lines, Plain, Shape, Slug
from wanku.api.shapes.buying import AddressBody, AddressShape


class MeShape(Shape):
    """The person behind the call."""

    name: str
    email: str | None
    phone: str | None
    language: str
    zone: str = Field(description="IANA name, for dates in notices and pages.")
    scopes: list[str] | None = Field(description="What the key may do; null for a browser's session.")


class MeBody(Body):
    """How Wanku speaks to the person; what is left out stays."""

    name: Line | None = Field(None, max_length=60)
    language: Literal["zh-hans", "zh-hant", "en"] | None = None
    zone: Plain | None = Field(None, max_length=40, examples=["Asia/Shanghai"])


class KeptAddressBody(AddressBody):
    """An address for the book."""

    is_default: Flag = False


class KeptAddressShape(AddressShape):
    """An address in the book."""

    id: int
    is_default: bool


class AddressesShape(Shape):
    """The whole book, the default first."""

    items: list[KeptAddressShape]


class ReviewBody(Body):
    """What the buyer says about a line."""

    goods: int = Field(ge=1, le=5, strict=True)
    service: int = Field(ge=1, le=5, strict=True)
    delivery: int = Field(ge=1, le=5, strict=True)
    text: Lines = Field("", max_length=1000)
    picture_ids: list[UUID] = Field(default_factory=list, max_length=9, description="From `POST /pictures`.")


class FollowUpBody(Body):
    """What time has shown."""

    text: FilledLines = Field(max_length=1000)
    picture_ids: list[UUID] = Field(default_factory=list, max_length=9, description="From `POST /pictures`.")


class StoredPicture(Shape):
    """A picture that was taken in: decoded, turned upright and encoded anew."""

    id: UUID
    width: int = Field(description="Pixels of the upload.")
    height: int
    url: str


class KeyBody(Body):
    """A new key."""

    name: FilledLine = Field(max_length=60, description="To tell keys apart.")
    merchant: Slug | None = Field(None, description="The shop whose desk it works at; none for the person's own key.")
    scopes: list[Literal[PERSON_SCOPES + MERCHANT_SCOPES]] = Field(min_length=1, max_length=20)  # type: ignore[valid-type]


class KeyShape(Shape):
    """A key, without its secret."""

    id: int
    name: str
    prefix: str = Field(description="How it begins.")
    merchant_id: int | None
    scopes: list[str]
    created_at: datetime
    last_used_at: datetime | None = Field(description="Exact to five minutes.")
    revoked_at: datetime | None


class NewKeyShape(KeyShape):
    """A key that was just made."""

    key: str = Field(description="Shown this once. Keep it secret; it begins with `wk_`.")


class KeysShape(Shape):
    """The person's keys, latest first."""

    items: list[KeyShape]
