"""Forms of the buyer's side; what they check is checked again by the flows, in the same words."""

from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from wanku.kernel.text import clean
from wanku.people.forms import PhoneField
from wanku.people.provinces import PROVINCES, province_choices


class CleanText(forms.CharField):
    """A single line without control characters."""

    def to_python(self, value: Any) -> str:
        """Tidied before lengths are checked."""
        return clean(super().to_python(value) or "")


def text(label: Any, most: int, autocomplete: str, *, required: bool = True, **attributes: str) -> CleanText:
    """A text field that browsers can fill in by themselves."""
    widget = forms.TextInput(attrs={"autocomplete": autocomplete, **attributes})
    return CleanText(label=label, max_length=most, required=required, widget=widget)


def _provinces() -> list[tuple[str, Any]]:
    """In the reader's language."""
    return [("", _("Please choose")), *province_choices(get_language() or "")]


class AddressForm(forms.Form):
    """A delivery address; the names are those of `wanku.people.models.Address.frozen`."""

    ADDRESS = ("name", "phone", "province", "city", "district", "line", "postcode")

    name = text(_("Recipient"), 60, "name")
    phone = PhoneField()
    province = forms.ChoiceField(
        label=_("Province"), choices=_provinces, widget=forms.Select(attrs={"autocomplete": "address-level1"})
    )
    city = text(_("City"), 40, "address-level2")
    district = text(_("District"), 40, "address-level3", required=False)
    line = text(_("Street and number"), 200, "street-address")
    postcode = text(_("Postcode"), 12, "postal-code", required=False, inputmode="numeric")

    def address(self) -> dict[str, str]:
        """What an order keeps."""
        return {name: str(self.cleaned_data.get(name) or "") for name in self.ADDRESS}


class CheckoutForm(AddressForm):
    """Address and contact of one checkout.

    With a chosen address of the book (``saved``) the address fields are left aside, and where nothing is brought
    anywhere; then the buyer's own name is asked for.
    """

    saved = forms.CharField(required=False, max_length=20)
    keep = forms.BooleanField(label=_("Keep this address in my address book"), required=False)
    email = forms.EmailField(
        label=_("E-mail for news about the order"),
        required=False,
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email", "inputmode": "email"}),
    )
    contact_name = text(_("Your name"), 60, "name", required=False)
    contact_phone = PhoneField(label=_("Your phone"), required=False)

    def __init__(self, *args: Any, uses_book: bool = False, needs_address: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if uses_book or not needs_address:
            for name in self.ADDRESS:
                self.fields[name].required = False
        self.fields["contact_name"].required = not needs_address

    def clean_email(self) -> str:
        """Lower case, as it is looked for when tracking."""
        return str(self.cleaned_data.get("email") or "").lower()


class SavedAddressForm(AddressForm):
    """An address of the book."""

    is_default = forms.BooleanField(label=_("Use as my usual address"), required=False)


class TrackForm(forms.Form):
    """Number and contact of a guest's order."""

    number = text(_("Order number"), 40, "off", inputmode="numeric")
    contact = text(_("Phone or e-mail given with the order"), 254, "email")


class ReviewForm(forms.Form):
    """Scores and text; the pictures are read by the page."""

    SCORES = ("goods", "service", "delivery")

    goods = forms.IntegerField(min_value=1, max_value=5)
    service = forms.IntegerField(min_value=1, max_value=5)
    delivery = forms.IntegerField(min_value=1, max_value=5)
    text = forms.CharField(
        label=_("Your review"),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 5, "maxlength": 1000}),
    )


def one_of_provinces(value: str) -> str | None:
    """The province of a half-filled form, if it is one."""
    return value if value in PROVINCES else None
