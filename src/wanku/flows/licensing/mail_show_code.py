"""A guest asks for the digits with which codes are shown once more."""

from datetime import datetime, timedelta
from secrets import randbelow
from uuid import UUID

from django.db import transaction

from wanku.access.actor import Actor
from wanku.access.count_guess import count_guess
from wanku.flows.licensing._proof import PURPOSE, check_contact
from wanku.flows.talking._recipients import buyer_of
from wanku.kernel.ids import spaced
from wanku.kernel.refusal import NOT_FOUND, TOO_OFTEN, Refusal
from wanku.kernel.secrets import fingerprints
from wanku.kinds.issue.models import MailedCode
from wanku.notices.tell import Message, tell
from wanku.orders.models import Order

LIFE = timedelta(minutes=15)
MAILS, PER = 4, timedelta(hours=1)


def mail_show_code(order_id: UUID, contact: str, *, actor: Actor, now: datetime) -> bool:
    """Mail six digits to the address of a guest's order; earlier ones count no more.

    Args:
        contact: phone or e-mail of the order, which whoever asks has to know.

    Returns:
        whether a mail goes out; an order without an address needs none (`proven`).

    Raises:
        Refusal: ``not_found``; ``contact_wrong``; ``too_often``.
    """
    order = Order.objects.bought_by(actor).filter(pk=order_id, trade__buyer=None).select_related("trade").first()
    if order is None:
        raise Refusal(NOT_FOUND)
    check_contact(order, contact, now=now)
    if not order.trade.contact_email:
        return False
    with transaction.atomic():
        again = count_guess("licence_mail", str(order.pk), limit=MAILS, per=PER, now=now)
    if again is not None:
        raise Refusal(TOO_OFTEN, at=again)
    digits = f"{randbelow(10**6):06d}"
    with transaction.atomic():
        MailedCode.objects.update_or_create(
            order_id=order.pk,
            defaults={
                "digest": fingerprints(PURPOSE, f"{order.pk}:{digits}")[0],
                "tries": 0,
                "sent_at": now,
                "due_at": now + LIFE,
            },
        )
        to = buyer_of(order.trade, None)
        cause = f"licence_digits:{order.pk}:{int(now.timestamp())}"
        facts = {"number": spaced(order.number), "digits": digits, "minutes": int(LIFE.total_seconds()) // 60}
        tell([Message(cause=cause, kind="licence_digits", to=to, facts=facts, email=True)], now=now)
    return True
