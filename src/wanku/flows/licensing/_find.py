"""A licence by its code, which is all that a program has."""

from datetime import datetime

from wanku.kernel.refusal import Refusal
from wanku.kinds.issue import codes
from wanku.kinds.issue.models import FREE, REVOKED, Licence
from wanku.kinds.issue.refusals import LICENCE_EXPIRED, LICENCE_REVOKED, LICENCE_UNKNOWN


def find_licence(shop: str, code: str, *, lock: bool) -> Licence:
    """A licence that was issued, with its plan, product and shop.

    Whoever does not hold an issued code learns nothing: a code that lies in a pool, one of another shop, and one that
    never was get the same answer from the same one look into an index of keyed hashes.

    Raises:
        Refusal: ``licence_unknown``.
    """
    rows = Licence.objects.filter(merchant__slug=shop, digest__in=codes.digests_typed(code))
    rows = rows.select_related("merchant", "plan__variant__product")
    found = (rows.select_for_update(no_key=True, of=("self",)) if lock else rows).first()
    if found is None or found.state == FREE:
        raise Refusal(LICENCE_UNKNOWN)
    return found


def check_standing(licence: Licence, now: datetime) -> None:
    """Whether it still grants anything.

    Raises:
        Refusal: ``licence_revoked``, ``licence_expired``.
    """
    if licence.state == REVOKED:
        raise Refusal(LICENCE_REVOKED)
    if licence.expires_at is not None and licence.expires_at <= now:
        raise Refusal(LICENCE_EXPIRED, at=licence.expires_at)
