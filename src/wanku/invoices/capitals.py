"""Amounts in the numerals that cannot be altered with a stroke (大写金额)."""

from typing import Final

_DIGITS: Final = "零壹贰叁肆伍陆柒捌玖"
_PLACES: Final = ("", "拾", "佰", "仟")
_GROUPS: Final = ("", "万", "亿")
_TOO_LARGE: Final = 10**14


def capitals(amount: int) -> str:
    """An amount of fen in words, ``壹拾贰圆零叁分``, ``叁佰圆整``; negative ones begin with 负.

    Written as cheques and invoices are (People's Bank of China, rules for filling in negotiable instruments): 圆 after
    the yuan, one 零 for any gap between digits, 整 where no fen follow.

    Raises:
        ValueError: a trillion yuan or more.
    """
    if abs(amount) >= _TOO_LARGE:
        raise ValueError("too large to be written out")
    yuan, rest = divmod(abs(amount), 100)
    jiao, fen = divmod(rest, 10)
    words = f"{_whole(yuan)}圆" if yuan or not rest else ""
    if jiao:
        # 零 also stands where the yuan end in a gap: 壹拾圆零伍角 reads as what it is.
        words += f"{'零' if yuan and yuan % 10 == 0 else ''}{_DIGITS[jiao]}角"
    elif fen and yuan:
        words += "零"
    words += f"{_DIGITS[fen]}分" if fen else "整"
    return f"负{words}" if amount < 0 else words


def _whole(number: int) -> str:
    if not number:
        return _DIGITS[0]
    groups = []
    while number:
        number, group = divmod(number, 10_000)
        groups.append(group)
    words, gap = "", False
    for index in reversed(range(len(groups))):
        group = groups[index]
        if not group:
            gap = bool(words)
            continue
        if words and (gap or group < 1000):
            words += "零"
        words += _four(group) + _GROUPS[index]
        gap = False
    return words


def _four(group: int) -> str:
    words, gap = "", False
    for place in (3, 2, 1, 0):
        digit = group // 10**place % 10
        if not digit:
            gap = bool(words)
            continue
        words += ("零" if gap else "") + _DIGITS[digit] + _PLACES[place]
        gap = False
    return words
