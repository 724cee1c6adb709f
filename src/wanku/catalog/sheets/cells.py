"""Cells to values. Each reader raises a `Refusal` that says what would be right; who calls it adds row and column."""

import re
import unicodedata
from collections.abc import Callable, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.text import slugify

from wanku.catalog import rules
from wanku.catalog.sheets.refusals import (
    BAD_HANDLE,
    CELL_NO_ADDRESS,
    CELL_NO_CHOICE,
    CELL_NO_NUMBER,
    CELL_NO_PAIR,
    CELL_NO_PRICE,
    CELL_TOO_LONG,
)
from wanku.kernel.money import AMOUNT_MAX, Money, from_major, major
from wanku.kernel.refusal import Refusal
from wanku.kernel.text import clean

STATES = ("draft", "on_sale", "off")
RULES = ("no_reason", "excludable", "never")
YES_NO = ("yes", "no")
YES_NO_WORDS = {"": "no", "是": "yes", "否": "no"}
STATE_WORDS = {"草稿": "draft", "上架": "on_sale", "在售": "on_sale", "下架": "off", "已下架": "off"}
PRICE_MAX = AMOUNT_MAX // 1_000_000
STOCK_MAX = 10_000_000
LONGEST = {
    "title": rules.TITLE_MAX,
    "subtitle": rules.SUBTITLE_MAX,
    "brand": rules.BRAND_MAX,
    "description": rules.DESCRIPTION_MAX,
    "sku": rules.SKU_MAX,
    "barcode": rules.BARCODE_MAX,
}
SHOWN = 40


def plain(text: str) -> str:
    """Full-width digits and signs as ordinary ones, without currency, unit or thousands."""
    return unicodedata.normalize("NFKC", text).strip().lstrip("¥$").removesuffix("元").replace(",", "").strip()


def text(most: int, *, lines: bool = False) -> Callable[[str], str]:
    """A reader of texts of at most ``most`` characters."""

    def read(cell: str) -> str:
        found = clean(cell, lines=lines)
        if len(found) > most:
            raise Refusal(CELL_TOO_LONG, most=most, length=len(found))
        return found

    return read


def price(cell: str) -> int | None:
    """Minor units above zero, or none for an empty cell."""
    return _amount(cell, least=1) if cell else None


def extra(cell: str) -> int:
    """Minor units from zero up; zero for an empty cell."""
    return _amount(cell, least=0) if cell else 0


def _amount(cell: str, *, least: int) -> int:
    try:
        amount = from_major(Decimal(plain(cell)), "CNY").amount
    except (InvalidOperation, ValueError, TypeError):
        raise Refusal(CELL_NO_PRICE, value=cell[:SHOWN]) from None
    if not least <= amount <= PRICE_MAX:
        raise Refusal(CELL_NO_PRICE, value=cell[:SHOWN])
    return amount


def whole(least: int, most: int) -> Callable[[str], int | None]:
    """A reader of whole numbers; none for an empty cell."""

    def read(cell: str) -> int | None:
        if not cell:
            return None
        found = plain(cell)
        found = found.removesuffix(".0")
        if not re.fullmatch(r"-?[0-9]{1,12}", found) or not least <= int(found) <= most:
            raise Refusal(CELL_NO_NUMBER, value=cell[:SHOWN], least=least, most=most)
        return int(found)

    return read


def choice(*choices: str, words: Mapping[str, str] | None = None) -> Callable[[str], str]:
    """A reader of one of some words; empty stays empty."""

    def read(cell: str) -> str:
        found = (words or {}).get(cell.strip(), cell.strip().lower())
        if found and found not in choices:
            raise Refusal(CELL_NO_CHOICE, value=cell[:SHOWN], choices=", ".join(choices))
        return found

    return read


def handle(cell: str) -> str:
    """A product's name in addresses, in the one spelling that addresses have; anything else would be stored otherwise
    and not be found again by the next import.
    """
    found = unicodedata.normalize("NFKC", cell).strip().lower()
    if not found or found != slugify(found, allow_unicode=True) or len(found) > rules.SLUG_MAX:
        raise Refusal(BAD_HANDLE, value=cell[:SHOWN])
    return found


def slugged(words: str) -> str:
    """A handle made of some words."""
    return slugify(unicodedata.normalize("NFKC", words), allow_unicode=True)[: rules.SLUG_MAX].strip("-_")


def pairs(cell: str) -> tuple[tuple[str, str], ...]:
    """``name=value`` lines."""
    found = []
    for line in _lines(cell):
        cut = _cut(line)
        name, value = clean(line[:cut].replace("\\=", "=").replace("\\\\", "\\")), clean(line[cut + 1 :])
        if cut < 0 or not name or not value:
            raise Refusal(CELL_NO_PAIR, value=line[:SHOWN])
        found.append((name, value))
    return tuple(found)


def _cut(line: str) -> int:
    """Where the first equals sign stands that has no backslash before it, or -1."""
    skip = False
    for at, sign in enumerate(line):
        if sign == "=" and not skip:
            return at
        skip = sign == "\\" and not skip
    return -1


def priced_pairs(cell: str) -> tuple[tuple[str, int], ...]:
    """``name=price`` lines; a price may be zero."""
    return tuple((name, _amount(value, least=0)) for name, value in pairs(cell))


def pictures(cell: str) -> tuple[tuple[str, str], ...]:
    """Addresses with what the picture shows, one a line."""
    found = []
    for line in _lines(cell):
        address, _, alt = line.partition(" ")
        found.append((picture_address(address), clean(alt)[:200]))
    return tuple(found)


def picture_address(cell: str) -> str:
    """An http(s) address, as text; nobody fetches it."""
    if not re.fullmatch(r"https?://[^\s<>\"']{3,990}", cell):
        raise Refusal(CELL_NO_ADDRESS, value=cell[:SHOWN])
    return cell


def _lines(cell: str) -> list[str]:
    return [line for raw in cell.replace("\r\n", "\n").replace("\r", "\n").split("\n") if (line := raw.strip())]


def price_text(amount: int | None) -> str:
    """``12.50``, or empty."""
    return "" if amount is None else format(major(Money(amount, "CNY")), "f")


def pairs_text(found: tuple[tuple[str, Any], ...], *, priced: bool = False) -> str:
    """What `pairs` and `priced_pairs` read."""
    lines = []
    for name, value in found:
        safe = name.replace("\\", "\\\\").replace("=", "\\=")
        lines.append(f"{safe}={price_text(value) if priced else value}")
    return "\n".join(lines)


def pictures_text(found: tuple[tuple[str, str], ...]) -> str:
    """What `pictures` reads."""
    return "\n".join(f"{address} {alt}".strip() for address, alt in found)
