"""Fields that registration asks beyond what allauth has."""

from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from wanku.kernel.text import clean
from wanku.people.models import Person


class SignupExtra(forms.Form):
    """The name to greet someone with; optional."""

    name = forms.CharField(label=_("Name"), max_length=60, required=False)

    def clean_name(self) -> str:
        """Trimmed and without control characters."""
        return clean(self.cleaned_data.get("name") or "")

    def signup(self, request: HttpRequest, user: Person) -> None:
        """Called by allauth once the person exists."""
        user.name = self.cleaned_data["name"]
        user.language = getattr(request, "LANGUAGE_CODE", "zh-hans")
        user.save(update_fields=["name", "language"])
