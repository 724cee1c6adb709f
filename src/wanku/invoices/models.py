"""Invoices with their documents, the titles that members keep, and what shops say about theirs."""

from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from wanku.access.actor import Actor
from wanku.access.can import Permission, can
from wanku.audit.models import Stateful
from wanku.invoices.rules import TAX_RATES_BP, SheetLine, thawed
from wanku.invoices.states import INVOICE_MACHINE, LIVE, REQUESTED
from wanku.invoices.titles import TITLE_MAX, Kind
from wanku.kernel.ids import new_id, spaced
from wanku.kernel.money import Money
from wanku.kernel.states import Machine
from wanku.merchants.models import Merchant
from wanku.orders.models import Order
from wanku.payments.models import Refund


class InvoiceQuerySet(models.QuerySet["Invoice"]):
    """Sets of invoices."""

    def bought_by(self, actor: Actor) -> Self:
        """Those for what the actor bought."""
        return self.filter(order__in=Order.objects.bought_by(actor))

    def at_desk(self, actor: Actor) -> Self:
        """Those of the merchant at whose desk the actor works."""
        if actor.merchant_id is None or not can(actor, Permission.INVOICES_ISSUE, actor.merchant_id):
            return self.none()
        return self.filter(merchant_id=actor.merchant_id)

    def visible_to(self, actor: Actor) -> Self:
        """Buyers see their own, a desk its own, the platform's finance all."""
        if can(actor, Permission.INVOICES_HANDLE):
            return self
        if actor.merchant_id is not None:
            return self.at_desk(actor)
        return self.bought_by(actor)


class Invoice(Stateful):
    """One invoice of an order, or the red letter that takes one back.

    Attributes:
        number: ours, readable, with a check digit; the provider hears it on every try.
        original: the invoice that this red letter takes back; none for blue ones.
        refund: the refund that caused this red letter, so that it causes one alone.
        follows: the red letter after which this one was issued for what is left.
        kind, title, tax_number, email: to whom it is made out; the buyer changes them until it is issued.
        lines: what stands on it, frozen when it is sent (`wanku.invoices.rules.SheetLine`); empty before.
        amount, tax: minor units; negative on red letters, nothing before it is sent.
        provider: who issues it, frozen when it is sent.
        ref: the provider's own number.
        code: with the number it proves the invoice to strangers who hold it.
        issue_by: until when the shop was to issue it; stays, so that lateness can be seen.
        late_since: when that was first missed.
        tries: how often the provider was called or asked.
        failure: what the provider last said against it.
    """

    MACHINE: ClassVar[Machine] = INVOICE_MACHINE

    id = models.UUIDField(primary_key=True, default=new_id)
    number = models.CharField(max_length=17, unique=True)
    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="+")
    merchant = models.ForeignKey(Merchant, on_delete=models.PROTECT, related_name="+")
    trade_id = models.UUIDField()
    original = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="red_letters")
    refund = models.ForeignKey(Refund, null=True, on_delete=models.PROTECT, related_name="+")
    follows = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=8)
    title = models.CharField(max_length=TITLE_MAX)
    tax_number = models.CharField(max_length=18, blank=True)
    email = models.EmailField(blank=True)
    currency = models.CharField(max_length=3)
    lines = models.JSONField(default=list)
    amount = models.BigIntegerField(default=0)
    tax = models.BigIntegerField(default=0)
    because = models.CharField(max_length=200, blank=True)
    provider = models.CharField(max_length=20, blank=True)
    ref = models.CharField(max_length=64, blank=True)
    code = models.CharField(max_length=24)
    requested_at = models.DateTimeField()
    issue_by = models.DateTimeField()
    late_since = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    issued_at = models.DateTimeField(null=True)
    reversed_at = models.DateTimeField(null=True)
    tries = models.PositiveSmallIntegerField(default=0)
    failure = models.CharField(max_length=200, blank=True)

    objects = InvoiceQuerySet.as_manager()

    class Meta:
        verbose_name = _("invoice")
        constraints = [
            models.CheckConstraint(condition=models.Q(state__in=INVOICE_MACHINE.states()), name="invoice_state"),
            models.CheckConstraint(
                condition=models.Q(original=None, amount__gte=0) | models.Q(original__isnull=False, amount__lt=0),
                name="invoice_sign",
            ),
            models.UniqueConstraint(
                fields=["order"], condition=models.Q(original=None, state__in=LIVE), name="invoice_stands_once"
            ),
            models.UniqueConstraint(
                fields=["original"], condition=models.Q(original__isnull=False), name="invoice_reversed_once"
            ),
            models.UniqueConstraint(
                fields=["refund"], condition=models.Q(refund__isnull=False), name="invoice_refund_once"
            ),
        ]
        indexes = [
            models.Index(fields=["due_at"], name="invoice_due", condition=models.Q(due_at__isnull=False)),
            models.Index(fields=["order"], name="invoice_order"),
            models.Index(fields=["requested_at"], name="invoice_wanted", condition=models.Q(state=REQUESTED)),
            models.Index(fields=["merchant", "state", "-requested_at"], name="invoice_desk"),
            models.Index(fields=["late_since"], name="invoice_late", condition=models.Q(late_since__isnull=False)),
        ]

    def __str__(self) -> str:
        return spaced(self.number)

    def move_context(self) -> dict[str, object]:
        """An invoice's moves are in its trade's timeline and on its shop's desk."""
        return {"merchant_id": self.merchant_id, "trade_id": self.trade_id}

    @property
    def is_red(self) -> bool:
        """Whether it takes another back."""
        return self.original_id is not None

    @property
    def total(self) -> Money:
        """With tax."""
        return Money(self.amount, self.currency)

    @property
    def sheet_lines(self) -> list[SheetLine]:
        """What stands on it."""
        return [thawed(line) for line in self.lines]


class Document(models.Model):
    """The file of an issued invoice. The database refuses to change or remove it.

    Attributes:
        sha256: of the content; shown where an invoice is verified.
    """

    invoice = models.OneToOneField(Invoice, primary_key=True, on_delete=models.PROTECT, related_name="document")
    content = models.BinaryField()
    media_type = models.CharField(max_length=40)
    sha256 = models.BinaryField()
    stored_at = models.DateTimeField()

    class Meta:
        verbose_name = _("document of an invoice")


class Reflection(models.Model):
    """A refund that an invoice already takes into account: left out when it was issued, or taken back after."""

    refund = models.OneToOneField(Refund, primary_key=True, on_delete=models.PROTECT, related_name="+")
    invoice = models.ForeignKey(Invoice, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("refund on an invoice")


class Title(models.Model):
    """To whom a member has invoices made out.

    Attributes:
        is_usual: offered first; one for each person.
    """

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=8, choices=[(kind.value, kind.value) for kind in Kind])
    title = models.CharField(max_length=TITLE_MAX)
    tax_number = models.CharField(max_length=18, blank=True)
    email = models.EmailField(blank=True)
    is_usual = models.BooleanField(default=False)
    used_at = models.DateTimeField()

    class Meta:
        verbose_name = _("invoice title")
        ordering = ["-is_usual", "-used_at"]
        constraints = [
            models.UniqueConstraint(fields=["person", "kind", "title", "tax_number"], name="title_once"),
            models.UniqueConstraint(fields=["person"], condition=models.Q(is_usual=True), name="title_one_is_usual"),
        ]


class Issuer(models.Model):
    """How a shop issues its invoices; a shop without a row has the defaults.

    Attributes:
        provider: name in `wanku.invoices.providers.PROVIDERS`.
        automatic: issue what was asked for by itself once the order is complete.
        tax_bp: the rate that its prices contain, basis points; frozen with each invoice.
    """

    merchant = models.OneToOneField(Merchant, primary_key=True, on_delete=models.CASCADE, related_name="+")
    provider = models.CharField(max_length=20, default="pdf")
    automatic = models.BooleanField(default=True)
    tax_bp = models.PositiveSmallIntegerField(default=TAX_RATES_BP[0])

    class Meta:
        verbose_name = _("how a shop issues invoices")
        constraints = [
            models.CheckConstraint(condition=models.Q(tax_bp__in=TAX_RATES_BP), name="issuer_tax_rate"),
        ]
