"""Signing a person out of every browser."""

from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session


def end_sessions_of(person_id: int) -> int:
    """Delete every session of a person, inside the caller's transaction.

    Returns:
        how many browsers were signed in.
    """
    rows = UserSession.objects.filter(user_id=person_id)
    keys = list(rows.values_list("session_key", flat=True))
    ended = Session.objects.filter(session_key__in=keys).delete()[0]
    rows.delete()
    return ended
