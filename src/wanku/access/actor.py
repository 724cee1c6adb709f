"""Who is asking, as far as rules care."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from wanku.audit.move import By
from wanku.kernel.states import BUYER, MERCHANT, PLATFORM


@dataclass(frozen=True, slots=True)
class Actor:
    """A guest, a member, a merchant's staff or the platform's, built once by the door.

    Attributes:
        person_id: the signed-in person, or none for a guest.
        guest_key: what ties a browser to the carts and orders it made as a guest.
        granted: trades that a guest may see because number and contact were shown.
        seats: merchant staff roles, ``{merchant_id: role}``.
        platform: platform roles.
        merchant_id: the desk that the request works at, if it is a desk.
        scopes: what an API key is limited to; none for a browser session.
    """

    person_id: int | None = None
    guest_key: uuid.UUID | None = None
    granted: frozenset[uuid.UUID] = frozenset()
    seats: Mapping[int, str] = field(default_factory=dict)
    platform: frozenset[str] = frozenset()
    merchant_id: int | None = None
    scopes: frozenset[str] | None = None

    @property
    def is_member(self) -> bool:
        """Whether a person is signed in."""
        return self.person_id is not None

    def at_desk(self, merchant_id: int) -> "Actor":
        """The same person working at a merchant's desk."""
        return replace(self, merchant_id=merchant_id)

    def as_buyer(self) -> By:
        """This actor as the buyer in a move."""
        return By(BUYER, self.person_id)

    def as_merchant(self) -> By:
        """This actor as the merchant in a move."""
        return By(MERCHANT, self.person_id)

    def as_platform(self) -> By:
        """This actor as the platform in a move."""
        return By(PLATFORM, self.person_id)


NOBODY = Actor()
