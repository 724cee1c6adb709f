"""The account by which a payment channel knows us."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime

from django.conf import settings
from django.db import transaction

from wanku.access.actor import Actor
from wanku.access.can import Permission, require
from wanku.audit.reason import reason
from wanku.audit.record import record
from wanku.kernel.refusal import BAD_VALUE, NOT_FOUND, Refusal, gettext_noop, refuse_all
from wanku.kernel.secrets import Unsealable, unseal
from wanku.payments.accounts import PURPOSE, add_account
from wanku.payments.fields import BASE_URL, LENGTH_MAX, AccountField, Wrong
from wanku.payments.gateways import GATEWAYS
from wanku.payments.models import ChannelAccount


def set_channel(
    gateway: str,
    *,
    public: Mapping[str, str],
    secret: Mapping[str, str],
    actor: Actor | None,
    now: datetime,
    because: str = "",
) -> ChannelAccount:
    """Use this account at the channel from now on; former ones still prove notices until they are ended.

    The account in use once more changes nothing. A channel that was taken off stays off.

    Args:
        public, secret: values by name, as the channel's `fields` say; empty optional ones are not kept.
        actor: None for the system, which sets up sandboxes; people say why (``because``).

    Raises:
        Refusal: ``not_found`` for a channel without an account; ``not_allowed``; ``bad_value`` naming each field that
            is missing, wrong or unknown, or ``because``.
    """
    if actor is not None:
        require(actor, Permission.CHANNELS_EDIT)
    channel = GATEWAYS.get(gateway)
    if channel is None or not channel.fields:
        raise Refusal(NOT_FOUND)
    fields = [*channel.fields, *([BASE_URL] if settings.SANDBOX else [])]
    kept, wrong = _checked(fields, public=public, secret=secret)
    if actor is not None:
        try:
            because = reason(because)
        except Refusal as refusal:
            wrong.append(refusal)
    refuse_all(wrong)
    shown = {field.name: kept[field.name] for field in fields if not field.secret and field.name in kept}
    hidden = {field.name: kept[field.name] for field in fields if field.secret and field.name in kept}
    with transaction.atomic():
        rows = ChannelAccount.objects.select_for_update(no_key=True).filter(gateway=gateway)
        before = rows.order_by("-at", "-pk").first()
        if before is not None and before.public == shown and _opened(before) == hidden:
            return before
        row = add_account(
            gateway,
            public=shown,
            secret=hidden,
            set_by=actor.person_id if actor else None,
            now=now,
            off_at=before.off_at if before else None,
        )
        record(
            "set_channel",
            actor_id=actor.person_id if actor else None,
            subject_type="channel_account",
            subject_id=row.pk,
            because=because,
            facts={"channel": gateway, "replaces": before.pk if before else None},
            now=now,
        )
    return row


def _checked(
    fields: Sequence[AccountField], *, public: Mapping[str, str], secret: Mapping[str, str]
) -> tuple[Mapping[str, str], list[Refusal]]:
    """The values as they are kept, and what is wrong with the others."""
    typed = {name: value.strip() for name, value in (*public.items(), *secret.items())}
    kept: dict[str, str] = {}
    wrong: list[Refusal] = []

    def no(name: str, problem: str) -> None:
        wrong.append(Refusal(BAD_VALUE, field=name, problem=problem))

    for field in fields:
        value = typed.get(field.name, "")
        if field.name in (public if field.secret else secret):
            no(field.name, gettext_noop("This is kept among the others."))
        elif len(value) > LENGTH_MAX:
            no(field.name, gettext_noop("This is too long."))
        elif value:
            try:
                kept[field.name] = field.check(value, typed)
            except Wrong as error:
                no(field.name, str(error))
        elif field.required:
            no(field.name, gettext_noop("Please fill this in."))
    known = {field.name for field in fields}
    for name in typed:
        if name not in known:
            no(name, gettext_noop("This channel has no such field."))
    return kept, wrong


def _opened(account: ChannelAccount) -> Mapping[str, str] | None:
    """Its secrets, or none where they can no longer be opened, so that it is replaced."""
    try:
        opened: Mapping[str, str] = json.loads(unseal(PURPOSE, account.sealed))
    except Unsealable:
        return None
    return opened
