"""What a checkout costs, pure."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wanku.kernel.refusal import Refusal
from wanku.pricing.freight import Rate, Template, freight_of
from wanku.pricing.quote import Extra, Offer, Wish, quote

TEA = Offer(
    variant_id=1,
    product_id=1,
    merchant_id=7,
    merchant_name="Bo",
    kind="ship",
    title="Tea",
    label="",
    sku="T1",
    slug="tea",
    merchant_slug="bo",
    picture_id=None,
    price=1000,
    currency="CNY",
    weight_g=300,
    extras=(Extra(5, "Box", 200),),
    supply_id=11,
    free=10,
    sellable=True,
    limit_per_order=None,
    returns={"rule": "no_reason", "days": 7},
    ship_within_hours=48,
    arrives_days=(2, 5),
    commission_bp=250,
)
BAG = replace(TEA, variant_id=2, product_id=2, merchant_id=8, merchant_name="Cy", supply_id=12, price=5000)
OFFERS = {1: TEA, 2: BAG}
BY_COUNT = Template("count", (Rate((), 1, 800, 1, 200), Rate(("浙江省",), 2, 500, 2, 100)), free_from=20_000)


def codes(quoted: object) -> list[str]:
    return [r.code.name for r in quoted.refusals]  # type: ignore[attr-defined]


def test_parts_and_totals() -> None:
    priced = quote([Wish(1, 2, (5,)), Wish(2, 1)], OFFERS, {7: BY_COUNT}, province="浙江省")
    tea, bag = priced.parts
    assert (tea.goods, tea.freight, tea.commission) == (2400, 500, 60)
    assert (bag.goods, bag.freight, bag.freight_reason.code) == (5000, 0, "free")
    assert (priced.goods, priced.freight, priced.total) == (7400, 500, 7900) and not priced.refusals


@pytest.mark.parametrize(
    ("units", "province", "goods", "amount", "reason"),
    [
        (1, None, 100, 800, "by_count"),
        (3, "北京市", 100, 1200, "by_count"),
        (2, "浙江省", 100, 500, "by_count"),
        (5, "浙江省", 100, 700, "by_count"),
        (1, "北京市", 19_999, 800, "by_count"),
        (1, "北京市", 20_000, 0, "free_from"),
    ],
)
def test_freight(units: int, province: str | None, goods: int, amount: int, reason: str) -> None:
    freight = freight_of(BY_COUNT, goods=goods, units=units, province=province, shop="Bo")
    assert (freight.amount, freight.reason.code) == (amount, reason)


def test_a_province_that_nobody_named_is_refused_when_there_is_no_rate_for_others() -> None:
    only = Template("count", (Rate(("浙江省",), 1, 0, 1, 0), Rate(("西藏自治区",), 1, 0, 1, 0, refused=True)))
    for province in ("北京市", "西藏自治区", None):
        with pytest.raises(Refusal) as no:
            freight_of(only, goods=1, units=1, province=province, shop="Bo")
        assert no.value.code.name == "not_shipped_there"


def test_weight_counts_started_steps() -> None:
    heavy = Template("weight", (Rate((), 500, 800, 1000, 300),))
    priced = quote([Wish(1, 4)], OFFERS, {7: heavy}, province=None)
    assert priced.freight == 800 + 300  # 1,200 g: 500 g and one started kilogram


def test_every_refusal_is_listed_at_once() -> None:
    offers = {1: replace(TEA, free=1, limit_per_order=1), 2: replace(BAG, sellable=False)}
    priced = quote([Wish(1, 2), Wish(2, 1), Wish(3, 1), Wish(1, 0)], offers, {}, province=None)
    assert codes(priced) == ["unavailable", "unavailable", "bad_quantity", "stock_short", "limit_per_order"]

    assert [r.field for r in priced.refusals] == [
        "lines.1",
        "lines.2",
        "lines.3.quantity",
        "lines.0.quantity",
        "lines.0.quantity",
    ]


def test_one_person_s_limit_counts_over_lines_and_is_left_to_the_engine() -> None:
    offers = {1: replace(TEA, limit_per_person=2)}
    wishes = [Wish(1, 2), Wish(1, 1, (5,))]
    priced = quote(wishes, offers, {}, province=None)
    assert [(r.code.name, r.field, r.facts["left"]) for r in priced.refusals] == [
        ("limit_per_person", "lines.1.quantity", 2)
    ]
    assert codes(quote(wishes, offers, {}, province=None, count_stock=False)) == []


def test_nothing_too_many_and_mixed_currencies() -> None:
    assert codes(quote([], OFFERS, {}, province=None)) == ["empty"]
    assert "too_many_lines" in codes(quote([Wish(1, 1)] * 101, {1: replace(TEA, free=1000)}, {}, province=None))
    mixed = {1: TEA, 2: replace(BAG, currency="USD")}
    assert codes(quote([Wish(1, 1), Wish(2, 1)], mixed, {}, province=None)) == ["mixed_currency"]


def test_the_engine_counts_stock_itself() -> None:
    assert not quote([Wish(1, 99)], OFFERS, {}, province=None, count_stock=False).refusals


@given(st.lists(st.tuples(st.sampled_from([1, 2]), st.integers(1, 50), st.booleans()), min_size=1, max_size=20))
def test_totals_always_add_up(wishes: list[tuple[int, int, bool]]) -> None:
    asked = [Wish(v, n, (5,) if box else ()) for v, n, box in wishes]
    priced = quote(asked, OFFERS, {7: BY_COUNT, 8: BY_COUNT}, province="浙江省")
    assert priced.total == sum(p.total for p in priced.parts) == priced.goods + priced.freight
    for part in priced.parts:
        assert part.goods == sum(x.unit_price * x.quantity for x in part.lines)
        assert 0 <= part.commission <= part.goods
