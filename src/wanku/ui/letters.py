"""Notices in words: on the site in the language of the page, by e-mail in the reader's."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext

from wanku.fulfilment.carriers import CARRIERS
from wanku.kernel.money import Money
from wanku.merchants.models import Invitation
from wanku.notices.letter import Letter
from wanku.notices.models import Notice
from wanku.notices.texts import WORDINGS
from wanku.ui import words
from wanku.ui.booking_words import booked_text
from wanku.ui.channels import channel_text


@dataclass(frozen=True, slots=True)
class Shown:
    """A notice as a page shows it.

    Attributes:
        lines: the text, line by line; may be empty.
        action: label of the link.
        url: path on this site; empty for none.
    """

    title: str
    lines: tuple[str, ...]
    action: str
    url: str


def shown(notice: Notice) -> Shown:
    """The notice in the language that is active.

    A fact that is missing shows as ``…``, and a kind that is no longer known by its name: an old notice must never
    break the list it stands in.
    """
    wording = WORDINGS.get(notice.kind)
    if wording is None:
        return Shown(notice.kind.replace("_", " "), (), gettext("See more"), notice.link)
    facts = _Lenient({name: _fact(name, value) for name, value in notice.facts.items()})
    text = gettext(wording.text) % facts if wording.text else ""
    lines = tuple(line for line in text.splitlines() if line.strip())
    return Shown(gettext(wording.title) % facts, lines, gettext(wording.action), notice.link)


def letter(notice: Notice) -> Letter:
    """The notice as an e-mail in its reader's language, with whole addresses and a line against phishing."""
    with translation.override(notice.language):
        return _letter(shown(notice), may_switch_off=not notice.reader.startswith("guest:"))


def invitation_letter(invitation: Invitation, token: str) -> Letter:
    """An offer of a seat at a desk, in the language of who invites."""
    with translation.override(invitation.language):
        facts = {
            "shop": invitation.merchant.name,
            "role": invitation.get_role_display(),
            "until": words.exact_text(invitation.expires_at),
        }
        offer = gettext("%(shop)s invites you to its merchant desk at Wanku, as: %(role)s.") % facts
        how = gettext(
            "Open the link and sign in to accept. It works once, until %(until)s. If you do not expect it, ignore "
            "this message."
        )
        url = reverse("merchant_desk:invitation", args=[token])
        title = gettext("%(shop)s invites you to its desk") % facts
        return _letter(Shown(title, (offer, how % facts), gettext("See the invitation"), url), may_switch_off=False)


def _letter(view: Shown, *, may_switch_off: bool) -> Letter:
    context = {
        "view": view,
        "url": f"{settings.PUBLIC_URL}{view.url}" if view.url else "",
        "site": settings.PUBLIC_URL,
        "warning": gettext(
            "Every link in this message leads to %(site)s. We never ask for a password, a code or a payment "
            "by e-mail; if a message does, it is not from us."
        )
        % {"site": settings.PUBLIC_URL},
        "may_switch_off": may_switch_off,
        "language": words.html_language(),
    }
    text = render_to_string("ui/letter.txt", context)
    return Letter(view.title, text, render_to_string("ui/letter.html", context))


class _Lenient(dict[str, str]):
    def __missing__(self, key: str) -> str:
        return "…"


def _fact(name: str, value: Any) -> str:
    if isinstance(value, Mapping):
        if "money" in value:
            amount, currency = value["money"]
            return words.money_text(Money(amount, currency))
        if "titles" in value:
            return booked_text(value)
        return words.exact_text(datetime.fromisoformat(value["at"]))
    if name == "carrier" and value in CARRIERS:
        return str(CARRIERS[value].name)
    if name == "gateway":
        return str(channel_text(value))
    if name == "day":
        return words.day_text(date.fromisoformat(value))
    if name == "number":
        return str(value) or "—"
    if isinstance(value, int) and not isinstance(value, bool):
        return words.number_text(value)
    return str(value)
