"""Secrets of the second factor, encrypted at rest."""

from allauth.mfa.adapter import DefaultMFAAdapter

from wanku.kernel.secrets import reseal, seal, unseal

PURPOSE = "mfa"
SEALED = ("secret", "seed")
"""Where allauth keeps what the adapter has encrypted: TOTP keys, and what recovery codes grow from."""
BATCH = 500


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


def reseal_all() -> int:
    """Seal every key and every set of codes under the current secret; returns how many.

    Run it in a transaction. The rows are locked, since allauth writes into the same object which codes are used.
    """
    from allauth.mfa.models import Authenticator  # noqa: PLC0415 - allauth loads this file before its models

    rows = Authenticator.objects.select_for_update(no_key=True).filter(data__has_any_keys=SEALED).order_by("pk")
    changed = list(rows)
    for row in changed:
        row.data = {name: reseal(PURPOSE, value) if name in SEALED else value for name, value in row.data.items()}
    Authenticator.objects.bulk_update(changed, ["data"], batch_size=BATCH)
    return len(changed)
