"""The choice of pieces, for every split."""

from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wanku.fulfilment.pieces import Left, choose
from wanku.kernel.refusal import Refusal


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(-3, 12)), min_size=1, max_size=5))
def test_never_more_than_is_left(rows: list[tuple[int, int]]) -> None:
    lines = [Left(UUID(int=i), f"line {i}", left) for i, (left, _) in enumerate(rows)]
    wanted = {line.line_id: asked for line, (_, asked) in zip(lines, rows, strict=True)}
    try:
        chosen = choose(lines, wanted)
    except Refusal:
        assert any(asked < 0 or asked > left for left, asked in rows) or not any(asked for _, asked in rows)
        return
    assert chosen
    assert all(0 < n == wanted[line] for line, n in chosen.items())
    assert all(chosen.get(line.line_id, 0) <= line.left for line in lines)


def test_all_that_is_left() -> None:
    lines = [Left(UUID(int=1), "a", 2), Left(UUID(int=2), "b", 0)]
    assert choose(lines, None) == {UUID(int=1): 2}
    with pytest.raises(Refusal) as refused:
        choose([Left(UUID(int=1), "a", 0)], None)
    assert refused.value.code.name == "nothing_chosen"
