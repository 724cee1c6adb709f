"""Cutting pages, and gzip that compresses nothing of a reader's."""

import gzip

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wanku.ui.kept.pieces import Marks, Pieces

texts = st.lists(st.text(max_size=50), min_size=1, max_size=5)


def cut(*texts: str, slot: str = "own", widths: dict[str, int] | None = None) -> Pieces:
    """A page of these texts with a reader's part between each two."""
    marks = Marks()
    return marks.cut(marks.mark(slot).join(texts), widths)


@given(texts, st.binary(max_size=200))
def test_the_page_comes_whole_plain_and_packed(texts: list[str], part: bytes) -> None:
    page = cut(*texts)
    whole = part.join(text.encode() for text in texts)
    assert page.plain({"own": part}) == whole
    assert gzip.decompress(page.gzipped({"own": part})) == whole


def test_long_parts_too() -> None:
    part = b"x" * 200_000
    assert gzip.decompress(cut("<p>", "</p>").gzipped({"own": part})) == b"<p>" + part + b"</p>"


@given(texts, st.binary(min_size=7, max_size=7), st.binary(max_size=30))
def test_parts_of_known_width_too(texts: list[str], token: bytes, part: bytes) -> None:
    marks = Marks()
    again = "".join(texts)
    page = marks.cut(
        f"{again}{marks.mark('token')}{again}{marks.mark('own')}{again}{marks.mark('token')}", {"token": 7}
    )
    parts = {"token": token, "own": part}
    assert gzip.decompress(page.gzipped(parts)) == page.plain(parts)
    assert page.plain(parts) == again.encode() + token + again.encode() + part + again.encode() + token
    with pytest.raises(ValueError, match="width"):
        page.gzipped({**parts, "token": b"long enough"})


def test_texts_around_a_token_are_packed_as_one() -> None:
    marks = Marks()
    text = f"{marks.mark('token')}".join(["<p>the same words once more</p>" * 3] * 8)
    apart, together = (marks.cut(text, widths) for widths in ({}, {"token": 64}))
    assert sum(map(len, together.packed)) < sum(map(len, apart.packed)) / 2


def test_the_length_says_nothing_about_a_part() -> None:
    """Control: compressed as one text, the right guess makes the answer shorter, which is how secrets leak."""
    guesses = ["token=tiger-lily", "token=wrong-word"]
    pages = [cut(f"<p>{guess}</p>", "</form>", widths={"own": 16}) for guess in guesses]
    lengths = [len(page.gzipped({"own": b"token=tiger-lily"})) for page in pages]
    whole = [len(gzip.compress(f"<p>{guess}</p>token=tiger-lily</form>".encode(), mtime=0)) for guess in guesses]
    assert whole[0] < whole[1]
    without = [len(cut(f"<p>{guess}</p>").gzipped({})) for guess in guesses]
    assert lengths[1] - lengths[0] == without[1] - without[0]


def test_nobody_can_imitate_a_mark() -> None:
    marks, others = Marks(), Marks()
    page = marks.cut(f"{others.mark('csrf')}{marks.mark('name')}")
    assert page.slots == ("name",)


def test_the_same_page_has_the_same_digest_wherever_it_was_drawn() -> None:
    assert cut("a", "b").digest == cut("a", "b").digest
    assert len({cut("a", "b").digest, cut("a", "b", slot="x").digest, cut("ab", "").digest, cut("ab").digest}) == 4
