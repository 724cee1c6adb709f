"""What a channel needs to know us by: the fields of its account, each with a check that says what is wrong."""

import base64
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from wanku.kernel.refusal import gettext_noop

LENGTH_MAX: Final = 8000
KEY_BITS_MIN: Final = 2048
_LOOPBACK: Final = frozenset({"127.0.0.1", "localhost", "::1"})


class Wrong(ValueError):
    """A value that cannot be right; the text is an English msgid that says what to do."""


Check = Callable[[str, Mapping[str, str]], str]
"""Takes a value and everything that was typed by name; returns the value as it is kept, or raises `Wrong`."""


def short_text(value: str, typed: Mapping[str, str]) -> str:
    """One word of at most 200 characters, such as an identifier or a shared secret."""
    if not 1 <= len(value) <= 200 or any(c.isspace() for c in value):
        raise Wrong(gettext_noop("One word without spaces, at most 200 characters."))
    return value


def matches(pattern: str, problem: str) -> Check:
    """A check for a whole text of a form; ``problem`` is a msgid."""
    form = re.compile(pattern, re.ASCII)

    def check(value: str, typed: Mapping[str, str]) -> str:
        if not form.fullmatch(value):
            raise Wrong(problem)
        return value

    return check


def private_key(value: str, typed: Mapping[str, str]) -> str:
    """An RSA private key, as PEM or as the bare base64 that key tools of channels give; kept as PKCS#8 PEM."""
    problem = gettext_noop("This is not a private RSA key of 2048 bits or more without a password.")
    raw = _der(value)
    try:
        if raw is None:
            key = serialization.load_pem_private_key(value.encode(), password=None)
        else:
            key = serialization.load_der_private_key(raw, password=None)
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise Wrong(problem) from error
    if not isinstance(key, rsa.RSAPrivateKey) or key.key_size < KEY_BITS_MIN:
        raise Wrong(problem)
    form = serialization.PrivateFormat.PKCS8
    return key.private_bytes(serialization.Encoding.PEM, form, serialization.NoEncryption()).decode()


def public_key(value: str, typed: Mapping[str, str]) -> str:
    """An RSA public key, as PEM or as bare base64; kept as PEM."""
    problem = gettext_noop("This is not a public RSA key of 2048 bits or more.")
    raw = _der(value)
    try:
        key = (
            serialization.load_pem_public_key(value.encode()) if raw is None else serialization.load_der_public_key(raw)
        )
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise Wrong(problem) from error
    if not isinstance(key, rsa.RSAPublicKey) or key.key_size < KEY_BITS_MIN:
        raise Wrong(problem)
    form = serialization.PublicFormat.SubjectPublicKeyInfo
    return key.public_bytes(serialization.Encoding.PEM, form).decode()


def address(value: str, typed: Mapping[str, str]) -> str:
    """An address with TLS, or one of this machine itself."""
    problem = gettext_noop("A whole address that begins with https://, or one of this machine.")
    try:
        parts = urlsplit(value)
        host = parts.hostname or ""
    except ValueError as error:  # such as a bracket that is not closed
        raise Wrong(problem) from error
    if not host or not (parts.scheme == "https" or (parts.scheme == "http" and host in _LOOPBACK)):
        raise Wrong(problem)
    return value


def _der(value: str) -> bytes | None:
    """The bytes of a key that came without PEM's lines, or none."""
    if value.startswith("-----"):
        return None
    try:
        return base64.b64decode("".join(value.split()), validate=True)
    except ValueError as error:  # letters beyond ASCII, or no base64
        raise Wrong(gettext_noop("This is not a key. Paste the whole text, with its first and last line.")) from error


@dataclass(frozen=True, slots=True)
class AccountField:
    """One value that a channel's account has.

    Attributes:
        label, help: English msgids.
        secret: sealed at rest and never shown again.
        long: several lines, such as a key.
        required: an optional one may be left empty, and is then not kept at all.
    """

    name: str
    label: str
    secret: bool = False
    check: Check = short_text
    long: bool = False
    required: bool = True
    help: str = ""


FEE_BP: Final = AccountField(
    "fee_bp",
    gettext_noop("Agreed fee, in hundredths of a percent"),
    check=matches(r"\d{1,4}", gettext_noop("A whole number below 10000, such as 60 for 0.60 %.")),
    required=False,
    help=gettext_noop(
        "60 is 0.60 %. A bill that charges another fee becomes a case of finance; empty compares no fees."
    ),
)
"""For channels that charge a share of each payment and give it back with a refund (`wanku.flows.reconciling`)."""
BASE_URL: Final = AccountField(
    "base_url",
    gettext_noop("Address of the channel"),
    check=address,
    required=False,
    help=gettext_noop("Only for a sandbox; empty is the channel’s real address."),
)
"""Every channel has it, where trying out is allowed at all."""
