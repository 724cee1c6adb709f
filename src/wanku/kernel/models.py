"""Request keys: what makes a repeated request harmless."""

from django.db import models


class RequestKey(models.Model):
    """The answer that was given to one keyed request (Idempotency-Key), kept so that a repeat gets it again.

    ``scope`` is who asked and for what, so that two callers never share a key.
    """

    scope = models.CharField(max_length=120)
    key = models.CharField(max_length=200)
    body_hash = models.BinaryField()
    status = models.SmallIntegerField(null=True)
    answer = models.JSONField(null=True)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["scope", "key"], name="request_key_once")]
        indexes = [models.Index(fields=["at"])]
