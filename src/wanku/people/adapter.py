"""What django-allauth asks of us: phones live on the person, codes go out by mail or text message."""

from typing import Any, cast

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.models import EmailAddress
from django.core.exceptions import ValidationError
from django.core.mail import EmailMessage
from django.http import HttpRequest
from django.utils.crypto import get_random_string
from django.utils.translation import gettext as _

from wanku.people.forms import PhoneField
from wanku.people.models import Person
from wanku.people.phones import normal_phone

EMAIL_MAX = 254
SMS_HOST = "sms.invalid"
"""Text messages lie in the mail folder under this host until an SMS provider is connected."""


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc] # allauth has no stubs
    """Phones on `Person`; text messages through the message sender of the installation."""

    def save_user(self, request: HttpRequest, user: Person, form: Any, commit: bool = True) -> Person:  # noqa: FBT001, FBT002
        """Store a new person with the phone from the start, since nobody may exist whom nothing reaches."""
        user.phone = form.cleaned_data.get("phone") or None
        return cast("Person", super().save_user(request, user, form, commit))

    def clean_email(self, email: str) -> str:
        """Refuse what is longer than an address may be (RFC 5321); allauth would cut it off without a word.

        Raises:
            ValidationError: it is too long.
        """
        if len(email) > EMAIL_MAX:
            raise ValidationError(_("An e-mail address has at most %(most)s characters.") % {"most": EMAIL_MAX})
        cleaned: str = super().clean_email(email)
        return cleaned

    def phone_form_field(self, **kwargs: Any) -> PhoneField:
        """A field that takes mainland numbers without country code."""
        return PhoneField(**kwargs)

    def set_phone(self, user: Any, phone: str, verified: bool) -> None:  # noqa: FBT001
        """Store a phone, verified or not."""
        user.phone = phone
        user.phone_verified = verified
        user.save(update_fields=["phone", "phone_verified"])

    def get_phone(self, user: Any) -> tuple[str, bool] | None:
        """Phone and whether it was verified."""
        return (user.phone, user.phone_verified) if user.phone else None

    def set_phone_verified(self, user: Any, phone: str) -> None:
        """Remember that the code for this phone was entered; a changed phone becomes the person's only now."""
        user.phone = phone
        user.phone_verified = True
        user.save(update_fields=["phone", "phone_verified"])

    def get_user_by_phone(self, phone: str) -> Person | None:
        """The person of a phone number, typed in any usual form."""
        found = normal_phone(phone)
        return Person.objects.filter(phone=found).first() if found else None

    def can_delete_email(self, email_address: EmailAddress) -> bool:
        """The last e-mail may go only when a verified phone still reaches the person."""
        allowed: bool = super().can_delete_email(email_address)
        others = EmailAddress.objects.filter(user_id=email_address.user_id).exclude(pk=email_address.pk)
        person = cast("Person", email_address.user)
        return allowed and (others.exists() or bool(person.phone and person.phone_verified))

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Mail as usual; where a phone stands in place of an address (password reset), the code goes by text."""
        if "@" in email:
            super().send_mail(template_prefix, email, context)
        elif "code" in context:
            self._text(email, _("%(code)s is your Wanku code. Never pass it on.") % {"code": context["code"]})
        else:
            self.send_unknown_account_sms(email)

    def generate_phone_verification_code(self, *, user: Any, phone: str) -> str:
        """Six digits, as people know them from text messages; three tries and a few minutes make that enough.

        Codes that alone open an account (sign-in, new password) keep allauth's longer form.
        """
        return get_random_string(6, "0123456789")

    def send_verification_code_sms(self, user: Any, phone: str, code: str, **kwargs: Any) -> None:
        """Send a code to a phone."""
        self._text(phone, _("%(code)s is your Wanku code. Never pass it on.") % {"code": code})

    def send_unknown_account_sms(self, phone: str, **kwargs: Any) -> None:
        """Tell an unknown number that it has no account; the page says the same as to everybody else."""
        self._text(phone, _("Somebody asked Wanku for a code for this number, but no account uses it."))

    def send_account_already_exists_sms(self, phone: str) -> None:
        """Tell the owner of a number that it has an account already."""
        self._text(phone, _("This number already has a Wanku account. Please sign in instead."))

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Anyone may register."""
        return True

    def _text(self, phone: str, body: str) -> None:
        EmailMessage(subject=f"SMS {phone}", body=body, to=[f"{phone.lstrip('+')}@{SMS_HOST}"]).send()
