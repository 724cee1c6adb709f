"""What we say of a licence, so that a program can check it without asking us: JSON Web Signatures with Ed25519.

Sources: RFC 7515 (compact form), RFC 8037 (EdDSA and the form of the key).
"""

import base64
import json
from collections.abc import Mapping
from datetime import datetime
from secrets import token_hex
from typing import Any, Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from wanku.kernel.secrets import reseal, seal, unseal
from wanku.kinds.issue.models import SigningKey

PURPOSE: Final = "licence_key"


class Signer:
    """Signs in the name of one shop, with its newest key; a shop's first one is made here.

    Raises:
        Unsealable: as `wanku.kernel.secrets.unseal`.
    """

    def __init__(self, merchant_id: int, *, now: datetime) -> None:
        row = _newest(merchant_id) or _make(merchant_id, now)
        self._private = Ed25519PrivateKey.from_private_bytes(_unbase64(unseal(PURPOSE, row.sealed)))
        self._head = _json({"alg": "EdDSA", "typ": "JWT", "kid": row.kid})

    def sign(self, claims: Mapping[str, Any]) -> str:
        """The claims in compact form."""
        text = f"{self._head}.{_json(claims)}"
        return f"{text}.{_base64(self._private.sign(text.encode()))}"


def public_keys(merchant_id: int) -> list[dict[str, str]]:
    """The shop's public keys as a JSON Web Key Set has them, newest first."""
    return [
        {"kty": "OKP", "crv": "Ed25519", "use": "sig", "alg": "EdDSA", "kid": row.kid, "x": row.public}
        for row in SigningKey.objects.filter(merchant_id=merchant_id).order_by("-since", "-pk")
    ]


def make_key(merchant_id: int, *, now: datetime) -> None:
    """Make sure that the shop has a key to publish before the first licence is signed."""
    if _newest(merchant_id) is None:
        _make(merchant_id, now)


def reseal_all() -> int:
    """Seal every private key under the current secret; returns how many."""
    rows = list(SigningKey.objects.all())
    for row in rows:
        row.sealed = reseal(PURPOSE, row.sealed)
    SigningKey.objects.bulk_update(rows, ["sealed"])
    return len(rows)


def _newest(merchant_id: int) -> SigningKey | None:
    return SigningKey.objects.filter(merchant_id=merchant_id).order_by("-since", "-pk").first()


def _make(merchant_id: int, now: datetime) -> SigningKey:
    """Two that are made at once are both good: each names itself in what it signs, and both are published."""
    private = Ed25519PrivateKey.generate()
    return SigningKey.objects.create(
        merchant_id=merchant_id,
        kid=token_hex(8),
        public=_base64(private.public_key().public_bytes_raw()),
        sealed=seal(PURPOSE, _base64(private.private_bytes_raw())),
        since=now,
    )


def _json(value: Mapping[str, Any]) -> str:
    return _base64(json.dumps(value, separators=(",", ":"), ensure_ascii=False).encode())


def _base64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def _unbase64(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
