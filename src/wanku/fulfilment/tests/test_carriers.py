"""Tracking numbers of each carrier."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wanku.fulfilment.carriers import CARRIERS, Carrier, check_tracking, choices
from wanku.kernel.refusal import Refusal


@pytest.mark.parametrize("carrier", CARRIERS.values(), ids=lambda c: c.code)
def test_the_example_is_right(carrier: Carrier) -> None:
    spaced = " ".join(carrier.example).lower()
    assert check_tracking(carrier.code, spaced) == (carrier, carrier.example)
    assert len(carrier.example) <= 40
    link = carrier.tracking_link(carrier.example)
    assert link == "" or (link.startswith("https://") and carrier.example in link)


@pytest.mark.parametrize("carrier", CARRIERS.values(), ids=lambda c: c.code)
def test_wrong_numbers(carrier: Carrier) -> None:
    for wrong in ("", "1", "x" * 41, "https://evil.example", "<b>1</b>", carrier.example + "/../"):
        with pytest.raises(Refusal) as refused:
            check_tracking(carrier.code, wrong)
        assert (refused.value.code.name, refused.value.field) == ("bad_tracking", "tracking")


@given(st.text(max_size=60))
def test_a_link_is_never_broken_out_of(number: str) -> None:
    link = CARRIERS["sf"].tracking_link(number)
    assert not set(link) & set("<>\"' \n")
    assert link.startswith("https://www.kuaidi100.com/chaxun?com=shunfeng&nu=")


def test_the_sandbox_is_offered_only_there() -> None:
    assert "sandbox" in dict(choices(sandbox=True))
    assert "sandbox" not in dict(choices(sandbox=False))
