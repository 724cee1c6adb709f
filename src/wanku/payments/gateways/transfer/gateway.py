"""The gateway of transfers to our bank account."""

import json
from collections.abc import Iterable, Mapping
from datetime import date, datetime

from wanku.kernel.refusal import gettext_noop
from wanku.payments.accounts import accounts_of
from wanku.payments.channel import (
    BillRow,
    ChannelDown,
    ChannelResult,
    ChannelState,
    Heard,
    Known,
    Method,
    NoBill,
    NoticeRefused,
    Opened,
    Opening,
    RefundCall,
    RefundResult,
    RefundState,
    ShownAs,
)
from wanku.payments.gateways.transfer import FIELDS, NAME, SHOWN
from wanku.payments.models import BankTransfer
from wanku.payments.states import REPORTED

CLOCK = "pay_transfer"
ARRIVAL = gettext_noop("Our finance transfers it to the account that paid; it is there within 1 to 3 working days.")
HINT = gettext_noop("We show you our account; the order goes on when our finance has confirmed the money.")


class TransferGateway:
    """Shows the account; what arrives there is confirmed by people."""

    name = NAME
    heard = Heard()
    fields = FIELDS

    def methods(self) -> Mapping[str, Method]:
        """One, in the currency of the account."""
        account = next(iter(accounts_of(NAME)), None)
        if account is None:
            return {}
        currencies = frozenset({account.public["currency"]})
        label = gettext_noop("Bank transfer")
        return {"bank": Method(label, currencies=currencies, clock=CLOCK, arrival=ARRIVAL, hint=HINT)}

    def open(self, opening: Opening) -> Opened:
        """The lines of the account and the number to quote."""
        account = next(iter(accounts_of(NAME)), None)
        if account is None:
            raise ChannelDown("no account is set")
        lines = {name: account.public[name] for name in SHOWN if name in account.public}
        return Opened(ShownAs.TRANSFER, json.dumps({**lines, "quote": opening.number}, ensure_ascii=False))

    def query(self, known: Known) -> ChannelResult:
        """It waits: only what two people saw on the statement is money."""
        return ChannelResult(NAME, known.number, ChannelState.PENDING)

    def close(self, known: Known) -> ChannelResult:
        """Closed, unless one of finance has seen money for it, which the other one has yet to confirm."""
        seen = BankTransfer.objects.filter(attempt__number=known.number, refund=None, state=REPORTED).exists()
        return ChannelResult(NAME, known.number, ChannelState.PENDING if seen else ChannelState.CLOSED)

    def refund(self, call: RefundCall) -> RefundResult:
        """On the list of finance, which it does not leave before two people saw it paid."""
        return RefundResult(call.number, RefundState.PROCESSING, gateway=NAME)

    def query_refund(self, call: RefundCall) -> RefundResult:
        """Still there."""
        return RefundResult(call.number, RefundState.PROCESSING, gateway=NAME)

    def parse_notice(self, headers: Mapping[str, str], body: bytes, now: datetime) -> ChannelResult:
        """Nobody may tell us of transfers.

        Raises:
            NoticeRefused: always.
        """
        raise NoticeRefused("transfers have no notices")

    def bill(self, day: date) -> Iterable[BillRow]:
        """There is no channel that could write one; the statement of the bank itself is what people confirm by."""
        raise NoBill(NAME)
