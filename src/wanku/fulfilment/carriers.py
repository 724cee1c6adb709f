"""The carriers that merchants may name, and what their tracking numbers look like.

The patterns are what the carriers print on labels, kept a little wide: a number is refused to catch typing slips, not
to prove that a parcel exists. Sources: the carriers' own tracking pages and the public code list of kuaidi100.com,
which also shows every Chinese carrier's tracking under one address.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final
from urllib.parse import quote

from django.utils.functional import Promise
from django.utils.translation import pgettext_lazy

from wanku.kernel.refusal import Code, Refusal, gettext_noop
from wanku.kernel.text import clean

UNKNOWN_CARRIER = Code("unknown_carrier", gettext_noop("Please choose one of the carriers in the list."), 422)
BAD_TRACKING = Code(
    "bad_tracking", gettext_noop("This is not a tracking number of %(carrier)s. Example: %(example)s."), 422
)
SANDBOX: Final = "sandbox"
BY_HAND: Final = "by_hand"


@dataclass(frozen=True, slots=True)
class Carrier:
    """A company that moves parcels.

    Attributes:
        name: in the reader's language.
        pattern: what a whole tracking number matches, in upper case.
        example: a number that would be right.
        link: address of a page that shows the tracking, with ``{number}``; empty when there is none.
    """

    code: str
    name: str | Promise
    pattern: str
    example: str
    link: str = ""

    def tracking_link(self, number: str) -> str:
        """Where a reader sees the tracking at the carrier's side, or nothing."""
        return self.link.format(number=quote(number, safe="")) if self.link else ""


def _chinese(code: str, name: str | Promise, pattern: str, example: str, slug: str) -> Carrier:
    return Carrier(code, name, pattern, example, f"https://www.kuaidi100.com/chaxun?com={slug}&nu={{number}}")


_p = pgettext_lazy
_ALL = (
    _chinese("sf", _p("carrier", "SF Express"), r"(SF)?\d{12,15}", "SF1234567890123", "shunfeng"),
    _chinese("jd", _p("carrier", "JD Logistics"), r"JD[A-Z0-9]{11,18}(-\d{1,3}-\d{1,3}-?)?", "JDV012345678901", "jd"),
    _chinese("zto", _p("carrier", "ZTO Express"), r"\d{12,15}", "75123456789012", "zhongtong"),
    _chinese("yto", _p("carrier", "YTO Express"), r"(YT)?[A-Z0-9]?\d{9,18}", "YT1234567890123", "yuantong"),
    _chinese("sto", _p("carrier", "STO Express"), r"\d{12,15}", "773012345678901", "shentong"),
    _chinese("yunda", _p("carrier", "Yunda Express"), r"\d{13,15}", "4312345678901", "yunda"),
    _chinese("jt", _p("carrier", "J&T Express"), r"(JT)?\d{12,15}", "JT0123456789012", "jtexpress"),
    _chinese("deppon", _p("carrier", "Deppon"), r"(DPK)?\d{8,15}", "DPK123456789012", "debangkuaidi"),
    _chinese("ems", _p("carrier", "EMS"), r"[A-Z]{2}\d{9}[A-Z]{2}|\d{13}", "EA123456789CN", "ems"),
    _chinese("post", _p("carrier", "China Post"), r"[A-Z]{2}\d{9}[A-Z]{2}|\d{13}", "9812345678901", "youzhengguonei"),
    Carrier(
        "dhl",
        "DHL Express",
        r"\d{10}|[A-Z]{3}\d{7,18}",
        "1234567890",
        "https://www.dhl.com/global-en/home/tracking.html?tracking-id={number}",
    ),
    Carrier(
        "ups",
        "UPS",
        r"1Z[A-Z0-9]{16}|\d{9,12}",
        "1Z9999999999999999",
        "https://www.ups.com/track?tracknum={number}",
    ),
    Carrier(
        "fedex", "FedEx", r"\d{12}|\d{15}|\d{20}", "123456789012", "https://www.fedex.com/fedextrack/?trknbr={number}"
    ),
    Carrier(BY_HAND, _p("carrier", "Delivered by the shop"), r"[A-Z0-9-]{4,32}", "A-1042"),
    # Moves its parcels by itself, for trying things out; see `wanku.sandbox.carrier`.
    Carrier(SANDBOX, _p("carrier", "Sandbox carrier"), r"SB\d{10}", "SB0123456789"),
)
CARRIERS: Mapping[str, Carrier] = MappingProxyType({carrier.code: carrier for carrier in _ALL})


def choices(*, sandbox: bool) -> list[tuple[str, str | Promise]]:
    """Code and name of every carrier, for a form; the sandbox one only where a sandbox runs."""
    return [(c.code, c.name) for c in CARRIERS.values() if sandbox or c.code != SANDBOX]


def plain_tracking(number: str) -> str:
    """A tracking number as it is stored: upper case, without blanks."""
    return "".join(clean(number).split()).upper()


def check_tracking(code: str, number: str) -> tuple[Carrier, str]:
    """The carrier, and the number as it is stored.

    Raises:
        Refusal: ``unknown_carrier`` on ``carrier``, ``bad_tracking`` on ``tracking``.
    """
    carrier = CARRIERS.get(code)
    if carrier is None:
        raise Refusal(UNKNOWN_CARRIER, field="carrier")
    number = plain_tracking(number)
    if not re.fullmatch(carrier.pattern, number, re.ASCII):
        raise Refusal(BAD_TRACKING, field="tracking", carrier=carrier.name, example=carrier.example)
    return carrier, number
