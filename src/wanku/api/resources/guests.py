"""Guests: people who buy without an account."""

import uuid

from django.http import HttpRequest
from ninja import Router, Status
from pydantic import Field

from wanku.api import limits
from wanku.api.callers import GUEST_LIFE, PUBLIC, new_token
from wanku.api.fields import Shape

router = Router(tags=["guests"], auth=PUBLIC)


class GuestShape(Shape):
    """A new guest."""

    token: str = Field(description="Send it as `X-Guest-Token`. Whoever has it sees the guest's cart and orders.")
    expires_in: int = Field(description="Seconds until it must be replaced.")


@router.post("/guests", response={201: GuestShape}, summary="Become a guest")
def become_guest(request: HttpRequest) -> Status[GuestShape]:
    """A token for one guest. Nothing is stored until the guest fills a cart or places an order."""
    limits.spend(limits.TOKENS, limits.address_of(request))
    token = new_token(uuid.uuid4())
    return Status(201, GuestShape(token=token, expires_in=int(GUEST_LIFE.total_seconds())))
