"""Amounts in words, as cheques have them."""

import pytest

from wanku.invoices.capitals import capitals

CASES = {
    0: "零圆整",
    1: "壹分",
    10: "壹角整",
    11: "壹角壹分",
    100: "壹圆整",
    101: "壹圆零壹分",
    110: "壹圆壹角整",
    1_000: "壹拾圆整",
    1_050: "壹拾圆零伍角整",
    140_950: "壹仟肆佰零玖圆伍角整",
    600_714: "陆仟零柒圆壹角肆分",
    168_032: "壹仟陆佰捌拾圆零叁角贰分",
    10_700_053: "壹拾万柒仟圆零伍角叁分",
    10_000_100: "壹拾万零壹圆整",
    100_000_000_00: "壹亿圆整",
    100_010_001_01: "壹亿零壹万零壹圆零壹分",
    1_000_000_010_000: "壹佰亿零壹佰圆整",
    -23_599: "负贰佰叁拾伍圆玖角玖分",
}


@pytest.mark.parametrize(("amount", "words"), CASES.items())
def test_words(amount: int, words: str) -> None:
    assert capitals(amount) == words


def test_too_large() -> None:
    with pytest.raises(ValueError, match="too large"):
        capitals(10**14)
