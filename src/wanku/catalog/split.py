"""Splitting text into the words that search compares, Chinese without spaces included."""

import re
import unicodedata
from collections.abc import Iterator

_WORD = re.compile(r"[^\W_]+(?:\.\d+)*")
_HAN = re.compile(r"[㐀-䶿一-鿿豈-﫿]+")
# Words that stand in every sentence and tell nothing apart.
STOP = frozenset({"的", "了", "和", "与", "或", "在", "是", "我", "你", "a", "an", "and", "the", "of", "for", "with"})
WORD_MAX = 40


def fold(text: str) -> str:
    """One spelling for all: full-width letters become half-width, capitals small."""
    return unicodedata.normalize("NFKC", text).casefold()


def words(text: str, *, fine: bool) -> list[str]:
    """The words of a text in order, each once.

    Args:
        fine: also the words within words (充电器: 充电, 电器), as an index wants them; a query wants them whole.
    """
    # Its dictionary takes 30 MB and a seventh of a second: only processes that search or index pay for it.
    import rjieba  # noqa: PLC0415

    cut = rjieba.cut_for_search if fine else rjieba.cut
    found = (match.group()[:WORD_MAX] for piece in cut(fold(text)) for match in _WORD.finditer(piece))
    return [word for word in dict.fromkeys(found) if word not in STOP]


def grams(text: str) -> list[str]:
    """Single characters and neighbouring pairs of Chinese text, each once.

    Splitting depends on the neighbourhood, so the word of a query need not be among the words of a title that
    contains it; the pairs are there in any case.
    """
    return list(dict.fromkeys(_grams(fold(text))))


def pairs(text: str) -> list[str]:
    """What `grams` to ask for: pairs, and a character only where it stands alone."""
    return list(dict.fromkeys(gram for run in _HAN.findall(fold(text)) for gram in (_pairs(run) or [run])))


def _grams(text: str) -> Iterator[str]:
    for run in _HAN.findall(text):
        yield from run
        yield from _pairs(run)


def _pairs(run: str) -> list[str]:
    return [run[i : i + 2] for i in range(len(run) - 1)]
