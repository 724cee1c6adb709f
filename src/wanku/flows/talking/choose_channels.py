"""A reader says how to be told."""

from datetime import datetime

from django.db import transaction

from wanku.access.actor import Actor
from wanku.access.can import Permission, require
from wanku.kernel.refusal import SIGN_IN, Refusal
from wanku.notices.models import Preference
from wanku.notices.queries import reader_of


def choose_channels(*, email: bool, actor: Actor, now: datetime) -> None:
    """Switch notices by e-mail on or off, for the person or for the desk at which the actor works.

    Raises:
        Refusal: ``sign_in`` for a guest, ``not_allowed`` at a desk without the right to edit its profile.
    """
    if actor.merchant_id is not None:
        require(actor, Permission.PROFILE_EDIT, actor.merchant_id)
    reader = reader_of(actor)
    if reader is None:
        raise Refusal(SIGN_IN)
    with transaction.atomic():
        Preference.objects.update_or_create(reader=reader, defaults={"email": email, "changed_at": now})
