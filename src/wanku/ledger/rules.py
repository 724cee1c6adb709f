"""How an order's money is divided: what of it is released, what a refund takes from where. Pure.

Everything follows from what is booked for the order and the total that was refunded so far, never from the last step
alone: so many small refunds come to the same as a large one, in any order, and the last one gives back the rest.
"""

from dataclasses import dataclass

from wanku.kernel.money import portion


@dataclass(frozen=True, slots=True)
class Frame:
    """What an order was sold for.

    Attributes:
        amount: what the buyer paid, minor units.
        commission: the platform's share if nothing is refunded, frozen when placed.
        subsidy: discount that the platform bears; the merchant gets it on top of ``amount``.
    """

    amount: int
    commission: int
    subsidy: int = 0


@dataclass(frozen=True, slots=True)
class OrderMoney:
    """Balances of one order by account, summed from its postings; minor units.

    Attributes:
        held, frozen, available: what came to the merchant's accounts and was not taken back; payouts belong to no
            order and do not show here.
        commission: what the platform has taken of it.
        subsidy: what the platform has added and not taken back.
        refunded: what went back to the buyer or is on its way.
    """

    held: int = 0
    frozen: int = 0
    available: int = 0
    commission: int = 0
    subsidy: int = 0
    refunded: int = 0


@dataclass(frozen=True, slots=True)
class Release:
    """What becomes of an order's money when its promise is kept; minor units.

    Attributes:
        earned: from held to available.
        commission: from the merchant to the platform.
        from_frozen: the part of the commission that only frozen money can pay.
    """

    earned: int
    commission: int
    from_frozen: int


@dataclass(frozen=True, slots=True)
class Taking:
    """Where a refund comes from; minor units.

    Attributes:
        held, frozen, available: from the merchant's accounts; available goes below zero where it must.
        to_buyer: what the buyer gets.
        to_promotions: the platform's discount on it, which goes back to the platform.
        commission_back: what the platform gives back to the merchant of its commission.
    """

    held: int
    frozen: int
    available: int
    to_buyer: int
    to_promotions: int
    commission_back: int


def release(frame: Frame, money: OrderMoney) -> Release:
    """Release what is held; money that is frozen for the order stays frozen, less a commission that held cannot pay.

    The commission is taken in proportion to what was not refunded, goods and freight alike.
    """
    if not money.held:
        return Release(0, 0, 0)
    due = max(0, _kept(frame.commission, frame, money.refunded) - money.commission)
    commission = min(due, money.held + money.frozen)
    return Release(money.held, commission, max(0, commission - money.held))


def take_back(frame: Frame, money: OrderMoney, amount: int) -> Taking:
    """Take a refund of ``amount`` to the buyer: from held, then from what is frozen of this order, then from available.

    Of an order that was released already the platform gives back its commission in proportion.

    Raises:
        ValueError: the amount is not positive, or more than what the buyer paid and has not got back.
    """
    after = money.refunded + amount
    if amount <= 0 or after > frame.amount:
        raise ValueError(f"a refund of {amount} beside {money.refunded} does not fit an order of {frame.amount}")
    promotions = max(0, money.subsidy - _kept(frame.subsidy, frame, after))
    wanted = amount + promotions
    held = min(wanted, max(0, money.held))
    frozen = min(wanted - held, max(0, money.frozen))
    back = max(0, money.commission - _kept(frame.commission, frame, after))
    return Taking(held, frozen, wanted - held - frozen, amount, promotions, back)


def commission_left(frame: Frame, refunded: int) -> int:
    """The platform's share of an order of which so much was refunded; minor units."""
    return _kept(frame.commission, frame, refunded) if frame.amount else 0


def _kept(part: int, frame: Frame, refunded: int) -> int:
    """What is left of a part of the order's money once so much was refunded; nothing after all of it."""
    return portion(part, frame.amount - refunded, frame.amount)
