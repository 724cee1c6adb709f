"""Secrets of the second factor, encrypted at rest."""

from allauth.mfa.adapter import DefaultMFAAdapter

from wanku.kernel.secrets import seal, unseal

PURPOSE = "mfa"


class MFAAdapter(DefaultMFAAdapter):  # type: ignore[misc] # allauth has no stubs
    """Encrypts TOTP keys and recovery codes with a key of their own, derived from the installation's secret."""

    def encrypt(self, text: str) -> str:
        """The stored form."""
        return seal(PURPOSE, text)

    def decrypt(self, encrypted_text: str) -> str:
        """The plain form of a stored secret."""
        return unseal(PURPOSE, encrypted_text)

    def _get_site_name(self) -> str:
        return "Wanku"
