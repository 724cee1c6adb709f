"""Placing one checkout: every refusal, and that it changed nothing."""

import uuid
from dataclasses import replace
from typing import Any

import phonenumbers
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.cast import ADDRESS, NOW, Shop, category_of, product_of, supply_of, variant_of
from wanku.access.actor import Actor
from wanku.audit.models import Move
from wanku.catalog.models import ReturnRule, Variant
from wanku.flows.buying import _rows
from wanku.flows.buying._checkout import MAINLAND_MOBILE, _phone
from wanku.flows.buying.place_order import Checkout, Contact, place_order
from wanku.kernel.ids import clean_number
from wanku.kernel.money import Money
from wanku.kernel.refusal import Refusal
from wanku.orders.models import Line, Order, Trade
from wanku.pricing.models import FreightRate, FreightTemplate
from wanku.pricing.quote import Wish

pytestmark = pytest.mark.django_db


def checkout_of(actor: Actor, *wishes: Wish, total: int, key: str = "key-00000001", **fields: Any) -> Checkout:
    return Checkout(
        actor=actor,
        key=key,
        wishes=wishes,
        contact=Contact("安", "13800138000", "ANN@example.com"),
        address=ADDRESS,
        agreed_total=total,
        **fields,
    )


def test_one_checkout_becomes_a_trade_with_an_order_per_merchant(guest_actor: Actor, bo: Shop, cy: Shop) -> None:
    tea, bag = variant_of(product_of(bo.merchant)), variant_of(product_of(cy.merchant, "帆布包", prices=(12_000,)))
    placed = place_order(checkout_of(guest_actor, Wish(tea.pk, 2), Wish(bag.pk, 1), total=31_800), now=NOW)
    trade = Trade.objects.get(pk=placed.trade_id)
    assert (trade.state, trade.amount, trade.guest_key) == ("placed", 31_800, guest_actor.guest_key)
    assert clean_number(trade.number) == trade.number
    assert trade.due_at is not None and (trade.due_at - NOW).total_seconds() == 900
    assert trade.contact_email == "ann@example.com" and trade.contact_phone == "+8613800138000"
    orders = list(Order.objects.filter(trade=trade).order_by("merchant_id"))
    assert [(o.merchant_id, o.goods, o.freight) for o in orders] == [
        (bo.merchant.pk, 19_800, 0),
        (cy.merchant.pk, 12_000, 0),
    ]
    assert orders[0].commission == 594 and orders[0].terms["ship_within_hours"] == 48
    assert (supply_of(tea).free, supply_of(tea).held) == (8, 2)
    moves = Move.objects.filter(trade_id=trade.pk).order_by("id")
    assert [(m.subject_type, m.to_state) for m in moves] == [
        ("trade", "placed"),
        ("order", "placed"),
        ("order", "placed"),
    ]


def test_the_same_key_gives_the_same_trade(guest_actor: Actor, bo: Shop) -> None:
    wish = Wish(variant_of(product_of(bo.merchant)).pk, 1)
    first = place_order(checkout_of(guest_actor, wish, total=9_900), now=NOW)
    again = place_order(checkout_of(guest_actor, wish, total=9_900), now=NOW)
    assert (again.trade_id, again.repeated, first.repeated) == (first.trade_id, True, False)
    assert Trade.objects.count() == 1


def test_the_same_key_with_another_body_is_refused(guest_actor: Actor, bo: Shop) -> None:
    variant = variant_of(product_of(bo.merchant))
    place_order(checkout_of(guest_actor, Wish(variant.pk, 1), total=9_900), now=NOW)
    with pytest.raises(Refusal) as no:
        place_order(checkout_of(guest_actor, Wish(variant.pk, 2), total=19_800), now=NOW)
    assert no.value.code.name == "request_key_reused"
    assert Trade.objects.count() == 1 and supply_of(variant).held == 1


def test_two_buyers_never_share_a_key(guest_actor: Actor, ann_actor: Actor, bo: Shop) -> None:
    wish = Wish(variant_of(product_of(bo.merchant)).pk, 1)
    first = place_order(checkout_of(guest_actor, wish, total=9_900), now=NOW)
    second = place_order(checkout_of(ann_actor, wish, total=9_900), now=NOW)
    assert first.trade_id != second.trade_id


@pytest.mark.parametrize(
    ("change", "code", "field"),
    [
        ({"key": "short"}, "bad_request_key", "key"),
        ({"key": "has spaces in it"}, "bad_request_key", "key"),
        ({"agreed_total": 9_800}, "price_changed", "agreed_total"),
        ({"contact": Contact("", "13800138000")}, "missing", "contact.name"),
        ({"contact": Contact("安")}, "no_contact", "contact.phone"),
        ({"contact": Contact("安", "12")}, "bad_phone", "contact.phone"),
        ({"contact": Contact("安", "", "nonsense")}, "bad_email", "contact.email"),
        ({"contact": Contact("安" * 61, "13800138000")}, "too_long", "contact.name"),
        ({"address": {**ADDRESS, "province": ""}}, "missing", "address.province"),
        ({"address": {**ADDRESS, "line": "长" * 201}}, "too_long", "address.line"),
        ({"address": {**ADDRESS, "phone": "abc"}}, "bad_phone", "address.phone"),
        ({"notes": {1: "x" * 201}}, "too_long", "notes.1"),
        ({"wishes": ()}, "empty", "lines"),
    ],
)
def test_a_refusal_names_the_field_and_changes_nothing(
    guest_actor: Actor, bo: Shop, change: dict[str, Any], code: str, field: str
) -> None:
    variant = variant_of(product_of(bo.merchant))
    checkout = replace(checkout_of(guest_actor, Wish(variant.pk, 1), total=9_900), **change)
    with pytest.raises(Refusal) as no:
        place_order(checkout, now=NOW)
    assert (no.value.code.name, no.value.field) == (code, field)
    assert not Trade.objects.exists() and not Move.objects.exists()
    assert (supply_of(variant).free, supply_of(variant).held) == (10, 0)


def test_the_new_total_is_told(guest_actor: Actor, bo: Shop) -> None:
    wish = Wish(variant_of(product_of(bo.merchant)).pk, 1)
    with pytest.raises(Refusal) as no:
        place_order(checkout_of(guest_actor, wish, total=1), now=NOW)
    assert no.value.facts["total"] == Money(9_900, "CNY")


def test_too_little_stock_is_refused_whole(guest_actor: Actor, bo: Shop) -> None:
    plenty, scarce = variant_of(product_of(bo.merchant)), variant_of(product_of(bo.merchant, stock=1))
    with pytest.raises(Refusal) as no:
        place_order(checkout_of(guest_actor, Wish(plenty.pk, 1), Wish(scarce.pk, 2), total=29_700), now=NOW)
    assert (no.value.code.name, no.value.field, no.value.facts["left"]) == ("stock_short", "lines.1.quantity", 1)
    assert supply_of(plenty).held == 0 and not Trade.objects.exists()


def test_add_ons_split_lines_but_share_the_stock(guest_actor: Actor, bo: Shop) -> None:
    product = product_of(bo.merchant, stock=2, add_ons=[("礼盒", 500)])
    variant, extra = variant_of(product), product.add_ons.get()
    wishes = (Wish(variant.pk, 1), Wish(variant.pk, 2, (extra.pk,)))
    with pytest.raises(Refusal) as no:
        place_order(checkout_of(guest_actor, *wishes, total=9_900 + 2 * 10_400), now=NOW)
    assert no.value.code.name == "stock_short"
    placed = place_order(
        checkout_of(guest_actor, Wish(variant.pk, 1), Wish(variant.pk, 1, (extra.pk,)), total=20_300), now=NOW
    )
    prices = set(Line.objects.filter(order__trade_id=placed.trade_id).values_list("unit_price", flat=True))
    assert prices == {9_900, 10_400}


@pytest.mark.parametrize(
    ("state", "merchant_state", "active"),
    [
        ("off", "active", True),
        ("on_sale", "suspended", True),
        ("on_sale", "restricted", True),
        ("on_sale", "active", False),
    ],
)
def test_what_is_not_offered_cannot_be_ordered(
    guest_actor: Actor, bo: Shop, state: str, merchant_state: str, active: bool
) -> None:
    product = product_of(bo.merchant, state=state)
    variant = variant_of(product)
    variant.is_active = active
    variant.save()
    bo.merchant.state = merchant_state
    bo.merchant.save()
    with pytest.raises(Refusal) as no:
        place_order(checkout_of(guest_actor, Wish(variant.pk, 1), total=9_900), now=NOW)
    assert no.value.code.name == "unavailable" and not Trade.objects.exists()


def test_unknown_things_are_refused(guest_actor: Actor, bo: Shop) -> None:
    variant = variant_of(product_of(bo.merchant))
    for wish, code in [
        (Wish(999_999, 1), "unavailable"),
        (Wish(variant.pk, 0), "bad_quantity"),
        (Wish(variant.pk, 1000), "bad_quantity"),
        (Wish(variant.pk, 1, (123,)), "add_on_unavailable"),
    ]:
        with pytest.raises(Refusal) as no:
            place_order(checkout_of(guest_actor, wish, total=9_900), now=NOW)
        assert no.value.code.name == code
    assert not Trade.objects.exists()


def test_freight_is_part_of_the_total_and_a_refused_province_is_told(guest_actor: Actor, bo: Shop) -> None:
    template = FreightTemplate.objects.create(merchant=bo.merchant, name="标准", is_default=True, free_from=50_000)
    FreightRate.objects.create(template=template, first=1, first_fee=800, step=1, step_fee=200)
    FreightRate.objects.create(template=template, provinces=["西藏自治区"], refused=True)
    wish = Wish(variant_of(product_of(bo.merchant)).pk, 3)
    placed = place_order(checkout_of(guest_actor, wish, total=29_700 + 1_200), now=NOW)
    order = Order.objects.get(trade_id=placed.trade_id)
    assert (order.freight, order.terms["freight_reason"]["code"]) == (1_200, "by_count")
    far = replace(
        checkout_of(guest_actor, wish, total=30_900, key="key-00000002"), address={**ADDRESS, "province": "西藏自治区"}
    )
    with pytest.raises(Refusal) as no:
        place_order(far, now=NOW)
    assert no.value.code.name == "not_shipped_there"


def test_no_return_needs_a_tick_of_its_own(guest_actor: Actor, bo: Shop) -> None:
    category = category_of("food", return_rule=ReturnRule.EXCLUDABLE)
    variant = variant_of(product_of(bo.merchant, category=category))
    first = place_order(checkout_of(guest_actor, Wish(variant.pk, 1), total=9_900), now=NOW)
    ticked = checkout_of(
        guest_actor, Wish(variant.pk, 1), total=9_900, key="key-00000002", agreed_no_return=frozenset({variant.pk})
    )
    second = place_order(ticked, now=NOW)
    agreed = [Line.objects.get(order__trade_id=p.trade_id).returns["agreed"] for p in (first, second)]
    assert agreed == [False, True]


def test_the_low_stock_mark_is_set_once(guest_actor: Actor, bo: Shop) -> None:
    variant = variant_of(product_of(bo.merchant, stock=6))
    place_order(checkout_of(guest_actor, Wish(variant.pk, 1), total=9_900), now=NOW)
    assert supply_of(variant).low_since == NOW


def test_query_count_does_not_grow_with_the_cart(
    guest_actor: Actor, bo: Shop, cy: Shop, django_assert_num_queries: Any
) -> None:
    variants = [variant_of(product_of(shop.merchant)) for shop in (bo, cy) for _ in range(4)]
    wishes = tuple(Wish(v.pk, 1) for v in variants)
    place_order(checkout_of(guest_actor, *wishes, total=79_200, key="warm-00000001"), now=NOW)
    for count in (2, 8):
        checkout = checkout_of(guest_actor, *wishes[:count], total=9_900 * count, key=f"key-{uuid.uuid4()}")
        with django_assert_num_queries(7):  # four of ours with their setting, and a savepoint
            place_order(checkout, now=NOW)


@given(st.from_regex(MAINLAND_MOBILE, fullmatch=True))
def test_mobile_numbers_are_read_as_the_library_reads_them(text: str) -> None:
    refusals: list[Refusal] = []
    number = phonenumbers.parse(text, "CN")
    assert _phone(text, "x", refusals) == phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    assert phonenumbers.is_possible_number(number) and not refusals


def test_a_price_that_changed_meanwhile_is_seen(guest_actor: Actor, bo: Shop) -> None:
    """The engine keeps offers in memory; what a merchant saved before the order counts, whatever is kept."""
    variant = variant_of(product_of(bo.merchant))
    place_order(checkout_of(guest_actor, Wish(variant.pk, 1), total=9_900, key="key-00000001"), now=NOW)
    Variant.objects.filter(pk=variant.pk).update(price=8_800)
    with pytest.raises(Refusal) as caught:
        place_order(checkout_of(guest_actor, Wish(variant.pk, 1), total=9_900, key="key-00000002"), now=NOW)
    assert (caught.value.code.name, caught.value.facts["total"]) == ("price_changed", Money(8_800, "CNY"))
    place_order(checkout_of(guest_actor, Wish(variant.pk, 1), total=8_800, key="key-00000002"), now=NOW)
    assert list(Line.objects.order_by("id").values_list("unit_price", flat=True)) == [9_900, 8_800]


def test_a_number_that_was_drawn_before_is_drawn_anew(
    guest_actor: Actor, bo: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn = iter(["26112100000000011", "26112100000000022"] * 2 + ["26112100000000033", "26112100000000044"])
    monkeypatch.setattr(_rows, "new_number", lambda now: next(drawn))
    variant = variant_of(product_of(bo.merchant))
    for key in ("key-00000001", "key-00000002"):
        place_order(checkout_of(guest_actor, Wish(variant.pk, 1), total=9_900, key=key), now=NOW)
    assert list(Trade.objects.order_by("id").values_list("number", flat=True))[1] == "26112100000000033"
    assert supply_of(variant).held == 2
