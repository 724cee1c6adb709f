"""Seats of the platform's own staff, and keys for integrators."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class PlatformRole(models.TextChoices):
    """Roles of platform staff."""

    ADMIN = "admin", _("Administrator")
    OPERATIONS = "operations", _("Operations")
    FINANCE = "finance", _("Finance")
    ARBITRATOR = "arbitrator", _("Arbitrator")
    SENIOR = "senior", _("Senior support")
    FIRST_LINE = "first_line", _("First-line support")


class PlatformSeat(models.Model):
    """One role of one person at the platform."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    role = models.CharField(max_length=12, choices=PlatformRole)
    since = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "role"], name="platform_seat_once")]


class ApiKey(models.Model):
    """A key for an integrator. Only its hash is stored; the key itself is shown once.

    Attributes:
        prefix: first characters, so that people can tell keys apart.
        merchant_id: the desk it works for, or none for a buyer's own key.
        scopes: names of permissions that the key may use, a subset of its owner's.
    """

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    merchant_id = models.BigIntegerField(null=True)
    name = models.CharField(max_length=60)
    prefix = models.CharField(max_length=12)
    key_hash = models.BinaryField(unique=True)
    scopes = models.JSONField(default=list)
    created_at = models.DateTimeField()
    last_used_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)


class GuessCount(models.Model):
    """How often something was guessed in a window of time (tracking an order by number and contact).

    Attributes:
        subject: fingerprint of what was guessed about: an address, an order number.
        since: start of the window.
    """

    scope = models.CharField(max_length=24)
    subject = models.BinaryField()
    since = models.DateTimeField()
    count = models.PositiveIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["scope", "subject", "since"], name="guess_window_once")]
        indexes = [models.Index(fields=["since"], name="guess_since")]
