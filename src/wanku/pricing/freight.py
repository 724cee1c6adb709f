"""What shipping costs, pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from wanku.kernel.refusal import Code, Refusal, gettext_noop

NOT_SHIPPED_THERE = Code(
    "not_shipped_there",
    gettext_noop("%(shop)s does not ship to %(province)s. Please choose another address or remove these items."),
    409,
)


@dataclass(frozen=True, slots=True)
class Rate:
    """Price for ``provinces``, or for all others when empty. Units are pieces or grams; fees minor units."""

    provinces: tuple[str, ...]
    first: int
    first_fee: int
    step: int
    step_fee: int
    refused: bool = False


@dataclass(frozen=True, slots=True)
class Template:
    """How one merchant charges; ``free_from`` is a goods total in minor units."""

    by: str
    rates: tuple[Rate, ...]
    free_from: int | None = None


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a number is what it is; the page words it (see `wanku.pricing.reasons`)."""

    code: str
    facts: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Freight:
    """Minor units, and why."""

    amount: int
    reason: Reason


FREE = Template(by="count", rates=(Rate((), 1, 0, 1, 0),))


def rate_for(rates: Sequence[Rate], province: str | None) -> Rate | None:
    """The rate that names the province, else the one for all others."""
    others = None
    for rate in rates:
        if province is not None and province in rate.provinces:
            return rate
        if not rate.provinces and others is None:
            others = rate
    return others


def freight_of(template: Template, *, goods: int, units: int, province: str | None, shop: str) -> Freight:
    """Freight of one merchant's part.

    Args:
        goods: goods total of the part, minor units.
        units: pieces or grams, as the template measures.
        province: none while it is not known; then the rate for all others is quoted.

    Raises:
        Refusal: ``not_shipped_there``.
    """
    rate = rate_for(template.rates, province)
    if rate is None or rate.refused:
        raise Refusal(NOT_SHIPPED_THERE, field="address.province", shop=shop, province=province or "")
    if template.free_from is not None and goods >= template.free_from:
        return Freight(0, Reason("free_from", {"threshold": template.free_from}))
    over = max(0, units - rate.first)
    steps = -(-over // rate.step)
    amount = rate.first_fee + steps * rate.step_fee
    if amount == 0:
        return Freight(0, Reason("free", {}))
    return Freight(
        amount,
        Reason(
            f"by_{template.by}",
            {
                "units": units,
                "first": rate.first,
                "first_fee": rate.first_fee,
                "steps": steps,
                "step": rate.step,
                "step_fee": rate.step_fee,
                "free_from": template.free_from,
            },
        ),
    )
