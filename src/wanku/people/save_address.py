"""Addresses in a person's book."""

from collections.abc import Mapping
from typing import Final

from wanku.kernel.refusal import NOT_FOUND, Code, Refusal, gettext_noop
from wanku.people.models import Address

BOOK_MAX: Final = 30
BOOK_FULL = Code(
    "address_book_full", gettext_noop("The address book holds at most %(most)s addresses. Please remove one first.")
)


def save_address(person_id: int, fields: Mapping[str, str], *, address_id: int | None, is_default: bool) -> Address:
    """Add an address, or change the one with ``address_id``. The caller holds the lock of the person.

    The first address becomes the default one by itself.

    Raises:
        Refusal: ``not_found`` for somebody else's address, ``address_book_full``.
    """
    mine = Address.objects.filter(person_id=person_id)
    if address_id is None:
        if mine.count() >= BOOK_MAX:
            raise Refusal(BOOK_FULL, most=BOOK_MAX)
        address = Address(person_id=person_id)
    else:
        found = mine.filter(pk=address_id).first()
        if found is None:
            raise Refusal(NOT_FOUND)
        address = found
    for name, value in fields.items():
        setattr(address, name, value)
    others = mine.exclude(pk=address.pk)
    if is_default:
        others.filter(is_default=True).update(is_default=False)
    address.is_default = is_default or not others.exists()
    address.save()
    return address


def remove_address(person_id: int, address_id: int) -> None:
    """Take an address out of the book; the next one becomes the default if this was it.

    Raises:
        Refusal: ``not_found``.
    """
    mine = Address.objects.filter(person_id=person_id)
    gone = mine.filter(pk=address_id).first()
    if gone is None:
        raise Refusal(NOT_FOUND)
    gone.delete()
    following = mine.first()
    if gone.is_default and following is not None:
        following.is_default = True
        following.save(update_fields=["is_default"])
