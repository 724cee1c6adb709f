"""The banks that there are: one line each."""

from typing import Final

from wanku.sandbox.banks.bank import Bank, Clock
from wanku.sandbox.banks.books import Books

KINDS: Final[tuple[type[Bank], ...]] = ()


def open_banks(books: Books, now: Clock) -> list[Bank]:
    """Every bank, on these books and by this clock."""
    return [kind(books, now) for kind in KINDS]
