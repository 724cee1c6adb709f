"""Who a buyer inside WeChat is: the openid of our application, asked for without a question to the buyer.

The buyer's browser goes to WeChat and comes back with a code, which we exchange for the openid (``snsapi_base``).
Source: developers.weixin.qq.com, official accounts, web page authorization.
"""

from typing import Final
from urllib.parse import urlencode

import httpx

from wanku.payments.accounts import Account
from wanku.payments.channel import ChannelDown

AUTHORIZE: Final = "https://open.weixin.qq.com/connect/oauth2/authorize"
TOKEN: Final = "https://api.weixin.qq.com/sns/oauth2/access_token"  # noqa: S105 - an address
TIMEOUT_SECONDS: Final = 5.0
OPENID_MAX: Final = 128


def who_address(account: Account, back: str, state: str) -> str:
    """Where the browser goes; WeChat insists on this order of the names."""
    asked = {
        "appid": account.public["appid"],
        "redirect_uri": back,
        "response_type": "code",
        "scope": "snsapi_base",
        "state": state,
    }
    return f"{_at(account, AUTHORIZE)}?{urlencode(asked)}#wechat_redirect"


def openid_of(account: Account, code: str) -> str:
    """The openid behind a code, which works once and for five minutes.

    Raises:
        ChannelDown: WeChat does not tell it.
    """
    asked = {
        "appid": account.public["appid"],
        "secret": account.secret["app_secret"],
        "code": code,
        "grant_type": "authorization_code",
    }
    try:
        answer = httpx.get(
            _at(account, TOKEN), params=asked, timeout=TIMEOUT_SECONDS, trust_env="base_url" not in account.public
        )
        told = answer.json()
        openid, error = told.get("openid"), told.get("errcode", "")
    except (httpx.HTTPError, ValueError, AttributeError) as problem:
        # The address holds the secret, so only the kind of error is told.
        raise ChannelDown(f"WeChat does not tell who the buyer is: {type(problem).__name__}") from None
    if not isinstance(openid, str) or not 0 < len(openid) <= OPENID_MAX:
        raise ChannelDown(f"WeChat does not tell who the buyer is: {error}")
    return openid


def _at(account: Account, real: str) -> str:
    """The real address, or the same path at simulated banks."""
    base = account.public.get("base_url", "").rstrip("/")
    return f"{base}/{real.split('/', 3)[3]}" if base else real
