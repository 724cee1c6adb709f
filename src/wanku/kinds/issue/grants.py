"""What paid lines grant, and how it is taken away; in the transaction of whoever calls.

Who has lines paid holds the lock of the variant's counter, and a counter of a pool counts the codes in it, so a paid
line never meets an empty pool.
"""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.db import connection
from django.db.models import Count, QuerySet

from wanku.inventory.models import Supply
from wanku.inventory.restock import restock_many
from wanku.kernel.ids import new_id
from wanku.kinds.issue import codes
from wanku.kinds.issue.models import FREE, ISSUED, REVOKED, Grant, Licence, LicencePlan, Source
from wanku.kinds.kind import Booked

TAKE = """
UPDATE issue_licence SET state = 'issued', line_id = %s, order_id = %s, issued_at = %s WHERE id IN (
    SELECT id FROM issue_licence WHERE plan_id = %s AND state = 'free'
    ORDER BY id LIMIT %s FOR NO KEY UPDATE SKIP LOCKED
) RETURNING id
"""


class PoolEmpty(Exception):
    """The counter said that there were codes. Nothing is issued, and the payment is settled when there are."""


def grant(lines: Sequence[Booked], *, now: datetime) -> None:
    """Give each line its codes, as many as its quantity, or extend the licence that it renews.

    A renewal of what cannot be extended any more gives a code of its own instead: money is never for nothing.

    Raises:
        PoolEmpty: a counter and its pool disagree.
    """
    known = set(Grant.objects.filter(line_id__in=[line.line_id for line in lines]).values_list("line_id", flat=True))
    plans = {
        plan.pk: plan
        for plan in LicencePlan.objects.filter(pk__in=[line.variant_id for line in lines]).select_related("variant")
    }
    for line in sorted(lines, key=lambda each: (each.variant_id, each.line_id)):
        if line.line_id in known:
            continue
        plan = plans[line.variant_id]
        old = _to_extend(line)
        got = [old] if old is not None else _new(plan, line, now)
        Grant.objects.bulk_create(_grant(licence, plan, line, now) for licence in got)
        for licence in got:
            _reckon(licence, now)


def take_away(lines: Sequence[Booked], *, because: str, now: datetime) -> None:
    """Undo what lines granted, for as many pieces as they say: codes that nobody used first.

    A licence that lives from nothing else is revoked, active or not. A code of a pool that nobody has seen goes back
    into it; every other one is lost to it. Whether the engine set pieces free depends on what became of the order;
    the counters of pools are brought to the codes that lie there in either case.
    """
    touched: set[int] = set()
    _lock_counters(line.variant_id for line in lines)
    for line in sorted(lines, key=lambda each: each.line_id):
        standing = Grant.objects.filter(line_id=line.line_id, undone_at=None)
        licences = _locked(Licence.objects.filter(pk__in=standing.values("licence_id")))
        chosen = sorted(licences, key=_used)[: line.quantity]
        standing.filter(licence__in=chosen).update(undone_at=now)
        for licence in chosen:
            _end_or_shorten(licence, because, now)
            touched.add(licence.plan_id)
        if chosen:
            touched.add(line.variant_id)
    settle_pools(touched, because="licences given back", by_id=None, now=now)


def settle_pools(variants: Collection[int], *, because: str, by_id: int | None, now: datetime) -> None:
    """Bring the counters of pools to the codes that lie in them. The caller holds the counters' locks."""
    pools = set(LicencePlan.objects.filter(pk__in=variants, source=Source.POOL).values_list("pk", flat=True))
    if not pools:
        return
    in_pool = dict(
        Licence.objects.filter(plan__in=pools, state=FREE).values_list("plan_id").annotate(Count("pk")).order_by()
    )
    rows = Supply.objects.filter(key__in=[f"sku:{pk}" for pk in pools])
    changes = {row.key: in_pool.get(int(row.key.removeprefix("sku:")), 0) - row.free - row.held for row in rows}
    restock_many({key: n for key, n in changes.items() if n}, because=because, by_id=by_id, now=now)


def revoke(licence: Licence, *, because: str, now: datetime) -> None:
    """End a licence for good; the caller holds its lock."""
    licence.state, licence.revoked_at, licence.revoked_because = REVOKED, now, because[:200]
    licence.save(update_fields=["state", "revoked_at", "revoked_because"])


def new_rows(plan: LicencePlan, texts: Sequence[str], *, state: str, now: datetime) -> list[Licence]:
    """Codes of a plan that are not stored yet, sealed."""
    return [
        Licence(
            id=new_id(),
            merchant_id=plan.merchant_id,
            plan=plan,
            product_id=plan.variant.product_id,
            digest=codes.digests(text)[0],
            sealed=codes.sealed(text),
            tail=codes.tail_of(text),
            state=state,
            added_at=now,
        )
        for text in texts
    ]


def _lock_counters(variants: Iterable[int]) -> None:
    """In the order of their ids, before any licence, as orders take them; what is held already is held."""
    keys = {f"sku:{pk}" for pk in variants}
    list(Supply.objects.select_for_update(no_key=True).filter(key__in=keys).order_by("pk").values_list("pk"))


def _new(plan: LicencePlan, line: Booked, now: datetime) -> list[Licence]:
    if plan.source == Source.POOL:
        return _from_pool(plan, line, now)
    made = new_rows(plan, [codes.new_code() for _ in range(line.quantity)], state=ISSUED, now=now)
    for licence in made:
        licence.line_id, licence.order_id, licence.issued_at = line.line_id, line.order_id, now
    return Licence.objects.bulk_create(made)


def _from_pool(plan: LicencePlan, line: Booked, now: datetime) -> list[Licence]:
    with connection.cursor() as cursor:
        cursor.execute(TAKE, [line.line_id, line.order_id, now, plan.pk, line.quantity])
        taken = [row[0] for row in cursor.fetchall()]
    if len(taken) < line.quantity:
        raise PoolEmpty(f"plan {plan.pk}: {len(taken)} of {line.quantity}")
    return list(Licence.objects.filter(pk__in=taken).order_by("pk"))


def _to_extend(line: Booked) -> Licence | None:
    """The licence that a line renews, locked, if it still can be: of this product, and not revoked."""
    renews = line.choice.get("renews")
    if not renews:
        return None
    found = Licence.objects.filter(pk=renews, merchant_id=line.merchant_id, product_id=line.product_id, state=ISSUED)
    return next(iter(_locked(found.filter(plan__source=Source.SIGNED))), None)


def _locked(rows: QuerySet[Licence]) -> list[Licence]:
    return list(rows.select_for_update(no_key=True, of=("self",)).order_by("pk"))


def _grant(licence: Licence, plan: LicencePlan, line: Booked, now: datetime) -> Grant:
    return Grant(
        licence=licence,
        plan=plan,
        line_id=line.line_id,
        order_id=line.order_id,
        edition=plan.edition,
        seats=plan.seats,
        machines=plan.machines,
        days=plan.term_days,
        at=now,
    )


def _reckon(licence: Licence, now: datetime) -> None:
    """What a licence is good for after a grant: the newest one's edition, and the terms of all.

    A renewal is added to what is left, or begins now where nothing is left.
    """
    standing = list(licence.grants.filter(undone_at=None))
    last = standing[-1]
    licence.edition, licence.seats, licence.machines = last.edition, last.seats, last.machines
    before, licence.term_days = licence.term_days, _days(standing)
    if licence.term_days is None or licence.activated_at is None:
        licence.expires_at = None
    elif len(standing) > 1 and before is not None and licence.expires_at is not None:
        licence.expires_at = max(licence.expires_at, now) + timedelta(days=last.days or 0)
    else:
        licence.expires_at = licence.activated_at + timedelta(days=licence.term_days)
    _save(licence)


def _end_or_shorten(licence: Licence, because: str, now: datetime) -> None:
    standing = list(licence.grants.filter(undone_at=None))
    if standing:
        last = standing[-1]
        before, licence.term_days = licence.term_days, _days(standing)
        licence.edition, licence.seats, licence.machines = last.edition, last.seats, last.machines
        if licence.term_days is None or licence.activated_at is None:
            licence.expires_at = None
        elif before is None or licence.expires_at is None:
            licence.expires_at = licence.activated_at + timedelta(days=licence.term_days)
        else:
            licence.expires_at -= timedelta(days=before - licence.term_days)
        _save(licence)
    elif licence.state != ISSUED:
        return
    elif licence.plan.source == Source.POOL and licence.shown_at is None and licence.activated_at is None:
        licence.state, licence.line_id, licence.order_id, licence.issued_at = FREE, None, None, None
        licence.save(update_fields=["state", "line_id", "order_id", "issued_at"])
    else:
        revoke(licence, because=because, now=now)


def _days(grants: Sequence[Grant]) -> int | None:
    """All terms together, or none when one of them is for good."""
    days = [each.days for each in grants]
    return None if None in days else sum(each for each in days if each is not None)


def _save(licence: Licence) -> None:
    licence.save(update_fields=["edition", "seats", "machines", "term_days", "expires_at"])


def _used(licence: Licence) -> tuple[bool, bool, UUID]:
    """Those that nobody used come first."""
    return licence.activated_at is not None, licence.shown_at is not None, licence.pk
