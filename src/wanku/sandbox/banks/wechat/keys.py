"""Who knows whom: the platform's keys and certificate, and the merchant's account, in generations."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID

from wanku.sandbox.banks import keys
from wanku.sandbox.banks.books import Books, Kept

MCHID: Final = "1900012345"
APPID: Final = "wx8888888888888888"
PAYEE: Final = "Wanku"
_CERTIFICATE_LIFE: Final = timedelta(days=5 * 365)


@dataclass(frozen=True, slots=True)
class Generation:
    """The account's keys of one age; a new age replaces all of them, and former ones stay known.

    Attributes:
        merchant, merchant_serial: what the shop signs with, and the number of its certificate.
        public_key_id, platform: what WeChat Pay signs with in public-key mode.
        apiv3_key: what it seals resources with, 32 letters and digits.
    """

    age: int
    merchant: rsa.RSAPrivateKey
    merchant_serial: str
    platform: rsa.RSAPrivateKey
    public_key_id: str
    apiv3_key: str


class KeyRing:
    """All generations, from the books."""

    def __init__(self, books: Books) -> None:
        self._books = books

    @property
    def age(self) -> int:
        """The current generation, from 0."""
        return int(keys.kept(self._books, "wechat:age", lambda: "0"))

    def rotate(self) -> None:
        """The merchant renews its certificate and keys."""
        with self._books.held():
            age = self.age
            row = self._books.one(Kept, name="wechat:age")
            if row is not None:
                row.value = str(age + 1)
                self._books.put(row)

    def generation(self, age: int | None = None) -> Generation:
        """The keys of an age, by default of now."""
        age = self.age if age is None else age
        name = f"wechat:{age}"
        return Generation(
            age=age,
            merchant=keys.key_pair(self._books, f"{name}:merchant"),
            merchant_serial=keys.secret(self._books, f"{name}:serial", 40).upper(),
            platform=keys.key_pair(self._books, f"{name}:platform"),
            public_key_id=f"PUB_KEY_ID_01{MCHID}{keys.secret(self._books, f'{name}:public', 22)}",
            apiv3_key=keys.secret(self._books, f"{name}:apiv3"),
        )

    def by_serial(self, serial: str) -> Generation | None:
        """The generation whose merchant certificate has this number."""
        return next((g for g in self._all() if g.merchant_serial == serial), None)

    def by_public_key(self, public_key_id: str) -> Generation | None:
        """The generation whose public key has this id."""
        return next((g for g in self._all() if g.public_key_id == public_key_id), None)

    def certificate(self) -> tuple[rsa.RSAPrivateKey, x509.Certificate]:
        """The platform certificate with its key, for those who do not use public keys yet."""
        key = keys.key_pair(self._books, "wechat:certificate")
        pem = keys.kept(self._books, "wechat:certificate-pem", lambda: _certificate(key))
        return key, _loaded(pem)

    def stranger(self) -> rsa.RSAPrivateKey:
        """A key that is nobody's, for forgeries."""
        return keys.key_pair(self._books, "wechat:stranger")

    def _all(self) -> list[Generation]:
        return [self.generation(age) for age in range(self.age, -1, -1)]


def serial_of(certificate: x509.Certificate) -> str:
    """As headers tell it."""
    return f"{certificate.serial_number:X}"


@lru_cache(maxsize=8)
def _loaded(pem: str) -> x509.Certificate:
    return x509.load_pem_x509_certificate(pem.encode())


def _certificate(key: rsa.RSAPrivateKey) -> str:
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Tenpay.com sandbox")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=30))
        .not_valid_after(now + _CERTIFICATE_LIFE)
        .sign(key, hashes.SHA256())
    )
    return made.public_bytes(serialization.Encoding.PEM).decode()
