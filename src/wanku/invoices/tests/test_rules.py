"""Lines of invoices add up to the last minor unit."""

from hypothesis import given
from hypothesis import strategies as st

from wanku.invoices.rules import TAX_RATES_BP, Part, reversed_lines, sheet_lines, thawed
from wanku.kernel.money import portion

amounts = st.integers(min_value=0, max_value=10**9)
parts = st.lists(st.builds(Part, st.just("茶"), st.just(""), st.just(1), amounts), min_size=1, max_size=12)


@given(parts, st.integers(min_value=1, max_value=10**9), st.sampled_from(TAX_RATES_BP))
def test_lines_sum_to_the_amount_and_taxes_to_the_tax_of_all(given_parts: list[Part], amount: int, rate: int) -> None:
    lines = sheet_lines(given_parts, amount, rate)
    assert sum(line.amount for line in lines) == amount
    assert sum(line.tax for line in lines) == portion(amount, rate, 10_000 + rate)
    assert all(line.amount > 0 and 0 <= line.tax <= line.amount for line in lines)
    assert all(abs(line.tax * (10_000 + rate) - line.amount * rate) <= 2 * (10_000 + rate) for line in lines)


def test_what_fits_is_shared_as_it_is() -> None:
    lines = sheet_lines([Part("壶", "白", 2, 19_800), Part("运费", "", None, 1_200)], 21_000, 1300)
    assert [(line.amount, line.tax, line.net) for line in lines] == [(19_800, 2_278, 17_522), (1_200, 138, 1_062)]


def test_a_discount_touches_each_in_proportion_and_nothing_is_left_out() -> None:
    lines = sheet_lines(
        [Part("a", "", 1, 100), Part("b", "", 1, 100), Part("c", "", 1, 100), Part("d", "", 0, 0)], 200, 0
    )
    assert [(line.title, line.amount) for line in lines] == [("a", 67), ("b", 67), ("c", 66)]
    assert sheet_lines([Part("a", "", 1, 100)], 0, 1300) == []


def test_a_red_letter_is_the_same_below_zero_and_survives_storage() -> None:
    lines = sheet_lines([Part("壶", "白", 2, 19_800), Part("运费", "", None, 1_200)], 21_000, 1300)
    red = reversed_lines(lines)
    assert [(line.quantity, line.amount, line.tax) for line in red] == [(-2, -19_800, -2_278), (None, -1_200, -138)]
    assert [thawed(line.frozen()) for line in red] == red
