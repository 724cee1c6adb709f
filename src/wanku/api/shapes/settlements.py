"""What a shop's programs read of its settlements and payouts."""

from datetime import datetime

from pydantic import Field

from wanku.api.fields import Shape
from wanku.api.shapes.catalog import MINOR


class PayoutShape(Shape):
    """Money sent to the shop's bank account."""

    number: str
    state: str = Field(description="`created`, `approved`, `sent`, `paid` or `failed`.")
    amount: int = Field(description=MINOR)
    currency: str
    account: str = Field(description="The last four digits of the account.")
    failure: str = Field(description="Why it failed, as a code; empty otherwise.")
    created_at: datetime
    paid_at: datetime | None


class SettlementShape(Shape):
    """What one period came to: `opening + orders + refunds + commission + fees + payouts + other = closing`."""

    number: str
    state: str = Field(description="`payable`, `paying`, `paid`, `carried` or `failed`.")
    since: datetime
    until: datetime
    currency: str
    opening: int = Field(description=f"Available balance before. {MINOR}")
    orders: int = Field(description=MINOR)
    refunds: int = Field(description=f"Negative. {MINOR}")
    commission: int = Field(description=f"Negative: kept by the platform. {MINOR}")
    fees: int = Field(description=MINOR)
    payouts: int = Field(description=f"Negative: paid out since the settlement before. {MINOR}")
    other: int = Field(description=f"Frozen, thawed and anything else. {MINOR}")
    closing: int = Field(description=f"Available balance after; below zero the shop owes. {MINOR}")
    payable: int = Field(description=f"What may be paid out. {MINOR}")
    paid_by: list[PayoutShape]


class SettlementLineShape(Shape):
    """One movement of the available balance."""

    id: int
    kind: str = Field(description="`order`, `refund`, `commission`, `fee`, `payout`, `returned`, `frozen` or `other`.")
    order_number: str | None
    amount: int = Field(description=f"Minus: out of it. {MINOR}")
    at: datetime
