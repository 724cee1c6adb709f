"""Notices: one row per reader, channel and cause."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Channel(models.TextChoices):
    """How a notice travels."""

    IN_APP = "in_app", _("In the app")
    EMAIL = "email", pgettext_lazy("channel", "E-mail")


class Notice(models.Model):
    """One message to one reader. The unique cause makes a repeated sweep harmless.

    Attributes:
        cause: what it is about, e.g. ``move:812``; unique per reader, channel.
        reader: ``person:7``, ``merchant:3`` (every seat of the desk reads it), ``platform`` or ``guest:<trade id>``.
        kind: name of the template.
        facts: values for the template, so that it can be written in the reader's language when it is shown.
        link: path on this site.
        address: e-mail address, for e-mail.
        sent_at: when it left (e-mail) or was stored (in-app); empty means still to send.
        tries, next_try_at, failed: delivery of e-mail.
    """

    cause = models.CharField(max_length=80)
    reader = models.CharField(max_length=60)
    channel = models.CharField(max_length=8, choices=Channel)
    kind = models.CharField(max_length=40)
    facts = models.JSONField(default=dict)
    link = models.CharField(max_length=200, blank=True)
    language = models.CharField(max_length=8, default="zh-hans")
    address = models.EmailField(blank=True)
    created_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    read_at = models.DateTimeField(null=True)
    tries = models.PositiveSmallIntegerField(default=0)
    next_try_at = models.DateTimeField(null=True)
    failed = models.CharField(max_length=200, blank=True)

    class Meta:
        verbose_name = _("notice")
        constraints = [models.UniqueConstraint(fields=["cause", "reader", "channel"], name="notice_once")]
        indexes = [
            models.Index(fields=["reader", "-created_at"], name="notice_reader"),
            models.Index(fields=["reader"], name="notice_unread", condition=models.Q(read_at=None, channel="in_app")),
            models.Index(fields=["next_try_at"], name="notice_unsent", condition=models.Q(next_try_at__isnull=False)),
        ]


class Preference(models.Model):
    """How a reader wants to be told; no row means by every channel.

    Attributes:
        reader: ``person:7`` or ``merchant:3``.
        email: whether notices come by e-mail too.
    """

    reader = models.CharField(max_length=60, unique=True)
    email = models.BooleanField(default=True)
    changed_at = models.DateTimeField()

    class Meta:
        verbose_name = _("notice preference")
