"""Licences: codes that are issued in the transaction of the payment."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final, cast
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from pydantic import field_validator

from wanku.kernel.invariant import Invariant
from wanku.kernel.refusal import BAD_VALUE, Code, Refusal, gettext_noop
from wanku.kinds.course import CANCELLED, DONE, Course
from wanku.kinds.issue.grants import grant, take_away
from wanku.kinds.issue.models import LicencePlan, Source
from wanku.kinds.issue.plan import Plan
from wanku.kinds.issue.proofs import PROOFS
from wanku.kinds.issue.show import show
from wanku.kinds.issue.words import plan_text
from wanku.kinds.kind import Booked, Choice, Fact, Kind, OnOffer
from wanku.kinds.pick import Part, Pick, Way

NOT_RENEWABLE: Final = Code(
    "not_renewable", gettext_noop("“%(title)s” cannot extend a licence; it comes with a new code."), 409
)


class LicenceChoice(Choice):
    """Buy a code, or extend the licence with the id ``renews``; another edition then upgrades it."""

    renews: str = ""

    @field_validator("renews")
    @classmethod
    def _an_id(cls, value: str) -> str:
        try:
            return str(UUID(value)) if value else ""
        except ValueError:
            raise ValueError(gettext_noop("This is no licence.")) from None


class IssueKind(Kind):
    """Software licences and other codes."""

    code = "issue"
    label = gettext_lazy("Licences")
    icon = "key-round"
    by_piece = True
    by_sku = True
    choice_model = LicenceChoice
    course = Course(
        states={DONE: gettext_lazy("issued"), CANCELLED: gettext_lazy("revoked")}, at_once=True, cancel=frozenset()
    )

    def pick(
        self, offer: OnOffer, choice: Choice, quantity: int, *, add_ons: Collection[int] = (), now: datetime
    ) -> Pick:
        """The price is the variant's; each piece takes one from its counter, a renewal too."""
        plan: Plan = offer.facts
        renews = cast("LicenceChoice", choice).renews
        if renews and not plan.renewable:
            raise Refusal(NOT_RENEWABLE, field="choice.renews", title=offer.title)
        if renews and quantity != 1:
            problem = gettext_noop("One order line extends one licence once. For more, choose a longer term.")
            raise Refusal(BAD_VALUE, field="quantity", problem=problem)
        facts = plan.as_facts()
        return Pick(
            unit_price=offer.price,
            parts=(Part("renewal" if renews else "licence", offer.price, facts),),
            ways=(Way({plan.supply_key: quantity}, {"renews": renews} if renews else {}),),
            together="licences",
            terms={"licence": "revoked_when_refunded"},
        )

    def promised_by(self, starts_at: datetime | None, ends_at: datetime | None, paid_at: datetime) -> datetime:
        """It is kept when it is paid."""
        return paid_at + timedelta(hours=1)

    def describe(self, choice: Mapping[str, Any]) -> list[Fact]:
        """Only a renewal has anything to say; edition and term are the variant's."""
        if not choice.get("renews"):
            return []
        return [Fact(_("Renewal"), f"…{str(choice['renews'])[-6:]}")]

    def brief(self, choice: Mapping[str, Any]) -> str:
        """With its label, since the value alone says nothing."""
        return " · ".join(f"{fact.label} {fact.value}" for fact in self.describe(choice))

    def explain(self, code: str, facts: Mapping[str, Any]) -> str:
        """Edition, term and seats."""
        words = plan_text(facts["edition"], facts["days"], facts["seats"])
        return f"{_('Renewal')} · {words}" if code == "renewal" else words

    def load(self, variants: Collection[int]) -> Mapping[int, Any]:
        """Plans by variant, in one statement."""
        rows = LicencePlan.objects.filter(pk__in=list(variants))
        return {row.pk: plan_of(row) for row in rows}

    def proofs(self) -> Sequence[Invariant]:
        """Pools and their counters agree."""
        return PROOFS

    def counted(self, variants: Collection[int]) -> Collection[int]:
        """Pools: their counter is the number of codes in them."""
        pools = LicencePlan.objects.filter(pk__in=list(variants), source=Source.POOL)
        return list(pools.values_list("pk", flat=True))

    def show(self, product_id: int, asked: Mapping[str, str], *, now: datetime) -> Mapping[str, Any]:
        """Editions with their terms and seats, what is left of each, and the licence that a link asks to extend."""
        return show(product_id, asked)

    def paid(self, lines: Sequence[Booked], *, now: datetime) -> None:
        """Issue the codes, or extend what is renewed."""
        grant(lines, now=now)

    def freed(self, lines: Sequence[Booked], *, because: str, now: datetime) -> None:
        """Revoke them."""
        take_away(lines, because=because, now=now)


def plan_of(row: LicencePlan) -> Plan:
    """The plan as `IssueKind.pick` wants it."""
    renewable = row.source == Source.SIGNED
    return Plan(row.pk, row.edition, row.term_days, row.seats, row.machines, renewable)
