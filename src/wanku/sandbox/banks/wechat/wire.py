"""Signatures, sealed resources and errors of API v3."""

import base64
import json
import re
import secrets
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from wanku.sandbox.banks.http import Answer, Asked
from wanku.sandbox.banks.wechat.keys import MCHID, Generation, KeyRing, serial_of

SCHEMA: Final = "WECHATPAY2-SHA256-RSA2048"
WINDOW_SECONDS: Final = 300
_PARTS: Final = re.compile(r'\w+="[^"]*"(,\w+="[^"]*"){4}', re.ASCII)
_PART: Final = re.compile(r'(\w+)="([^"]*)"', re.ASCII)


class Refused(Exception):
    """An error of the API: its code, the HTTP status, and a sentence."""

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(f"{code}: {message}")
        self.status, self.code, self.message = status, code, message


@dataclass(frozen=True, slots=True)
class Signer:
    """A key of the platform and the number it goes by."""

    key: rsa.RSAPrivateKey
    serial: str


def check_request(asked: Asked, ring: KeyRing) -> Generation:
    """The merchant's keys that a request is proven by.

    Raises:
        Refused: ``SIGN_ERROR`` 401; ``MCH_NOT_EXISTS`` 400.
    """
    schema, _, rest = asked.headers.get("authorization", "").partition(" ")
    parts = dict(_PART.findall(rest))
    if (
        schema != SCHEMA
        or not _PARTS.fullmatch(rest)
        or set(parts) != {"mchid", "nonce_str", "signature", "timestamp", "serial_no"}
    ):
        raise Refused(401, "SIGN_ERROR", "Http头Authorization值格式错误，请参考《微信支付商户REST API签名规则》")
    if parts["mchid"] != MCHID:
        raise Refused(400, "MCH_NOT_EXISTS", "商户号不存在")
    known = ring.by_serial(parts["serial_no"])
    if known is None:
        raise Refused(401, "SIGN_ERROR", "商户证书序列号有误，请核实后重试")
    stamp = parts["timestamp"]
    # What is signed on a wire carries the time of the wall, whatever time the bank's business is at.
    if not stamp.isdigit() or abs(time.time() - int(stamp)) > WINDOW_SECONDS:
        raise Refused(401, "SIGN_ERROR", "Http头Authorization中的timestamp与发起请求的时间不得超过5分钟")
    message = f"{asked.method}\n{asked.target}\n{stamp}\n{parts['nonce_str']}\n".encode() + asked.body + b"\n"
    try:
        verify(known.merchant, parts["signature"], message)
    except InvalidSignature as error:
        raise Refused(401, "SIGN_ERROR", "签名错误，请检查后再试") from error
    return known


def verify(key: rsa.RSAPrivateKey, signature: str, message: bytes) -> None:
    """Whether the shop's key made this signature, which has only one spelling.

    Raises:
        InvalidSignature: it did not.
    """
    try:
        raw = base64.b64decode(signature, validate=True)
    except ValueError as error:
        raise InvalidSignature from error
    if base64.b64encode(raw).decode() != signature:
        raise InvalidSignature
    key.public_key().verify(raw, message, PKCS1v15(), hashes.SHA256())


def signer_for(asked: Asked, ring: KeyRing) -> Signer:
    """The key that the shop wants to be answered with: a public key that it names, else the certificate's.

    Raises:
        Refused: ``PARAM_ERROR``, for a number that is no key of ours.
    """
    wanted = asked.headers.get("wechatpay-serial", "")
    generation = ring.by_public_key(wanted) if wanted else None
    if generation is not None:
        return Signer(generation.platform, generation.public_key_id)
    key, certificate = ring.certificate()
    if wanted not in ("", serial_of(certificate)):
        raise Refused(400, "PARAM_ERROR", "Wechatpay-Serial 有误")
    return Signer(key, serial_of(certificate))


def signed(signer: Signer, status: int, facts: Any) -> Answer:
    """A signed answer; one without facts is empty, and signed as well."""
    body = b"" if facts is None else json.dumps(facts, ensure_ascii=False, separators=(",", ":")).encode()
    headers = {"Content-Type": "application/json; charset=utf-8", "Request-ID": secrets.token_hex(16).upper()}
    return Answer(status, {**headers, **signature_headers(signer, body)}, body)


def signature_headers(signer: Signer, body: bytes, stamp: int | None = None) -> Mapping[str, str]:
    """What proves an answer or a notice; the stamp in seconds, by default of the wall."""
    at = str(int(time.time()) if stamp is None else stamp)
    nonce = secrets.token_hex(16)
    return {
        "Wechatpay-Timestamp": at,
        "Wechatpay-Nonce": nonce,
        "Wechatpay-Signature": sign(signer.key, f"{at}\n{nonce}\n".encode() + body + b"\n"),
        "Wechatpay-Serial": signer.serial,
        "Wechatpay-Signature-Type": SCHEMA,
    }


def sign(key: rsa.RSAPrivateKey, message: bytes) -> str:
    """SHA256 with RSA, in base64."""
    return base64.b64encode(key.sign(message, PKCS1v15(), hashes.SHA256())).decode()


def seal(apiv3_key: str, text: str, *, nonce: str, associated: str) -> dict[str, str]:
    """A resource under AEAD_AES_256_GCM; the nonce has 12 characters."""
    box = AESGCM(apiv3_key.encode()).encrypt(nonce.encode(), text.encode(), associated.encode())
    return {
        "algorithm": "AEAD_AES_256_GCM",
        "ciphertext": base64.b64encode(box).decode(),
        "associated_data": associated,
        "nonce": nonce,
    }


def certificates(ring: KeyRing, generation: Generation) -> dict[str, Any]:
    """What ``GET /v3/certificates`` tells."""
    _, certificate = ring.certificate()
    pem = certificate.public_bytes(serialization.Encoding.PEM).decode()
    return {
        "data": [
            {
                "serial_no": serial_of(certificate),
                "effective_time": certificate.not_valid_before_utc.isoformat(),
                "expire_time": certificate.not_valid_after_utc.isoformat(),
                "encrypt_certificate": seal(
                    generation.apiv3_key, pem, nonce=secrets.token_hex(6), associated="certificate"
                ),
            }
        ]
    }


def read_json(asked: Asked) -> dict[str, Any]:
    """The object in a body.

    Raises:
        Refused: ``PARAM_ERROR``.
    """
    try:
        facts = json.loads(asked.body)
    except ValueError as error:
        raise Refused(400, "PARAM_ERROR", "请求体不是合法的JSON") from error
    if not isinstance(facts, dict):
        raise Refused(400, "PARAM_ERROR", "请求体不是JSON对象")
    return facts
