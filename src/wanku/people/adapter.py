"""What django-allauth asks of us: phones live on the person, codes go out as notices."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.core.mail import EmailMessage
from django.http import HttpRequest

from wanku.people.models import Person


class AccountAdapter(DefaultAccountAdapter):
    """Phones on `Person`; text messages through the message sender of the installation."""

    def set_phone(self, user: Any, phone: str, verified: bool) -> None:
        """Store a phone, verified or not."""
        user.phone = phone
        user.phone_verified = verified
        user.save(update_fields=["phone", "phone_verified"])

    def get_phone(self, user: Any) -> tuple[str, bool] | None:
        """Phone and whether it was verified."""
        return (user.phone, user.phone_verified) if user.phone else None

    def set_phone_verified(self, user: Any, phone: str) -> None:
        """Remember that the code for this phone was entered."""
        Person.objects.filter(pk=user.pk, phone=phone).update(phone_verified=True)

    def get_user_by_phone(self, phone: str) -> Person | None:
        """The person of a phone number."""
        return Person.objects.filter(phone=phone).first()

    def send_verification_code_sms(self, user: Any, phone: str, code: str, **kwargs: Any) -> None:
        """Send a code to a phone.

        There is no SMS provider yet: the text goes to the mail folder, so that the demo and the tests can read it.
        """
        self._text(phone, f"Wanku: {code}")

    def send_unknown_account_sms(self, phone: str, **kwargs: Any) -> None:
        """Tell an unknown number that it has no account (so that strangers cannot tell who has one)."""
        self._text(phone, "Wanku: no account uses this number.")

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Anyone may register."""
        return True

    def _text(self, phone: str, body: str) -> None:
        EmailMessage(subject=f"SMS {phone}", body=body, to=[f"{phone.lstrip('+')}@sms.invalid"]).send()
