"""Getting the bill of a day from its channel."""

import logging
from datetime import date, datetime

from django.db import transaction

from wanku.audit.move import By
from wanku.flows.reconciling._keep import keep, locked
from wanku.flows.reconciling._sql import MANY, refresh_statistics
from wanku.kernel.refusal import NOT_FOUND, Code, Refusal, gettext_noop
from wanku.kernel.states import GATEWAY
from wanku.payments.channel import ChannelDown, NoBill
from wanku.payments.gateways import GATEWAYS
from wanku.reconciliation.models import Bill

NO_BILL = Code("no_bill", gettext_noop("The channel has no bill of this day, or not yet."), 409)
NO_ANSWER = Code("bill_not_answered", gettext_noop("The channel does not answer. Please try again later."), 503)
log = logging.getLogger(__name__)


def fetch_bill(gateway: str, day: date, *, now: datetime) -> Bill:
    """Ask the channel and keep what it says; nothing is locked while it thinks.

    The same bill again changes nothing. A corrected one replaces what is not settled; settled lines stay, and that
    the channel dropped them becomes a case.

    Raises:
        Refusal: ``no_bill``, ``bill_not_answered``, ``bill_unreadable``, ``not_found`` for a channel that we do not
            have; nothing was written.
    """
    channel = GATEWAYS.get(gateway)
    if channel is None:
        raise Refusal(NOT_FOUND)
    try:
        rows = list(channel.bill(day))
    except NoBill as none:
        raise Refusal(NO_BILL) from none
    except ChannelDown as down:
        log.warning("%s gives no bill of %s: %s", gateway, day, down)
        raise Refusal(NO_ANSWER) from down
    with transaction.atomic():
        bill = locked(gateway, day)
        keep(bill, rows, source="channel", by=By(GATEWAY), now=now)
    if len(rows) >= MANY:
        refresh_statistics()
    return bill
