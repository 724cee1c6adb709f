"""WeChat Pay, API v3, by the unchanged SDK ``wechatpayv3`` in public-key mode.

Three ways: *native*, a code to scan from a desktop; *h5*, an address on phones outside WeChat; *jsapi*, parameters for
the page inside WeChat, for a buyer whose openid is known.

The SDK verifies a signature and opens what is sealed. The rest is ours: the window of five minutes, numbers of keys
that we do not know (the SDK would fetch certificates, on the word of whoever calls), one true spelling of a signature,
and that an answer or a notice is about our account, our number and the amount in yuan cents. Whether a notice had its
effect before is the flows' business; its id goes there with it.

Sources: pay.weixin.qq.com, API v3, direct merchants; the official SDK wechatpay-go for states and the window.
"""

from collections.abc import Sequence
from typing import Final

from wanku.kernel.refusal import gettext_noop
from wanku.payments.fields import FEE_BP, AccountField, matches, private_key, public_key

NAME: Final = "wechat"
FIELDS: Final[Sequence[AccountField]] = (
    AccountField("mchid", gettext_noop("Merchant number"), check=matches(r"\d{8,10}", gettext_noop("8 to 10 digits."))),
    AccountField(
        "appid",
        gettext_noop("Application (appid)"),
        check=matches(r"wx[0-9a-z]{16}", gettext_noop("It begins with wx and has 18 characters.")),
        help=gettext_noop("The official account or application that is bound to the merchant number."),
    ),
    AccountField(
        "serial_no",
        gettext_noop("Number of the merchant certificate"),
        check=matches(r"[0-9A-F]{16,40}", gettext_noop("Digits and the letters A to F.")),
    ),
    AccountField(
        "public_key_id",
        gettext_noop("ID of WeChat Pay’s public key"),
        check=matches(r"PUB_KEY_ID_[0-9A-Za-z]{8,60}", gettext_noop("It begins with PUB_KEY_ID_.")),
    ),
    AccountField("public_key", gettext_noop("WeChat Pay’s public key"), check=public_key, long=True),
    AccountField(
        "private_key",
        gettext_noop("Private key of the merchant certificate"),
        secret=True,
        check=private_key,
        long=True,
    ),
    AccountField(
        "apiv3_key",
        gettext_noop("APIv3 key"),
        secret=True,
        check=matches(r"[0-9A-Za-z]{32}", gettext_noop("32 letters and digits.")),
    ),
    AccountField(
        "app_secret",
        gettext_noop("Secret of the application"),
        secret=True,
        check=matches(r"[0-9a-f]{32}", gettext_noop("32 letters and digits.")),
        required=False,
        help=gettext_noop("Without it there is no way to pay inside WeChat, where it tells who the buyer is."),
    ),
    FEE_BP,
)
