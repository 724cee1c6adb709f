"""Fields of accounts: phones as people type them, and what registration asks beyond what allauth has."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from wanku.kernel.text import clean
from wanku.people.models import Person
from wanku.people.phones import normal_phone


class PhoneField(forms.CharField):
    """A phone number; its value is E.164. Mainland numbers need no country code."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("label", _("Phone"))
        kwargs.setdefault("max_length", 24)
        kwargs.setdefault("widget", forms.TextInput(attrs={"type": "tel", "autocomplete": "tel", "inputmode": "tel"}))
        super().__init__(**kwargs)

    def clean(self, value: Any) -> str:
        """The number in E.164, or empty.

        Raises:
            ValidationError: it cannot be a phone number.
        """
        text: str = super().clean(value)
        if not text:
            return ""
        phone = normal_phone(text)
        if phone is None:
            raise ValidationError(
                _("This is not a phone number. Example: 13800138000, or +852 … for a foreign number."),
                code="phone",
            )
        return phone


class SignupExtra(forms.Form):
    """What registration asks beyond allauth: a name to greet with, and phone or e-mail, at least one of them."""

    field_order = ("phone", "email", "password1", "name")
    name = forms.CharField(
        label=_("Name"), max_length=60, required=False, widget=forms.TextInput(attrs={"autocomplete": "nickname"})
    )

    def clean_name(self) -> str:
        """Trimmed and without control characters."""
        return clean(self.cleaned_data.get("name") or "")

    def clean(self) -> dict[str, Any]:
        """Someone whom neither phone nor e-mail reaches could never come back into the account."""
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if not (data.get("phone") or data.get("email") or "phone" in self.errors or "email" in self.errors):
            self.add_error("phone", _("Please give a phone number or an e-mail address; one of them is enough."))
        return data

    def signup(self, request: HttpRequest, user: Person) -> None:
        """Called by allauth once the person exists."""
        user.name = self.cleaned_data["name"]
        user.language = getattr(request, "LANGUAGE_CODE", "zh-hans")
        user.save(update_fields=["name", "language"])
