"""Append-only records: moves between states, privileged acts, and versions of the rules."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from wanku.kernel.states import Machine


class Move(models.Model):
    """One step of one thing from a state to another.

    The row is the timeline that people read, the audit trail, and the outbox: notices and streams are made from
    moves whose ``sent_at`` is empty. Rows are never changed otherwise (a trigger refuses it).

    Attributes:
        subject_type: machine name, e.g. ``order``.
        subject_id: key of the thing as text.
        merchant_id: whose desk it concerns, if any.
        trade_id: the trade it belongs to, so that one page reads one timeline.
        actor: ``buyer``, ``merchant``, ``platform``, ``clock``, ``gateway`` or ``system``.
        actor_id: person behind it, if a signed-in person.
        because: code of the reason.
        facts: what a reader needs to understand it; no secrets and no personal data.
    """

    subject_type = models.CharField(max_length=24)
    subject_id = models.CharField(max_length=40)
    merchant_id = models.BigIntegerField(null=True)
    trade_id = models.UUIDField(null=True)
    from_state = models.CharField(max_length=24)
    to_state = models.CharField(max_length=24)
    event = models.CharField(max_length=32)
    actor = models.CharField(max_length=12)
    actor_id = models.BigIntegerField(null=True)
    because = models.CharField(max_length=60, blank=True)
    facts = models.JSONField(default=dict)
    at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("move")
        indexes = [
            models.Index(fields=["subject_type", "subject_id", "id"], name="move_subject"),
            models.Index(fields=["trade_id", "id"], name="move_trade", condition=models.Q(trade_id__isnull=False)),
            models.Index(fields=["id"], name="move_unsent", condition=models.Q(sent_at__isnull=True)),
            # Without what was merely placed: a desk hears of an order when it is paid, and placing stays quick.
            models.Index(
                fields=["merchant_id", "id"],
                name="move_merchant",
                condition=models.Q(merchant_id__isnull=False) & ~models.Q(event="place"),
            ),
        ]


class Act(models.Model):
    """A privileged act by merchant or platform staff: who did what to what, and why."""

    actor_id = models.BigIntegerField(null=True)
    merchant_id = models.BigIntegerField(null=True)
    verb = models.CharField(max_length=60)
    subject_type = models.CharField(max_length=24)
    subject_id = models.CharField(max_length=40)
    because = models.CharField(max_length=500, blank=True)
    facts = models.JSONField(default=dict)
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("act")
        indexes = [
            models.Index(fields=["-at"], name="act_at"),
            models.Index(fields=["merchant_id", "-at"], name="act_merchant"),
            models.Index(fields=["subject_type", "subject_id"], name="act_subject"),
        ]


class RuleVersion(models.Model):
    """One value of one platform rule from a moment on; the latest row is in force.

    Attributes:
        value: seconds of a duration (`wanku.kernel.deadlines`), major units of a limit (`wanku.kernel.limits`).
    """

    name = models.CharField(max_length=40)
    value = models.BigIntegerField()
    set_by = models.BigIntegerField(null=True)
    because = models.CharField(max_length=500)
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("rule version")
        indexes = [models.Index(fields=["name", "-at"], name="rule_latest")]
        constraints = [models.CheckConstraint(condition=models.Q(value__gte=0), name="rule_value_not_negative")]


class Stateful(models.Model):
    """A thing with a state that only `wanku.audit.move.move` changes.

    Attributes:
        state: one of the states of ``MACHINE``.
        due_at: when silence has its outcome, in states where someone must act.
    """

    MACHINE: ClassVar[Machine]

    state = models.CharField(max_length=24)
    due_at = models.DateTimeField(null=True)

    class Meta:
        abstract = True

    def move_context(self) -> dict[str, object]:
        """``merchant_id`` and ``trade_id`` for the move row; nouns that belong to one override it."""
        return {}
