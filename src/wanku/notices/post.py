"""Letters on their way through a mail server."""

import smtplib
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.core.mail.backends.base import BaseEmailBackend

from wanku.notices.letter import Letter


def addressed(
    letter: Letter, address: str, *, name: str, language: str, post: BaseEmailBackend | None = None
) -> EmailMultiAlternatives:
    """The letter ready to send.

    Args:
        name: of this letter, unique and the same on every try: it becomes the ``Message-ID``, by which mail systems
            know a repeat.
        post: an open line to the server; a new one otherwise.
    """
    host = urlsplit(settings.PUBLIC_URL).hostname or "localhost"
    message = EmailMultiAlternatives(
        subject=" ".join(letter.subject.split()),
        body=letter.text,
        to=[address],
        connection=post,
        headers={
            "Message-ID": f"<{name}@{host}>",
            "Auto-Submitted": "auto-generated",
            "Content-Language": language,
        },
    )
    message.attach_alternative(letter.html, "text/html")
    return message


def refused_for_good(error: Exception) -> bool:
    """Whether the server said 5xx to this address or letter (RFC 5321, section 4.2.1)."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return all(500 <= code < 600 for code, _ in error.recipients.values())
    return isinstance(error, smtplib.SMTPDataError) and 500 <= error.smtp_code < 600
