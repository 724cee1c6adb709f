"""Licences: what a variant grants, the codes, who got them, on which machines they run, and who saw them."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from wanku.catalog.models import Variant
from wanku.kernel.ids import new_id
from wanku.merchants.models import Merchant

FREE, ISSUED, REVOKED = "free", "issued", "revoked"
"""States of a code: in the pool, somebody's, and nobody's any more."""


class Source(models.TextChoices):
    """Where the codes of a plan come from."""

    POOL = "pool", _("imported codes")
    SIGNED = "signed", _("codes made and signed here")


class LicencePlan(models.Model):
    """What one variant grants: edition × term × seats.

    Attributes:
        source: how its codes come to be. A pool's counter is the number of codes in it; codes that we make come to be
            when they are paid, and the counter says how many more the merchant wants to sell.
        edition: as buyers call it; programs read it too.
        term_days: how long it is valid from the first activation on; empty means for good.
        seats: people who may use it.
        machines: devices on which one code may be active at the same time.
    """

    variant = models.OneToOneField(Variant, primary_key=True, on_delete=models.CASCADE, related_name="+")
    merchant = models.ForeignKey(Merchant, on_delete=models.PROTECT, related_name="+")
    source = models.CharField(max_length=8, choices=Source)
    edition = models.CharField(_("edition"), max_length=60)
    term_days = models.PositiveIntegerField(_("term in days"), null=True, blank=True)
    seats = models.PositiveIntegerField(_("seats"), default=1)
    machines = models.PositiveIntegerField(_("devices per code"), default=1)

    class Meta:
        verbose_name = _("licence plan")
        constraints = [
            models.CheckConstraint(condition=models.Q(source__in=Source.values), name="issue_plan_source"),
            models.CheckConstraint(condition=models.Q(seats__gte=1, machines__gte=1), name="issue_plan_at_least_one"),
            models.CheckConstraint(
                condition=models.Q(term_days=None) | models.Q(term_days__gte=1), name="issue_plan_term"
            ),
        ]


class Licence(models.Model):
    """One code, and what it is good for now.

    Attributes:
        digest: keyed hash of the tidied code, by which it is found (`wanku.kinds.issue.codes`).
        sealed: the code, encrypted (`wanku.kernel.secrets`).
        tail: its last four characters, the only part that lists show.
        state: ``free`` in the pool, ``issued`` to a buyer, ``revoked`` for good.
        line_id, order_id: what it was issued for; empty in the pool.
        edition, seats, machines, term_days: of the plan when it was bought, as changed by renewals and upgrades.
        activated_at: first activation, from which the term runs.
        expires_at: end of the term; empty before the first activation, and for good.
        reminded_of: the end of the term that its buyer was reminded of; another end is another matter.
        shown_at: when a buyer first saw it; from then on it is no secret of the pool any more.
    """

    id = models.UUIDField(primary_key=True, default=new_id)
    merchant = models.ForeignKey(Merchant, on_delete=models.PROTECT, related_name="+")
    plan = models.ForeignKey(LicencePlan, on_delete=models.PROTECT, related_name="licences")
    product_id = models.BigIntegerField()
    digest = models.BinaryField(max_length=32)
    sealed = models.TextField()
    tail = models.CharField(max_length=4)
    state = models.CharField(max_length=8, default=FREE)
    line_id = models.UUIDField(null=True)
    order_id = models.UUIDField(null=True)
    edition = models.CharField(max_length=60, blank=True)
    seats = models.PositiveIntegerField(default=1)
    machines = models.PositiveIntegerField(default=1)
    term_days = models.PositiveIntegerField(null=True)
    added_at = models.DateTimeField()
    issued_at = models.DateTimeField(null=True)
    shown_at = models.DateTimeField(null=True)
    activated_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField(null=True)
    reminded_of = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)
    revoked_because = models.CharField(max_length=200, blank=True)

    class Meta:
        verbose_name = _("licence")
        constraints = [
            models.UniqueConstraint(fields=["merchant", "digest"], name="issue_code_once"),
            models.CheckConstraint(condition=models.Q(state__in=[FREE, ISSUED, REVOKED]), name="issue_licence_state"),
            models.CheckConstraint(
                condition=~models.Q(state=ISSUED) | models.Q(line_id__isnull=False, issued_at__isnull=False),
                name="issue_licence_of_somebody",
            ),
            models.CheckConstraint(
                condition=~models.Q(state=FREE)
                | models.Q(line_id=None, shown_at=None, activated_at=None, issued_at=None),
                name="issue_licence_free_is_unseen",
            ),
        ]
        indexes = [
            models.Index(fields=["plan", "id"], name="issue_pool", condition=models.Q(state=FREE)),
            models.Index(fields=["order_id"], name="issue_order", condition=models.Q(order_id__isnull=False)),
            models.Index(
                fields=["merchant", "-issued_at"], name="issue_sold", condition=models.Q(issued_at__isnull=False)
            ),
            models.Index(fields=["merchant", "tail"], name="issue_tail"),
            models.Index(
                fields=["expires_at"], name="issue_ends", condition=models.Q(state=ISSUED, expires_at__isnull=False)
            ),
        ]


class Grant(models.Model):
    """One paid line that a licence lives from: the purchase, and each renewal or upgrade.

    Attributes:
        days: what it adds to the term; empty means for good.
        undone_at: the line was paid back; what it granted is taken away.
    """

    licence = models.ForeignKey(Licence, on_delete=models.CASCADE, related_name="grants")
    plan = models.ForeignKey(LicencePlan, on_delete=models.PROTECT, related_name="+")
    line_id = models.UUIDField()
    order_id = models.UUIDField()
    edition = models.CharField(max_length=60)
    seats = models.PositiveIntegerField()
    machines = models.PositiveIntegerField()
    days = models.PositiveIntegerField(null=True)
    at = models.DateTimeField()
    undone_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("grant")
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["line_id", "licence"], name="issue_grant_once")]
        indexes = [models.Index(fields=["order_id"], name="issue_grant_order")]


class Machine(models.Model):
    """A device on which a licence was activated.

    Attributes:
        digest: keyed hash of what the program calls the device; the name itself is personal data and not kept.
        label: as its user calls it, if the program tells.
        released_at: when it was deactivated.
    """

    licence = models.ForeignKey(Licence, on_delete=models.CASCADE, related_name="+")
    digest = models.BinaryField(max_length=32)
    label = models.CharField(max_length=60, blank=True)
    activated_at = models.DateTimeField()
    seen_at = models.DateTimeField()
    released_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("device of a licence")
        constraints = [
            models.UniqueConstraint(
                fields=["licence", "digest"], name="issue_machine_once", condition=models.Q(released_at=None)
            )
        ]


class Showing(models.Model):
    """A code was shown in plain. Append-only.

    Attributes:
        by_id: the member who saw it; none for a guest.
        proof: ``first`` for the showing after the payment, else how the reader proved again who they are:
            ``signed_in`` or ``mailed``.
        source: network address that it was shown to.
    """

    licence = models.ForeignKey(Licence, on_delete=models.CASCADE, related_name="showings")
    by_id = models.BigIntegerField(null=True)
    proof = models.CharField(max_length=12)
    source = models.CharField(max_length=45, blank=True)
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("showing of a code")
        ordering = ["-id"]


class MailedCode(models.Model):
    """What a guest types to see codes again: six digits by e-mail, for a quarter of an hour and five tries.

    Attributes:
        digest: keyed hash of the digits; empty once they were used.
        due_at: until when they count; nothing happens then, another can be asked for.
    """

    order_id = models.UUIDField(primary_key=True)
    digest = models.BinaryField(max_length=32)
    tries = models.PositiveSmallIntegerField(default=0)
    sent_at = models.DateTimeField()
    due_at = models.DateTimeField()

    class Meta:
        verbose_name = _("mailed code")


class SigningKey(models.Model):
    """The key pair with which licences of one shop are signed (Ed25519); the newest signs, all are published.

    Attributes:
        kid: names the key in what it signed.
        public: 32 bytes as base64url.
        sealed: the private key, encrypted (`wanku.kernel.secrets`).
    """

    merchant = models.ForeignKey(Merchant, on_delete=models.PROTECT, related_name="+")
    kid = models.CharField(max_length=16, unique=True)
    public = models.CharField(max_length=43)
    sealed = models.TextField()
    since = models.DateTimeField()

    class Meta:
        verbose_name = _("signing key")


class CodeFile(models.Model):
    """A table of codes that a desk sent and has not yet taken over, or what came of it.

    Attributes:
        sealed: the codes as they were sent, encrypted; emptied once they were taken over.
        outcome: ``{"added", "skipped"}``.
    """

    id = models.UUIDField(primary_key=True, default=new_id)
    merchant = models.ForeignKey(Merchant, on_delete=models.CASCADE, related_name="+")
    plan = models.ForeignKey(LicencePlan, on_delete=models.CASCADE, related_name="+")
    by_id = models.BigIntegerField()
    name = models.CharField(max_length=200)
    sealed = models.TextField()
    received_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)
    outcome = models.JSONField(default=dict)

    class Meta:
        verbose_name = _("import of codes")
        indexes = [models.Index(fields=["merchant", "-received_at"], name="issue_file_merchant")]
