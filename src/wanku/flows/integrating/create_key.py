"""A new key for a program."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from django.db import transaction

from wanku.access.actor import Actor
from wanku.access.can import Permission, can, require
from wanku.access.issue_key import issue_key
from wanku.access.models import ApiKey
from wanku.access.scopes import MERCHANT_SCOPES, PERSON_SCOPES
from wanku.audit.record import record
from wanku.kernel.refusal import BAD_VALUE, NOT_ALLOWED, SIGN_IN, Code, Refusal, gettext_noop
from wanku.kernel.text import clean
from wanku.people.models import Person

KEYS_MAX: Final = 20
TOO_MANY_KEYS: Final = Code("too_many_keys", gettext_noop("You have %(most)s keys already. Revoke one first."), 409)


def create_key(
    *, name: str, merchant_id: int | None, scopes: Sequence[str], actor: Actor, now: datetime
) -> tuple[ApiKey, str]:
    """Give a member a key for their own purchases, or for a merchant's desk.

    Returns:
        the stored row, and the key itself, which is never shown again.

    Raises:
        Refusal: ``sign_in``, ``not_allowed`` (also for a key that asks for a key), ``bad_value`` naming ``name`` or
            ``scopes``, ``too_many_keys``.
    """
    if actor.person_id is None:
        raise Refusal(SIGN_IN)
    if actor.scopes is not None:
        raise Refusal(NOT_ALLOWED, because=gettext_noop("a key cannot make keys"))
    if merchant_id is not None:
        require(actor, Permission.KEYS_EDIT, merchant_id)
    name = clean(name)
    if not 1 <= len(name) <= 60:
        raise Refusal(BAD_VALUE, field="name", problem=gettext_noop("Give the key a name of at most 60 characters."))
    _check_scopes(scopes, actor, merchant_id)
    with transaction.atomic():
        # The person's row is the lock that keeps two requests from both taking the last place.
        Person.objects.select_for_update(no_key=True).get(pk=actor.person_id)
        if ApiKey.objects.filter(person_id=actor.person_id, revoked_at=None).count() >= KEYS_MAX:
            raise Refusal(TOO_MANY_KEYS, most=KEYS_MAX)
        row, secret = issue_key(
            person_id=actor.person_id, merchant_id=merchant_id, name=name, scopes=list(set(scopes)), now=now
        )
        record(
            "key.create",
            actor_id=actor.person_id,
            merchant_id=merchant_id,
            subject_type="api_key",
            subject_id=row.pk,
            facts={"prefix": row.prefix, "scopes": row.scopes},
            now=now,
        )
    return row, secret


def _check_scopes(scopes: Sequence[str], actor: Actor, merchant_id: int | None) -> None:
    known = PERSON_SCOPES if merchant_id is None else MERCHANT_SCOPES
    if not scopes or not set(scopes) <= set(known):
        raise Refusal(
            BAD_VALUE, field="scopes", problem=gettext_noop("Choose at least one of the scopes that fit this key.")
        )
    if merchant_id is not None:
        for scope in scopes:
            answer = can(actor, Permission(scope), merchant_id)
            if not answer:
                raise Refusal(NOT_ALLOWED, field="scopes", because=answer.because)
