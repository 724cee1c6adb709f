"""Forms of allauth that we replace; apart from `wanku.people.forms`, which allauth itself imports."""

from typing import Any

from allauth.account import forms as allauth_forms
from allauth.account.adapter import get_adapter
from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext_lazy as _

from wanku.people.phones import normal_phone


class LoginForm(allauth_forms.LoginForm):  # type: ignore[misc] # allauth has no stubs
    """Sign-in by phone or e-mail, the field named so."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"].label = _("Phone or e-mail")
        self.fields["login"].max_length = 254
        self.fields["login"].widget.attrs.update(autocomplete="username", placeholder="", maxlength="254")

    def user_credentials(self) -> dict[str, Any]:
        """Credentials as allauth wants them; what is neither phone nor e-mail is tried as an e-mail and fails."""
        found: dict[str, Any] = super().user_credentials()
        if "username" in found:
            found["email"] = found.pop("username")
        return found

    def clean(self) -> Any:
        """One text for whatever is wrong, so that nobody learns who has an account."""
        try:
            return super().clean()
        except ValidationError as error:
            if getattr(error, "code", None) == "too_many_login_attempts":
                raise
            raise ValidationError(
                _("Phone, e-mail or password are not right. Please check them and try again."), code="mismatch"
            ) from error


class ResetPasswordForm(allauth_forms.ResetPasswordForm):  # type: ignore[misc] # allauth has no stubs
    """Ask for a code by e-mail or phone. The field keeps allauth's name ``email``, which its view reads."""

    email = forms.CharField(
        label=_("Phone or e-mail"),
        max_length=254,
        widget=forms.TextInput(attrs={"autocomplete": "username"}),
    )

    def clean_email(self) -> str:
        """The address in lower case, or the phone in E.164.

        Raises:
            ValidationError: it is neither.
        """
        text = self.cleaned_data["email"].strip()
        phone = normal_phone(text) if "@" not in text else None
        if phone is not None:
            person = get_adapter().get_user_by_phone(phone)
            self.users = [person] if person is not None and person.is_active else []
            return phone
        try:
            validate_email(text)
        except ValidationError:
            raise ValidationError(
                _("Please enter the phone number or e-mail address of your account."), code="login"
            ) from None
        found: str = super().clean_email()
        return found


class RequestLoginCodeForm(allauth_forms.RequestLoginCodeForm):  # type: ignore[misc] # allauth has no stubs
    """Ask for a code to sign in. Allauth's own form fails on an empty answer, since it looks for no one."""

    def clean(self) -> Any:
        """One of phone and e-mail is needed.

        Raises:
            ValidationError: both were left empty.
        """
        cleaned = super().clean()
        if not self.errors and not cleaned.get("phone") and not cleaned.get("email"):
            raise ValidationError(_("Please give your phone number or your e-mail address."), code="required")
        return cleaned
