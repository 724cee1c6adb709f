"""The end of a key."""

from datetime import datetime

from django.db import transaction

from wanku.access.actor import Actor
from wanku.access.can import Permission, can
from wanku.access.issue_key import revoke_key as revoke
from wanku.access.models import ApiKey
from wanku.audit.record import record
from wanku.kernel.refusal import NOT_ALLOWED, NOT_FOUND, SIGN_IN, Refusal, gettext_noop


def revoke_key(key_id: int, *, actor: Actor, now: datetime) -> None:
    """Revoke one's own key, or a key of a merchant whose keys one may edit. At once; repeating changes nothing.

    Raises:
        Refusal: ``sign_in``, ``not_allowed`` for a key that asks, ``not_found`` for someone else's key.
    """
    if actor.person_id is None:
        raise Refusal(SIGN_IN)
    if actor.scopes is not None:
        raise Refusal(NOT_ALLOWED, because=gettext_noop("a key cannot revoke keys"))
    with transaction.atomic():
        row = ApiKey.objects.select_for_update(no_key=True).filter(pk=key_id).first()
        if row is None or not (row.person_id == actor.person_id or _edits_keys(actor, row.merchant_id)):
            raise Refusal(NOT_FOUND)
        if row.revoked_at is not None:
            return
        revoke(row, now=now)
        record(
            "key.revoke",
            actor_id=actor.person_id,
            merchant_id=row.merchant_id,
            subject_type="api_key",
            subject_id=row.pk,
            facts={"prefix": row.prefix},
            now=now,
        )


def _edits_keys(actor: Actor, merchant_id: int | None) -> bool:
    return merchant_id is not None and bool(can(actor, Permission.KEYS_EDIT, merchant_id))
