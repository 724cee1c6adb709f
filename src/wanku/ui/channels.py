"""Payment channels in words, for staff; buyers read the labels of methods instead."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

CHANNELS: Mapping[str, str | Promise] = {
    "wechat": _("WeChat Pay"),
    "alipay": _("Alipay"),
    "stripe": _("Bank cards (Stripe)"),
    "transfer": _("Bank transfer"),
    "sandbox": _("Sandbox bank"),
}


def channel_text(name: str) -> str | Promise:
    """A channel's name; a new one shows its own until it has one here."""
    return CHANNELS.get(name) or name.title()
