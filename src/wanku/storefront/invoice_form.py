"""The form for who an invoice is made out to; what it checks is checked again by the flows."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from wanku.invoices.titles import TITLE_MAX, Kind, Wanted
from wanku.kernel.refusal import Refusal
from wanku.storefront.forms import CleanText
from wanku.ui.words import refusal_text

KINDS = [
    (Kind.PERSONAL.value, pgettext_lazy("invoice", "Person")),
    (Kind.COMPANY.value, pgettext_lazy("invoice", "Company")),
]


class InvoiceForm(forms.Form):
    """Kind, name, tax number and where it is announced."""

    kind = forms.ChoiceField(label=_("Kind of title"), choices=KINDS, widget=forms.RadioSelect, initial="personal")
    title = CleanText(
        label=_("Name on the invoice"),
        max_length=TITLE_MAX,
        widget=forms.TextInput(attrs={"autocomplete": "organization"}),
    )
    tax_number = CleanText(
        label=_("Tax number"),
        max_length=40,
        help_text=_("The unified social credit code of the company, 18 characters."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    email = forms.EmailField(
        label=_("E-mail for the invoice"),
        required=False,
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email", "inputmode": "email"}),
    )
    keep = forms.BooleanField(label=_("Keep it among my titles"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # The page hides the field from persons; without that trick of style it may stay empty.
        self.fields["tax_number"].required = not self.is_bound or self.data.get("kind") == Kind.COMPANY

    def wanted(self) -> Wanted:
        """What was typed."""
        read: dict[str, Any] = self.cleaned_data
        return Wanted(read["kind"], read["title"], read.get("tax_number") or "", read.get("email") or "")

    def show(self, no: Refusal) -> None:
        """Put each refusal at its field."""
        for each in no.every():
            self.add_error(each.field if each.field in self.fields else None, refusal_text(each))
