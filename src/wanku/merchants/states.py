"""Standing of a merchant, and what each standing lets it do."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from wanku.kernel.states import CLOCK, MERCHANT, PLATFORM, Machine, Waiting, rule

APPLYING: Final = "applying"
ACTIVE: Final = "active"
RESTRICTED: Final = "restricted"
SUSPENDED: Final = "suspended"
DECLINED: Final = "declined"
CLOSED: Final = "closed"

MERCHANT_MACHINE = Machine(
    name="merchant",
    initial=APPLYING,
    rules={
        (APPLYING, "approve"): rule(ACTIVE, PLATFORM),
        (APPLYING, "decline"): rule(DECLINED, PLATFORM),
        # Nobody at the platform looked in time: the application goes to the overdue list once more, it never
        # opens by itself, since an unchecked shop would take other people's money.
        (APPLYING, "overdue"): rule(APPLYING, CLOCK),
        (DECLINED, "apply_again"): rule(APPLYING, MERCHANT),
        (ACTIVE, "restrict"): rule(RESTRICTED, PLATFORM),
        (ACTIVE, "suspend"): rule(SUSPENDED, PLATFORM),
        (RESTRICTED, "restore"): rule(ACTIVE, PLATFORM),
        (RESTRICTED, "suspend"): rule(SUSPENDED, PLATFORM),
        (SUSPENDED, "restore"): rule(ACTIVE, PLATFORM),
        (SUSPENDED, "close"): rule(CLOSED, PLATFORM),
        (ACTIVE, "close"): rule(CLOSED, PLATFORM),
    },
    waiting={APPLYING: Waiting(PLATFORM, "approve_merchant", "overdue")},
)


class Capability(StrEnum):
    """What a standing allows."""

    SELL = "sell"
    BE_SHOWN = "be_shown"
    BE_SETTLED = "be_settled"
    BE_PAID_OUT = "be_paid_out"
    SERVE = "serve"
    CHAT = "chat"


C = Capability
CAPABILITIES: Mapping[str, frozenset[Capability]] = {
    APPLYING: frozenset({C.CHAT}),
    DECLINED: frozenset({C.CHAT}),
    ACTIVE: frozenset(C),
    # A restricted or suspended merchant must still serve and refund what it has sold.
    RESTRICTED: frozenset({C.BE_SHOWN, C.BE_SETTLED, C.SERVE, C.CHAT}),
    SUSPENDED: frozenset({C.SERVE, C.CHAT}),
    CLOSED: frozenset({C.SERVE}),
}


def capable(state: str, capability: Capability) -> bool:
    """Whether a merchant in this standing may do that."""
    return capability in CAPABILITIES[state]
