"""Transfers to our bank account, watched by people.

Nobody tells us of the money: two persons of finance read it from the statement of the bank (`BankTransfer`), and what
they agree on takes the path of every channel's word. So *query* never captures, a refund goes on until they have seen
it leave, and there are no notices and no bill of a channel.
"""

from collections.abc import Mapping, Sequence
from typing import Final

from wanku.kernel.refusal import gettext_noop
from wanku.kernel.text import clean
from wanku.payments.fields import AccountField, Wrong, matches

NAME: Final = "transfer"


def _line(value: str, typed: Mapping[str, str]) -> str:
    """One line of text of at most 120 characters."""
    text = clean(value)
    if not 1 <= len(text) <= 120:
        raise Wrong(gettext_noop("One line of at most 120 characters."))
    return text


FIELDS: Final[Sequence[AccountField]] = (
    AccountField("holder", gettext_noop("Account holder"), check=_line),
    AccountField("bank", gettext_noop("Bank and branch"), check=_line),
    AccountField(
        "account",
        gettext_noop("Account number"),
        check=matches(r"[A-Z0-9][A-Z0-9 -]{4,38}[A-Z0-9]", gettext_noop("Digits and capital letters, 6 to 40.")),
    ),
    AccountField(
        "bank_code",
        gettext_noop("Bank code (CNAPS or SWIFT)"),
        check=matches(r"[A-Z0-9]{8,14}", gettext_noop("Digits and capital letters, 8 to 14.")),
        required=False,
    ),
    AccountField(
        "currency",
        gettext_noop("Currency"),
        check=matches(r"[A-Z]{3}", gettext_noop("Three capital letters, such as CNY.")),
    ),
)
"""All of it is shown to buyers; the currency says for which orders."""
SHOWN: Final = ("holder", "bank", "account", "bank_code")
"""Lines of the account that a buyer needs, in this order, and after them ``quote``: the number to quote."""
