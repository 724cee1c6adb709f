"""Letters of invitations: once each, outside transactions, given up with the reason."""

import smtplib
from collections.abc import Sequence
from datetime import timedelta
from typing import Any, ClassVar

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.db import connection

from tests.cast import NOW, Shop
from wanku.access.actor import Actor
from wanku.flows.selling.accept_invitation import accept_invitation
from wanku.flows.selling.invite_staff import Invited, invite_staff
from wanku.flows.selling.send_invitation import TRIES_MAX, send_invitation
from wanku.flows.selling.withdraw_invitation import withdraw_invitation
from wanku.merchants.models import Invitation
from wanku.people.models import Person
from wanku.ui.letters import invitation_letter

pytestmark = pytest.mark.django_db(transaction=True)


class Post(EmailBackend):
    """A mail server that fails when told to, and is never called within a transaction."""

    failure: ClassVar[Exception | None] = None

    def send_messages(self, messages: Sequence[Any]) -> int:
        assert not connection.in_atomic_block
        if (failure := type(self).failure) is not None:
            raise failure
        return super().send_messages(messages)


@pytest.fixture(autouse=True)
def post(settings: Any) -> Any:
    """The server above, in good health."""
    settings.EMAIL_BACKEND = f"{Post.__module__}.Post"
    Post.failure = None
    mail.outbox = []
    return Post


@pytest.fixture
def invited(bo: Shop) -> Invited:
    """Kim may become a clerk at Bo's."""
    return invite_staff(bo.merchant.pk, email="kim@example.com", role="clerk", actor=bo.actor, now=NOW, language="en")


def send(invited: Invited) -> Invitation:
    """One try; the row after it."""
    send_invitation(invited.invitation.pk, write=invitation_letter, now=NOW)
    return Invitation.objects.get(pk=invited.invitation.pk)


def test_sent_once_with_a_link_that_works(invited: Invited, ann: Person, settings: Any) -> None:
    settings.PUBLIC_URL = "https://wanku.example"
    row = send(invited)
    send(invited)
    assert (row.sent_at, row.tries, row.failed) == (NOW, 1, "")
    letter = mail.outbox[0]
    assert len(mail.outbox) == 1
    assert letter.to == ["kim@example.com"]
    assert letter.subject == "Bo 茶行 invites you to its desk"
    assert f"https://wanku.example/desk/invitation/{invited.token}/" in str(letter.body)
    assert "Clerk" in str(letter.body)
    assert letter.extra_headers["Message-ID"] == f"<invitation-{row.pk}-0@wanku.example>"
    assert accept_invitation(invited.token, actor=Actor(person_id=ann.pk), now=NOW) == row.merchant


def test_a_crash_after_sending_repeats_the_same_letter(invited: Invited, monkeypatch: pytest.MonkeyPatch) -> None:
    def crash(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr("wanku.flows.selling.send_invitation._end", crash)
        with pytest.raises(KeyboardInterrupt):
            send(invited)
    row = send(invited)
    assert (row.sent_at, row.tries) == (NOW, 2)
    first, second = mail.outbox
    assert first.extra_headers["Message-ID"] == second.extra_headers["Message-ID"]
    assert invited.token in str(first.body)
    assert invited.token in str(second.body)


def test_trouble_is_raised_for_another_try_and_given_up_at_last(invited: Invited) -> None:
    Post.failure = ConnectionRefusedError("no server")
    for _ in range(TRIES_MAX - 1):
        with pytest.raises(ConnectionRefusedError):
            send(invited)
    row = send(invited)
    assert (row.sent_at, row.tries, row.failed) == (None, TRIES_MAX, "ConnectionRefusedError: no server")
    Post.failure = None
    assert send(invited).tries == TRIES_MAX
    assert mail.outbox == []


def test_a_refused_address_is_given_up_at_once(invited: Invited) -> None:
    Post.failure = smtplib.SMTPRecipientsRefused({"kim@example.com": (550, b"no such user")})
    assert "no such user" in send(invited).failed
    assert mail.outbox == []


def test_nothing_goes_out_for_what_is_over(invited: Invited, bo: Shop) -> None:
    send_invitation(invited.invitation.pk, write=invitation_letter, now=NOW + timedelta(days=8))
    send_invitation(-1, write=invitation_letter, now=NOW)
    withdraw_invitation(bo.merchant.pk, invited.invitation.pk, actor=bo.actor, now=NOW)
    assert send(invited).tries == 0
    assert mail.outbox == []
