"""Accounts at payment channels as people may see them: identifiers by their ends, keys by a fingerprint, no secrets."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from wanku.payments.fields import BASE_URL, AccountField
from wanku.payments.gateways import GATEWAYS
from wanku.payments.models import ChannelAccount
from wanku.people.models import Person

SHOWN_WHOLE = 6
FINGERPRINT = 16


@dataclass(frozen=True, slots=True)
class Shown:
    """An account; ``values`` are msgids of labels with what may be seen."""

    row: ChannelAccount
    values: Sequence[tuple[str, str]]
    by: str


@dataclass(frozen=True, slots=True)
class Channel:
    """A channel that has accounts; the first account is the one in use."""

    name: str
    fields: Sequence[AccountField]
    accounts: Sequence[Shown]

    @property
    def off_at(self) -> datetime | None:
        """Since when buyers are not offered it."""
        return self.accounts[0].row.off_at if self.accounts else None


def channels(only: str = "") -> list[Channel]:
    """Every channel that can be set up, or one; the newest account first."""
    names = [name for name, gateway in GATEWAYS.items() if gateway.fields and only in ("", name)]
    rows = list(ChannelAccount.objects.filter(gateway__in=names).defer("sealed").order_by("-at", "-pk"))
    people = Person.objects.in_bulk({row.set_by for row in rows if row.set_by})
    who = {pk: person.name or f"#{pk}" for pk, person in people.items()}
    return [
        Channel(
            name,
            GATEWAYS[name].fields,
            [_shown(row, GATEWAYS[name].fields, who) for row in rows if row.gateway == name],
        )
        for name in names
    ]


def masked(value: str) -> str:
    """``…0156`` for an identifier; a key becomes a fingerprint, by which two people can compare it."""
    if len(value) > 100 or "\n" in value:
        return "SHA-256 " + sha256(value.encode()).hexdigest()[:FINGERPRINT]
    return value if len(value) <= SHOWN_WHOLE else f"…{value[-4:]}"


def _shown(row: ChannelAccount, fields: Sequence[AccountField], who: Mapping[int, str]) -> Shown:
    values = [(f.label, masked(row.public[f.name])) for f in fields if not f.secret and f.name in row.public]
    if BASE_URL.name in row.public:
        values.append((BASE_URL.label, row.public[BASE_URL.name]))
    return Shown(row, values, who.get(row.set_by or 0, ""))
