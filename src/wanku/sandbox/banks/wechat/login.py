"""Telling a web page who its reader is: the application's side door, apart from the payment API."""

import secrets
from datetime import datetime, timedelta
from typing import Final
from urllib.parse import urlencode, urlsplit

from wanku.sandbox.banks import keys
from wanku.sandbox.banks.bank import Clock
from wanku.sandbox.banks.books import Books
from wanku.sandbox.banks.http import Answer, Asked, go_to, in_json
from wanku.sandbox.banks.wechat.keys import APPID

AUTHORIZE: Final = "/connect/oauth2/authorize"
TOKEN: Final = "/sns/oauth2/access_token"  # noqa: S105 - an address
CODE_LIFE: Final = timedelta(minutes=5)


class Login:
    """One reader, who is always the same; codes that work once."""

    def __init__(self, books: Books, now: Clock) -> None:
        self._books, self._now = books, now
        self._codes: dict[str, datetime] = {}

    @property
    def app_secret(self) -> str:
        """What the application proves itself by."""
        return keys.secret(self._books, "wechat:app")

    @property
    def openid(self) -> str:
        """Who the reader is to this application."""
        return f"o{keys.secret(self._books, 'wechat:reader', 27)}"

    def answer(self, asked: Asked) -> Answer | None:
        """The answer to a request of this kind; None for any other."""
        if asked.method == "GET" and asked.path == AUTHORIZE:
            return self._authorize(asked.args)
        if asked.method == "GET" and asked.path == TOKEN:
            return self._token(asked.args)
        return None

    def _authorize(self, args: dict[str, str]) -> Answer:
        back = urlsplit(args.get("redirect_uri", ""))
        right = {"appid": APPID, "response_type": "code", "scope": "snsapi_base"}
        if any(args.get(name) != value for name, value in right.items()) or back.scheme not in ("http", "https"):
            return in_json({"errcode": 10003, "errmsg": "redirect_uri or scope"}, 400)
        code = secrets.token_hex(16)
        self._codes[code] = self._now() + CODE_LIFE
        told = urlencode({"code": code, "state": args.get("state", "")})
        return go_to(back._replace(query="&".join(filter(None, [back.query, told])), fragment="").geturl())

    def _token(self, args: dict[str, str]) -> Answer:
        if args.get("appid") != APPID or not secrets.compare_digest(args.get("secret", ""), self.app_secret):
            return in_json({"errcode": 40125, "errmsg": "invalid appsecret"})
        until = self._codes.pop(args.get("code", ""), None)
        if until is None or until <= self._now() or args.get("grant_type") != "authorization_code":
            return in_json({"errcode": 40029, "errmsg": "invalid code"})
        token = {"access_token": secrets.token_urlsafe(48), "expires_in": 7200, "refresh_token": secrets.token_hex(48)}
        return in_json({**token, "openid": self.openid, "scope": "snsapi_base"})
