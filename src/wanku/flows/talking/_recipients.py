"""Where people read what they are told."""

from collections.abc import Collection, Mapping

from wanku.merchants.models import Merchant, Staff, StaffRole
from wanku.notices.tell import PLATFORM_READER, Recipient
from wanku.orders.models import Trade
from wanku.people.models import Person

PLATFORM = Recipient(PLATFORM_READER)


def buyer_of(trade: Trade, person: Person | None) -> Recipient:
    """The buyer of a trade: a member on the site and by e-mail, a guest by e-mail."""
    if person is None:
        return Recipient(f"guest:{trade.pk}", in_app=False, address=trade.contact_email, language=trade.language)
    return member(person, trade.contact_email)


def member(person: Person, address: str = "") -> Recipient:
    """A person with an account; ``address`` where they asked to be written about this matter."""
    return Recipient(f"person:{person.pk}", address=address or person.email or "", language=person.language)


def desks(merchants: Collection[Merchant]) -> Mapping[int, Recipient]:
    """Desks by merchant: every seat reads on the site, the contact address by e-mail, in the owner's language."""
    owners = Staff.objects.filter(merchant__in=merchants, role=StaffRole.OWNER).order_by("-pk")
    languages = dict(owners.values_list("merchant_id", "person__language"))
    return {
        m.pk: Recipient(f"merchant:{m.pk}", address=m.contact_email, language=languages.get(m.pk, "zh-hans"))
        for m in merchants
    }
