"""Finding a guest's trade by number and contact, with a bound on guessing."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q

from wanku.access.count_guess import count_guess
from wanku.kernel.ids import clean_number
from wanku.kernel.refusal import TOO_OFTEN, Code, Refusal, gettext_noop
from wanku.orders.models import Trade
from wanku.people.phones import normal_phone

NO_MATCH = Code(
    "no_match",
    gettext_noop(
        "No guest order has this number together with this phone or e-mail. Please check both; orders that were "
        "placed while signed in are in that account."
    ),
    404,
)
WINDOW = timedelta(minutes=15)
PER_SOURCE, PER_NUMBER = 20, 8


def find_guest_trade(number: str, contact: str, *, source: str, now: datetime) -> Trade:
    """The trade with this number (its own or one of its orders') and this phone or e-mail.

    Only trades without an account: what a member bought is behind the member's own sign-in. A wrong number and a
    wrong contact get the same answer.

    Args:
        source: network address of who asks.

    Raises:
        Refusal: ``no_match``, or ``too_often`` with the time of the next try.
    """
    digits = clean_number(number)
    with transaction.atomic():
        waits = [count_guess("track_source", source, limit=PER_SOURCE, per=WINDOW, now=now)]
        if digits is not None:
            waits.append(count_guess("track_number", digits, limit=PER_NUMBER, per=WINDOW, now=now))
    again = max((wait for wait in waits if wait is not None), default=None)
    if again is not None:
        raise Refusal(TOO_OFTEN, at=again)
    phone, email = normal_phone(contact), contact.strip().lower()
    if digits is not None and (phone or email):
        by_number = Q(number=digits) | Q(orders__number=digits)
        for trade in Trade.objects.filter(by_number, buyer=None).distinct():
            if (phone and trade.contact_phone == phone) or (email and trade.contact_email == email):
                return trade
    raise Refusal(NO_MATCH)
