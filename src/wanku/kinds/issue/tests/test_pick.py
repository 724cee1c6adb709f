"""What a wish for a licence costs and takes."""

from dataclasses import dataclass, replace
from typing import Any

import pytest
from django.utils import translation

from tests.cast import NOW
from wanku.kernel.refusal import Refusal
from wanku.kinds.issue.kind import IssueKind, LicenceChoice
from wanku.kinds.issue.plan import Plan
from wanku.kinds.issue.words import term_text
from wanku.kinds.registry import read_choice

KIND = IssueKind()
PLAN = Plan(variant_id=81, edition="Pro", term_days=365, seats=5, machines=2, renewable=True)
RENEWS = "01990000-0000-7000-8000-000000000001"


@dataclass(frozen=True)
class Offered:
    """A variant."""

    facts: Any = PLAN
    variant_id: int = 81
    product_id: int = 8
    merchant_id: int = 1
    title: str = "墨客笔记"
    price: int = 19900
    currency: str = "CNY"


def test_each_piece_takes_one_from_the_counter_of_its_variant() -> None:
    pick = KIND.pick(Offered(), LicenceChoice(), 3, now=NOW)
    assert pick.unit_price == 19900 == sum(part.amount for part in pick.parts)
    assert [(way.demand, way.choice) for way in pick.ways] == [({"sku:81": 3}, {})]
    assert pick.starts_at is None and pick.ends_at is None
    assert KIND.course.first == "done"


def test_a_renewal_takes_one_and_names_the_licence() -> None:
    pick = KIND.pick(Offered(), LicenceChoice(renews=RENEWS), 1, now=NOW)
    assert [(way.demand, way.choice) for way in pick.ways] == [({"sku:81": 1}, {"renews": RENEWS})]
    assert pick.parts[0].code == "renewal"


def test_two_renewals_in_one_line_and_renewals_of_imported_codes_are_refused() -> None:
    with pytest.raises(Refusal) as many:
        KIND.pick(Offered(), LicenceChoice(renews=RENEWS), 2, now=NOW)
    assert many.value.field == "quantity"
    with pytest.raises(Refusal) as pool:
        KIND.pick(Offered(facts=replace(PLAN, renewable=False)), LicenceChoice(renews=RENEWS), 1, now=NOW)
    assert (pool.value.code.name, pool.value.field) == ("not_renewable", "choice.renews")


def test_a_choice_names_a_licence_by_its_id_and_nothing_else() -> None:
    assert read_choice(KIND, f'{{"renews": "{RENEWS.upper()}"}}') == LicenceChoice(renews=RENEWS)
    for wrong in ('{"renews": "x"}', '{"code": "A"}'):
        with pytest.raises(Refusal):
            read_choice(KIND, wrong)


def test_words() -> None:
    facts = PLAN.as_facts()
    with translation.override("en"):
        assert KIND.explain("licence", facts) == "Pro · 1 year · 5 seats"
        assert KIND.explain("renewal", {**facts, "days": 0, "seats": 1}) == "Renewal · Pro · for good"
        assert [term_text(days) for days in (30, 90, 45)] == ["1 month", "3 months", "45 days"]
        assert KIND.describe({}) == []
        assert KIND.brief({"renews": RENEWS}) == "Renewal …000001"
