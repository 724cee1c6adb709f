"""Requests as bytes, written before the clock runs."""

import json
import uuid
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from urllib.parse import urlencode

from bench.shop import PROVINCE, Pair, total_of
from wanku.api.callers import new_token

CONTACT = {"name": "安小姐", "phone": "+8613800138000", "email": "ann@example.com"}
ADDRESS = {
    "name": "安小姐",
    "phone": "+8613800138000",
    "province": PROVINCE,
    "city": "杭州市",
    "district": "西湖区",
    "line": "文三路 1 号",
    "postcode": "310012",
}


def http(method: str, path: str, port: int, headers: Mapping[str, str], body: bytes = b"") -> bytes:
    """One HTTP/1.1 request on a connection that stays open."""
    lines = [f"{method} {path} HTTP/1.1", f"Host: 127.0.0.1:{port}", *(f"{k}: {v}" for k, v in headers.items())]
    if body or method == "POST":
        lines.append(f"Content-Length: {len(body)}")
    return "\r\n".join([*lines, "", ""]).encode() + body


def get(path: str, port: int, **headers: str) -> bytes:
    """A page as a browser asks for it, uncompressed."""
    return http("GET", path, port, {"Accept": "text/html", "Accept-Language": "zh-CN", **headers})


def orders(path: str, port: int, pairs: Iterator[Pair], count: int) -> tuple[list[bytes], list[str]]:
    """Orders by JSON, each by a guest of its own under a key of its own; and the keys."""
    requests, keys = [], []
    for pair in islice(pairs, count):
        key = uuid.uuid4().hex
        requests.append(order(path, port, pair, total_of(pair), key, new_token(uuid.uuid4())))
        keys.append(key)
    return requests, keys


def order(path: str, port: int, variants: Sequence[int], total: int, key: str, token: str) -> bytes:
    """One piece of each of these variants, by JSON."""
    body = {
        "lines": [{"variant_id": variant, "quantity": 1} for variant in variants],
        "contact": CONTACT,
        "address": ADDRESS,
        "agreed_total": total,
    }
    headers = {
        "Content-Type": "application/json",
        "Accept": "application/json",
        "X-Guest-Token": token,
        "Idempotency-Key": key,
    }
    return http("POST", path, port, headers, json.dumps(body, ensure_ascii=False).encode())


def checkouts(path: str, port: int, pairs: Iterator[Pair], sessions: list[str]) -> tuple[list[bytes], list[str]]:
    """The storefront's checkout form, sent by browsers that have these sessions; and the keys."""
    requests, keys = [], []
    for pair, session in zip(pairs, sessions, strict=False):
        key, secret = uuid.uuid4().hex[:24], uuid.uuid4().hex
        wishes = [f"{variant}-1" for variant in pair]
        query = urlencode([("key", key), *(("buy", wish) for wish in wishes)])
        fields = [("csrfmiddlewaretoken", secret), *(("wish", wish) for wish in wishes), ("saved", "new")]
        fields += [*ADDRESS.items(), ("email", CONTACT["email"]), ("agreed_total", str(total_of(pair)))]
        headers = {
            "Content-Type": "application/x-www-form-urlencoded",
            "Accept": "text/html",
            "Cookie": f"csrftoken={secret}; sessionid={session}",
            "Origin": f"http://127.0.0.1:{port}",
        }
        requests.append(http("POST", f"{path}?{query}", port, headers, urlencode(fields).encode()))
        keys.append(key)
    return requests, keys
