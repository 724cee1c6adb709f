"""The tables at which people order by scanning a code."""

from collections.abc import Collection, Sequence
from datetime import datetime

from django.db import transaction

from wanku.access.actor import Actor
from wanku.audit.record import record
from wanku.flows.offering._kitchen import hold_kitchen
from wanku.kernel.refusal import refuse_all
from wanku.kernel.text import clean
from wanku.kinds.meal.models import Table, new_token
from wanku.kinds.meal.rules import check_tables


def set_tables(
    merchant_id: int, names: Sequence[str], *, renew: Collection[str] = (), actor: Actor, now: datetime
) -> None:
    """Bring the tables to these names, in order. A table keeps its code while it keeps its name.

    Args:
        renew: names of tables that get a new code; the one that hangs out is void from then on.

    Raises:
        Refusal: ``sign_in``, ``not_allowed``, ``no_menu``; ``bad_value``.
    """
    wanted = [name for each in names if (name := clean(each))]
    with transaction.atomic():
        hold_kitchen(merchant_id, actor)
        refuse_all(list(check_tables(wanted)))
        known = {table.name: table for table in Table.objects.filter(merchant=merchant_id)}
        Table.objects.filter(pk__in=[table.pk for name, table in known.items() if name not in wanted]).delete()
        for place, name in enumerate(wanted):
            table = known.get(name) or Table(merchant_id=merchant_id, name=name)
            table.position = place
            if name in renew:
                table.token = new_token()
            table.save()
        record(
            "set_tables",
            actor_id=actor.person_id,
            subject_type="kitchen",
            subject_id=merchant_id,
            merchant_id=merchant_id,
            facts={"tables": len(wanted), "renewed": sorted(set(renew) & set(wanted))},
            now=now,
        )
