"""Cards by Stripe.

Money is collected by a PaymentIntent. The card itself is typed on Stripe's own page: our pages run no foreign scripts
and must never see a card number (PCI DSS, self-assessment A), so the buyer is sent to a hosted Checkout Session in
``payment`` mode, which makes and confirms the intent. Hence: *open* makes a session, *query* and *close* read and
expire it with its intent, *refund* works on the intent. Both carry our number in ``metadata``, and the session also
in ``client_reference_id``. What the books keep as the channel's number is the session until it is paid, then the
intent.

Amounts are the same integers on both sides: Stripe counts in the smallest unit, whole yen and won included. Currencies
in which Stripe's unit differs from ours, or of which it takes only round sums, are not offered (`CURRENCIES`).

A payment stays with the account that it was made at, which is asked with its own key for as long as it is not ended.

Stripe signs notices but not its answers, which TLS alone protects; so the address must be theirs or of this machine.
"""

from collections.abc import Sequence
from typing import Final

from wanku.kernel.refusal import gettext_noop
from wanku.payments.fields import AccountField, matches

NAME: Final = "stripe"
CURRENCIES: Final = frozenset(
    {"CNY", "HKD", "TWD", "USD", "EUR", "GBP", "JPY", "KRW", "SGD", "MYR", "THB", "VND", "AUD", "NZD", "CAD", "CHF"}
)
"""Of those that Stripe charges (docs.stripe.com/currencies), the ones whose unit is ours and whose sums are free."""
FIELDS: Final[Sequence[AccountField]] = (
    AccountField(
        "account_id",
        gettext_noop("Account"),
        check=matches(r"acct_[A-Za-z0-9]{4,40}", gettext_noop("It begins with acct_.")),
        help=gettext_noop("At Stripe under Settings, Business, Account details."),
    ),
    AccountField(
        "secret_key",
        gettext_noop("Secret or restricted key"),
        secret=True,
        check=matches(
            r"(sk|rk)_(test|live)_[A-Za-z0-9_]{8,180}", gettext_noop("It begins with sk_live_, rk_live_ or sk_test_.")
        ),
    ),
    AccountField(
        "webhook_secret",
        gettext_noop("Signing secret of the notices"),
        secret=True,
        check=matches(r"whsec_[A-Za-z0-9+/=_-]{8,180}", gettext_noop("It begins with whsec_.")),
        help=gettext_noop(
            "At Stripe, of the webhook endpoint that calls this platform. Let it send checkout.session.* and refund.*."
        ),
    ),
)
