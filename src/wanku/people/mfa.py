"""Secrets of the second factor, encrypted at rest."""

import base64
import hashlib

from allauth.mfa.adapter import DefaultMFAAdapter
from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings

PURPOSE = b"wanku.mfa:"


class MFAAdapter(DefaultMFAAdapter):  # type: ignore[misc] # allauth has no stubs
    """Encrypts TOTP keys and recovery codes with a key of their own, derived from the installation's secret."""

    def encrypt(self, text: str) -> str:
        """The stored form."""
        return _box().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """The plain form of a stored secret."""
        return _box().decrypt(encrypted_text.encode()).decode()

    def _get_site_name(self) -> str:
        return "Wanku"


def _box() -> MultiFernet:
    """The current key first; former secrets still open what they closed."""
    secrets = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    keys = (hashlib.sha256(PURPOSE + str(secret).encode()).digest() for secret in secrets)
    return MultiFernet([Fernet(base64.urlsafe_b64encode(key)) for key in keys])
