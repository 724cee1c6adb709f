"""How much goes back for what."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wanku.kernel.refusal import Refusal
from wanku.payments.refund_plan import Part, Plan, Refundable, Wanted, plan_refund

TEA, BAG = UUID(int=7), UUID(int=8)


def left(*parts: Part, freight: int = 800, shipped: bool = False) -> Refundable:
    return Refundable(parts, freight, "CNY", shipped)


def tea(to_ship: int = 3, pieces: int = 3, amount: int = 10_000) -> Part:
    return Part(TEA, "茶壶", to_ship, pieces, amount)


def bag(to_ship: int = 1, pieces: int = 1, amount: int = 12_000) -> Part:
    return Part(BAG, "包", to_ship, pieces, amount)


def after(state: Refundable, plan: Plan) -> Refundable:
    """What is left behind a refund."""
    done = {part.line_id: part for part in plan.parts}
    parts = []
    for part in state.parts:
        gone = done.get(part.line_id)
        if gone is not None:
            part = replace(  # noqa: PLW2901
                part,
                to_ship=part.to_ship - gone.called_off,
                pieces=part.pieces - gone.quantity,
                left=part.left - gone.amount,
            )
        parts.append(part)
    return replace(state, parts=parts, freight=state.freight - plan.freight)


def test_the_last_piece_takes_the_rest() -> None:
    state, sums = left(tea(), bag()), []
    for _ in range(3):
        plan = plan_refund(state, Wanted({TEA: 1}))
        sums.append(plan.amount)
        state = after(state, plan)
    assert sums == [3333, 3334, 3333]
    assert (state.parts[0].left, state.parts[0].pieces, state.parts[1].left, state.freight) == (0, 0, 12_000, 800)


def test_freight_goes_back_when_nothing_leaves_at_all() -> None:
    plan = plan_refund(left(tea(), bag()), Wanted({TEA: 3, BAG: 1}))
    assert (plan.amount, plan.freight, plan.whole, plan.stays) == (22_800, 800, True, 0)
    one = plan_refund(left(tea(), bag()), Wanted({TEA: 3}))
    assert (one.amount, one.freight, one.whole, one.stays) == (10_000, 0, False, 1)
    gone = plan_refund(left(tea(to_ship=0), shipped=True), Wanted({TEA: 3}))
    assert (gone.freight, gone.whole, gone.stays) == (0, False, 0)
    asked = plan_refund(left(tea(to_ship=0), shipped=True), Wanted({TEA: 3}, freight=True))
    assert (asked.freight, asked.whole) == (800, True)


def test_what_has_not_left_is_called_off_first() -> None:
    plan = plan_refund(left(tea(to_ship=1), shipped=True), Wanted({TEA: 2}))
    assert [(part.quantity, part.called_off) for part in plan.parts] == [(2, 1)]


def test_a_sum_is_spread_over_the_goods_then_taken_from_the_freight() -> None:
    plan = plan_refund(left(tea(), bag(), shipped=True), Wanted(amount=1_100))
    assert [(part.quantity, part.amount) for part in plan.parts] == [(0, 500), (0, 600)]
    assert (plan.freight, plan.whole, plan.stays) == (0, False, 4)
    most = plan_refund(left(tea(), bag(), shipped=True), Wanted(amount=22_500))
    assert (most.goods, most.freight, most.whole) == (22_000, 500, False)
    # With the last fen everything that has not left is called off, whatever it was asked as.
    every = plan_refund(left(tea(), bag(), shipped=True), Wanted(amount=22_800))
    assert (every.whole, every.stays, [part.called_off for part in every.parts]) == (True, 0, [3, 1])


@pytest.mark.parametrize(
    ("wanted", "code", "field"),
    [
        (Wanted({TEA: 4}), "refund_too_many_pieces", f"pieces.{TEA}"),
        (Wanted({TEA: -1}), "bad_value", f"pieces.{TEA}"),
        (Wanted({UUID(int=0): 1}), "bad_value", f"pieces.{UUID(int=0)}"),
        (Wanted(amount=22_801), "refund_too_much", "amount"),
        (Wanted({TEA: 3}, amount=12_801), "refund_too_much", "amount"),
        (Wanted(amount=22_001, freight=True), "refund_too_much", "amount"),
        (Wanted(amount=-1), "bad_value", "amount"),
        (Wanted({TEA: 0}), "nothing_to_refund_chosen", "pieces"),
    ],
)
def test_refusals(wanted: Wanted, code: str, field: str) -> None:
    with pytest.raises(Refusal) as no:
        plan_refund(left(tea(), bag(), shipped=True), wanted)
    assert (no.value.code.name, no.value.field) == (code, field)


def test_a_fee_is_kept_of_everything() -> None:
    """First of the goods, then of the freight; all pieces are called off."""
    plan = plan_refund(left(tea(), bag()), Wanted(everything=True, fee=2_200))
    assert [(part.quantity, part.called_off, part.amount) for part in plan.parts] == [(3, 3, 9_000), (1, 1, 10_800)]
    assert (plan.freight, plan.whole, plan.stays) == (800, False, 0)
    assert all(part.ends for part in plan.parts)
    most = plan_refund(left(tea(), bag()), Wanted(everything=True, fee=22_300))
    assert (most.goods, most.freight) == (0, 500)
    for fee in (22_800, 30_000):
        with pytest.raises(Refusal, match="nothing_to_refund_chosen"):
            plan_refund(left(tea(), bag()), Wanted(everything=True, fee=fee))


def test_what_a_fee_left_behind_goes_back_with_everything() -> None:
    state = left(tea(), freight=0)
    state = after(state, plan_refund(state, Wanted(everything=True, fee=2_500)))
    assert [(part.pieces, part.left) for part in state.parts] == [(0, 2_500)]
    plan = plan_refund(state, Wanted(everything=True))
    assert [(part.quantity, part.called_off, part.amount, part.ends) for part in plan.parts] == [(0, 0, 2_500, False)]
    assert plan.whole


def test_a_line_ends_with_its_last_piece() -> None:
    ends = [part.ends for part in plan_refund(left(tea(), bag()), Wanted({TEA: 2, BAG: 1})).parts]
    assert ends == [False, True]


def test_nothing_is_left() -> None:
    with pytest.raises(Refusal, match="nothing_to_refund"):
        plan_refund(left(tea(0, 0, 0), freight=0), Wanted(everything=True))


LINES = st.lists(
    st.tuples(st.integers(1, 7), st.integers(0, 100_000), st.integers(0, 7)).map(
        lambda x: Part(uuid4(), "t", min(x[0], x[2]), x[0], x[1])
    ),
    min_size=1,
    max_size=4,
)
STEPS = st.lists(
    st.fixed_dictionaries(
        {"share": st.integers(0, 100), "pieces": st.lists(st.integers(0, 7), max_size=4), "freight": st.booleans()}
    ),
    max_size=8,
)


@given(LINES, st.integers(0, 5_000), STEPS)
def test_parts_of_all_refunds_sum_to_what_was_paid(
    lines: Sequence[Part], freight: int, steps: Sequence[Mapping[str, Any]]
) -> None:
    """Whatever goes back in whatever order: never more than was paid, nothing below zero, and the rest is the rest."""
    shipped = any(part.to_ship < part.pieces for part in lines)
    state = Refundable(lines, freight, "CNY", shipped)
    paid, back = state.total, 0
    for step in [*steps, None]:
        wanted = Wanted(everything=True)
        if step is not None:
            pieces = {part.line_id: min(n, part.pieces) for part, n in zip(state.parts, step["pieces"], strict=False)}
            wanted = Wanted(pieces, state.total * step["share"] // 300, step["freight"])
        try:
            plan = plan_refund(state, wanted)
        except Refusal:
            continue
        assert plan.amount > 0
        assert all(part.amount >= 0 and 0 <= part.called_off <= part.quantity for part in plan.parts)
        state, back = after(state, plan), back + plan.amount
        assert back <= paid
        assert all(0 <= part.to_ship <= part.pieces and part.left >= 0 for part in state.parts)
        assert state.freight >= 0
        assert plan.whole is (state.total == 0)
        assert plan.stays == sum(part.to_ship for part in state.parts)
        # A line of which every piece was paid back has nothing left.
        assert all(part.left == 0 for part in state.parts if part.pieces == 0)
    assert back == paid
