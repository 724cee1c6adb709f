"""Merchants and their staff."""

from datetime import datetime
from typing import ClassVar, Self
from uuid import uuid4

from django.conf import settings
from django.contrib.postgres.functions import RandomUUID
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from wanku.access.actor import Actor
from wanku.audit.models import Stateful
from wanku.kernel.states import Machine
from wanku.merchants.states import CAPABILITIES, MERCHANT_MACHINE, Capability

SHOWN_STATES = [s for s, can in CAPABILITIES.items() if Capability.BE_SHOWN in can]
SELLING_STATES = [s for s, can in CAPABILITIES.items() if Capability.SELL in can]


class MerchantQuerySet(models.QuerySet["Merchant"]):
    """Sets of merchants."""

    def shown(self) -> Self:
        """Those whose shop the public sees."""
        return self.filter(state__in=SHOWN_STATES)

    def visible_to(self, actor: Actor) -> Self:
        """Shown ones for everybody; one's own in any standing; all for platform staff."""
        if actor.platform:
            return self
        return self.filter(models.Q(state__in=SHOWN_STATES) | models.Q(pk__in=list(actor.seats)))


class Merchant(Stateful):
    """A seller.

    Attributes:
        slug: in addresses of the shop, unique.
        legal_name, credit_code: who the buyer contracts with (unified social credit code, 18 characters).
        about: for the shop page, as typed by the merchant.
        logo_id: a public picture in `wanku.files`.
        commission_bp: platform's commission in basis points of the goods price, frozen with each order.
        zone: IANA name of the clock that the shop works by; what is booked keeps the zone of its time.
        low_stock_at: default threshold of the low-stock notice, in pieces.
    """

    MACHINE: ClassVar[Machine] = MERCHANT_MACHINE

    slug = models.SlugField(max_length=40, unique=True)
    name = models.CharField(_("shop name"), max_length=60)
    legal_name = models.CharField(_("registered company name"), max_length=120)
    credit_code = models.CharField(_("unified social credit code"), max_length=18)
    contact_name = models.CharField(_("contact person"), max_length=60)
    contact_phone = models.CharField(_("contact phone"), max_length=20)
    contact_email = models.EmailField(_("contact e-mail"))
    about = models.TextField(_("about the shop"), max_length=2000, blank=True)
    notice = models.CharField(_("notice to buyers"), max_length=200, blank=True)
    logo_id = models.UUIDField(null=True)
    zone = models.CharField(max_length=40, default="Asia/Shanghai")
    ships_from = models.CharField(_("ships from"), max_length=80, blank=True)
    return_address = models.CharField(_("return address"), max_length=300, blank=True)
    commission_bp = models.PositiveSmallIntegerField(default=300)
    low_stock_at = models.PositiveIntegerField(default=5)
    applied_at = models.DateTimeField()
    decided_because = models.CharField(max_length=500, blank=True)

    objects = MerchantQuerySet.as_manager()

    class Meta:
        verbose_name = _("merchant")
        constraints = [
            models.UniqueConstraint(
                Lower("name"), name="merchant_name_once", condition=~models.Q(state__in=["declined", "closed"])
            ),
            models.CheckConstraint(condition=models.Q(state__in=MERCHANT_MACHINE.states()), name="merchant_state"),
        ]
        indexes = [models.Index(fields=["due_at"], name="merchant_due", condition=models.Q(due_at__isnull=False))]

    def __str__(self) -> str:
        return self.name

    def move_context(self) -> dict[str, object]:
        """A merchant's moves show on its own desk."""
        return {"merchant_id": self.pk}


class StaffRole(models.TextChoices):
    """Roles at a merchant's desk; what they may do is in `wanku.access.can`."""

    OWNER = "owner", _("Owner")
    MANAGER = "manager", _("Manager")
    CLERK = "clerk", _("Clerk")
    FINANCE = "finance", _("Finance")
    SERVICE = "service", _("Customer service")


class Staff(models.Model):
    """A person's seat at a merchant's desk."""

    merchant = models.ForeignKey(Merchant, on_delete=models.CASCADE, related_name="staff")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    role = models.CharField(max_length=8, choices=StaffRole)
    since = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["merchant", "person"], name="staff_once")]


class InvitationQuerySet(models.QuerySet["Invitation"]):
    """Sets of invitations."""

    def open(self, now: datetime) -> Self:
        """Those that can still be accepted."""
        return self.filter(accepted_at=None, withdrawn_at=None, expires_at__gt=now)


class Invitation(models.Model):
    """An offer of a seat, accepted through a link that is sent to the address. Only the token's hash is stored.

    Attributes:
        seed: what the token is made from, see `wanku.merchants.invitation_token`.
        language: of the letter.
        sent_at: when the letter left; with neither this nor ``failed`` it is being sent.
        tries: how often sending was begun, since the last wish to send.
        round: how often somebody wished to send it again; part of the letter's ``Message-ID``.
        failed: why sending was given up.
    """

    merchant = models.ForeignKey(Merchant, on_delete=models.CASCADE, related_name="invitations")
    email = models.EmailField(_("e-mail"))
    role = models.CharField(max_length=8, choices=StaffRole)
    seed = models.UUIDField(default=uuid4, db_default=RandomUUID(), editable=False)
    token_hash = models.BinaryField(unique=True)
    invited_by = models.BigIntegerField()
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)
    language = models.CharField(max_length=8, default="zh-hans")
    sent_at = models.DateTimeField(null=True)
    tries = models.PositiveSmallIntegerField(default=0)
    round = models.PositiveSmallIntegerField(default=0)
    failed = models.CharField(max_length=200, blank=True)

    objects: ClassVar[models.Manager[Self]] = InvitationQuerySet.as_manager()
