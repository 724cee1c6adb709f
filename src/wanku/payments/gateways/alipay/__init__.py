"""Alipay: a page on desktops, a page on phones, and a code to scan, by the unchanged ``python-alipay-sdk``.

A trade exists at Alipay only from when the buyer signs in at its page or scans the code. Until then it can neither be
asked about nor closed, so every payment carries ``time_expire``, after which nobody can begin to pay it; closing one
that does not exist yet says `unknown`, and money that comes all the same goes back as a second or late payment.

Amounts travel in yuan with two decimals and become fen by `Decimal`. Times are of Beijing. What the SDK leaves out is
ours: a signature in its one true spelling, the window of `notify_time`, who sells, and whose answer it is.

Fields, codes and sentences: opendocs.alipay.com, alipay.trade.page.pay, wap.pay, precreate, query, close, refund,
fastpay.refund.query, alipay.data.dataservice.bill.downloadurl.query, and its notices.
"""

from collections.abc import Mapping, Sequence
from typing import Final

from cryptography.hazmat.primitives import serialization

from wanku.kernel.refusal import gettext_noop
from wanku.payments.fields import FEE_BP, AccountField, Wrong, matches, private_key, public_key

NAME: Final = "alipay"


def _their_key(value: str, typed: Mapping[str, str]) -> str:
    """Alipay's key, not the application's own public half, which its console shows right beside it."""
    kept = public_key(value, typed)
    try:
        own = private_key(typed.get("app_private_key", ""), typed)
    except Wrong:
        return kept
    key = serialization.load_pem_private_key(own.encode(), password=None)
    form = serialization.PublicFormat.SubjectPublicKeyInfo
    if key.public_key().public_bytes(serialization.Encoding.PEM, form).decode() == kept:
        raise Wrong(gettext_noop("This is the application’s own public key. Alipay shows its key beside it."))
    return kept


FIELDS: Final[Sequence[AccountField]] = (
    AccountField("app_id", gettext_noop("Application (APPID)"), check=matches(r"\d{16}", gettext_noop("16 digits."))),
    AccountField(
        "seller_id",
        gettext_noop("Seller (PID)"),
        check=matches(r"2088\d{12}", gettext_noop("16 digits that begin with 2088.")),
    ),
    AccountField("alipay_public_key", gettext_noop("Alipay’s public key"), check=_their_key, long=True),
    AccountField(
        "app_private_key", gettext_noop("The application’s private key"), secret=True, check=private_key, long=True
    ),
    FEE_BP,
)
