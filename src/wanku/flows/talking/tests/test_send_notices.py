"""E-mails: once each, outside transactions, with a ladder of retries."""

import smtplib
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, ClassVar

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.db import connection

from tests.at_once import at_once
from tests.cast import NOW
from wanku.flows.talking.send_notices import LADDER, send_notices
from wanku.notices.letter import Letter
from wanku.notices.models import Notice
from wanku.notices.tell import Message, Recipient, tell

pytestmark = pytest.mark.django_db(transaction=True)


class Post(EmailBackend):
    """A mail server that fails when told to, and is never called within a transaction."""

    failure: ClassVar[Exception | None] = None
    broken: str = ""
    down = False

    def open(self) -> bool:
        if type(self).down:
            raise ConnectionRefusedError("no server")
        return True

    def send_messages(self, messages: Sequence[Any]) -> int:
        assert not connection.in_atomic_block
        failure = type(self).failure
        if failure is not None and type(self).broken in messages[0].to[0]:
            raise failure
        return super().send_messages(messages)


@pytest.fixture(autouse=True)
def post(settings: Any) -> Any:
    """The server above, in good health."""
    settings.EMAIL_BACKEND = f"{Post.__module__}.Post"
    Post.failure, Post.broken, Post.down = None, "", False
    mail.outbox = []
    return Post


def due(*names: str) -> list[Notice]:
    """Letters to some people."""
    readers = [Recipient(f"person:{i}", address=f"{name}@example.com") for i, name in enumerate(names)]
    tell([Message("test", "merchant_approved", reader, {}, email=True) for reader in readers], now=NOW)
    return list(Notice.objects.filter(channel="email").order_by("pk"))


def write(notice: Notice) -> Letter:
    """A short letter."""
    return Letter(f"To\n{notice.address}", "text", "<p>text</p>")


def send(now: datetime = NOW, limit: int = 10) -> int:
    """One look."""
    return send_notices(now=now, limit=limit, write=write)


def test_once(db: None) -> None:
    (notice,) = due("ann")
    assert send() == 1
    assert send() == 0
    notice.refresh_from_db()
    assert (notice.sent_at, notice.tries, notice.next_try_at, notice.failed) == (NOW, 1, None, "")
    (message,) = mail.outbox
    assert (message.to, message.subject, message.body) == (["ann@example.com"], "To ann@example.com", "text")
    assert message.extra_headers["Message-ID"] == f"<notice-{notice.pk}@testserver>"
    assert isinstance(message, mail.EmailMultiAlternatives)
    assert message.message().get_payload()[1].get_content_type() == "text/html"  # type: ignore[union-attr,index]


def test_the_ladder_and_its_end(post: Any, db: None) -> None:
    (notice,) = due("ann")
    post.failure = smtplib.SMTPDataError(451, b"try later")
    at = NOW
    for step, wait in enumerate(LADDER, 1):
        assert send(at) == 1
        notice.refresh_from_db()
        assert (notice.tries, notice.next_try_at, notice.sent_at) == (step, at + wait, None)
        assert "451" in notice.failed
        assert send(at + wait - timedelta(seconds=1)) == 0
        at += wait
    assert send(at) == 1
    notice.refresh_from_db()
    assert (notice.next_try_at, notice.sent_at) == (None, None), "given up, with the reason"
    assert "451" in notice.failed
    assert send(at + timedelta(days=99)) == 0


def test_it_arrives_in_the_end(post: Any, db: None) -> None:
    (notice,) = due("ann")
    post.failure = smtplib.SMTPDataError(451, b"try later")
    send()
    post.failure = None
    assert send(NOW + LADDER[0]) == 1
    notice.refresh_from_db()
    assert (notice.sent_at, notice.failed, notice.tries) == (NOW + LADDER[0], "", 2)
    assert len(mail.outbox) == 1


def test_a_wrong_address_is_given_up_at_once_and_harms_no_other(post: Any, db: None) -> None:
    bad, good = due("bad", "good")
    post.failure, post.broken = smtplib.SMTPRecipientsRefused({"bad@example.com": (550, b"no such user")}), "bad"
    assert send() == 2
    bad.refresh_from_db()
    good.refresh_from_db()
    assert (bad.next_try_at, bad.sent_at, good.sent_at) == (None, None, NOW)
    assert "550" in bad.failed


def test_a_letter_that_cannot_be_worded_harms_no_other(db: None) -> None:
    bad, good = due("bad", "good")

    def fail(notice: Notice) -> Letter:
        if notice.pk == bad.pk:
            raise KeyError("fact")
        return write(notice)

    assert send_notices(now=NOW, limit=10, write=fail) == 2
    bad.refresh_from_db()
    good.refresh_from_db()
    assert (bad.next_try_at, good.sent_at) == (NOW + LADDER[0], NOW)


def test_a_server_that_is_down_costs_no_try(post: Any, db: None) -> None:
    (notice,) = due("ann")
    post.down = True
    with pytest.raises(ConnectionRefusedError):
        send()
    notice.refresh_from_db()
    assert (notice.tries, notice.next_try_at) == (0, NOW)


def test_a_line_that_breaks_stops_the_batch(post: Any, db: None) -> None:
    due("ann", "bea", "cid")
    post.failure = smtplib.SMTPServerDisconnected("gone")
    assert send() == 1
    assert sorted(Notice.objects.filter(channel="email").values_list("tries", flat=True)) == [0, 0, 1]


def test_a_crash_between_sending_and_noting_is_a_wait_with_the_same_message_id(
    post: Any, db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    due("ann")

    def die(*args: Any, **kwargs: Any) -> None:
        raise SystemExit

    with monkeypatch.context() as patch:
        patch.setattr("wanku.flows.talking.send_notices._end_try", die)
        with pytest.raises(SystemExit):
            send()
    assert send(NOW + LADDER[0] - timedelta(seconds=1)) == 0
    assert send(NOW + LADDER[0]) == 1
    first, second = mail.outbox
    assert first.extra_headers["Message-ID"] == second.extra_headers["Message-ID"]


def test_four_senders_share_the_letters(db: None) -> None:
    due(*(f"p{n}" for n in range(12)))
    done = at_once(*[send] * 4)
    assert sum(n for n in done if isinstance(n, int)) == 12, done
    assert sorted(m.to[0] for m in mail.outbox) == sorted(f"p{n}@example.com" for n in range(12))
