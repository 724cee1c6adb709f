"""How Alipay reads calls and writes answers: parameters, signatures, amounts and times."""

import base64
import binascii
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, Final
from urllib.parse import parse_qsl
from zoneinfo import ZoneInfo

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from wanku.kernel.money import Money, from_major, major
from wanku.sandbox.banks.http import Answer, Asked

BEIJING: Final = ZoneInfo("Asia/Shanghai")
AMOUNT: Final = re.compile(r"\d{1,9}(\.\d{1,2})?", re.ASCII)
TIME: Final = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d", re.ASCII)
Fields = Mapping[str, str]


class BadCall(Exception):
    """A call that is not taken up, and what is answered."""

    def __init__(self, answer: Answer) -> None:
        super().__init__()
        self.answer = answer


class Biz(dict[str, Any]):
    """What a call is about (``biz_content``)."""

    def has(self, name: str) -> bool:
        """Whether it says that."""
        return self.get(name) not in (None, "")

    def text(self, name: str, most: int) -> str:
        """A text that must be there.

        Raises:
            BadCall: it is missing or too long.
        """
        value = self.get(name)
        if not isinstance(value, str) or not 0 < len(value) <= most:
            raise _unsigned("40002" if value else "40001", "isv.invalid-parameter", name)
        return value

    def fen(self, name: str) -> int:
        """An amount.

        Raises:
            BadCall: it is none.
        """
        value = str(self.get(name, ""))
        if not AMOUNT.fullmatch(value) or not Decimal(value):
            raise _unsigned("40002", "ACQ.INVALID_PARAMETER", name)
        return from_major(Decimal(value), "CNY").amount


@dataclass(frozen=True, slots=True)
class Call:
    """A call whose signature holds."""

    method: str
    params: Fields
    biz: Biz
    base: str


def read_call(asked: Asked, methods: Mapping[str, str], app_id: str, key: rsa.RSAPublicKey) -> Call:
    """Read and verify a call: parameters in the address, in a form, or some here and some there.

    Raises:
        BadCall: with Alipay's own words for what is wrong.
    """
    pairs = [*parse_qsl(asked.query, keep_blank_values=True), *_form(asked)]
    params = dict(pairs)
    if len(params) != len(pairs):
        raise _unsigned("40002", "isv.invalid-parameter", "重复的参数")
    method = params.get("method", "")
    if method not in methods:
        raise _unsigned("40002", "isv.invalid-method", "不存在的方法名")
    wanted = {"sign_type": "RSA2", "version": "1.0", "charset": "utf-8"}
    for name, value in wanted.items():
        if params.get(name, "").lower() != value.lower():
            raise _unsigned("40002", f"isv.invalid-{name.replace('_', '-')}", name, method)
    if params.get("app_id") != app_id:
        raise _unsigned("40002", "isv.invalid-app-id", "无效的AppID参数", method)
    if not TIME.fullmatch(params.get("timestamp", "")):
        raise _unsigned("40002", "isv.invalid-timestamp", "非法的时间戳参数", method)
    sign = params.pop("sign", "")
    if not _holds(key, sign, signed_text(params)):
        raise _unsigned("40002", "isv.invalid-signature", "验签出错", method)
    try:
        biz = json.loads(params.get("biz_content", ""))
    except ValueError:
        biz = None
    if not isinstance(biz, dict):
        raise _unsigned("40002", "isv.invalid-parameter", "biz_content", method)
    return Call(method, params, Biz(biz), asked.base)


def signed_text(params: Fields) -> str:
    """Names and values in order, as they are before they are encoded."""
    return "&".join(f"{name}={value}" for name, value in sorted(params.items()))


def signature(key: rsa.RSAPrivateKey, text: str) -> str:
    """RSA2: SHA-256 with RSA, in base64."""
    return base64.b64encode(key.sign(text.encode(), padding.PKCS1v15(), hashes.SHA256())).decode()


def answered(method: str, fields: Fields, key: rsa.RSAPrivateKey) -> Answer:
    """The answer to a call; its own object is signed exactly as it is written."""
    raw = json.dumps(fields, ensure_ascii=False, separators=(",", ":"))
    text = f'{{"{method.replace(".", "_")}_response":{raw},"sign":"{signature(key, raw)}"}}'
    return Answer(200, {"Content-Type": "text/html;charset=utf-8"}, text.encode())


def failed(code: str, words: str) -> Fields:
    """What Alipay says of a call that it understood and does not do."""
    return {"code": "40004", "msg": "Business Failed", "sub_code": code, "sub_msg": words}


def yuan(fen: int) -> str:
    """Two decimals."""
    return f"{major(Money(fen, 'CNY')):.2f}"


def written(at: datetime) -> str:
    """A time of Beijing."""
    return at.astimezone(BEIJING).strftime("%Y-%m-%d %H:%M:%S")


def moment(text: str) -> datetime:
    """The same read.

    Raises:
        BadCall: it is none.
    """
    try:
        return datetime.strptime(text, "%Y-%m-%d %H:%M:%S").replace(tzinfo=BEIJING)
    except ValueError as error:
        raise _unsigned("40002", "ACQ.INVALID_PARAMETER", text) from error


def _form(asked: Asked) -> list[tuple[str, str]]:
    return parse_qsl(asked.body.decode("utf-8", "replace"), keep_blank_values=True)


def _holds(key: rsa.RSAPublicKey, sign: str, text: str) -> bool:
    try:
        key.verify(base64.b64decode(sign, validate=True), text.encode(), padding.PKCS1v15(), hashes.SHA256())
    except (InvalidSignature, binascii.Error, ValueError):
        return False
    return True


def _unsigned(code: str, sub_code: str, words: str, method: str = "") -> BadCall:
    """Alipay does not sign for those whom it does not know."""
    name = f"{method.replace('.', '_')}_response" if method else "error_response"
    said = {"code": code, "msg": "Invalid Arguments", "sub_code": sub_code, "sub_msg": words}
    body = json.dumps({name: said}, ensure_ascii=False, separators=(",", ":")).encode()
    return BadCall(Answer(200, {"Content-Type": "text/html;charset=utf-8"}, body))
