"""The second lock: appointments of people, which the database keeps from overlapping."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

from django.db.backends.postgresql.psycopg_any import DateTimeTZRange

from wanku.kinds.kind import Booked
from wanku.kinds.visit.models import Appointment


def write_appointments(lines: Sequence[Booked]) -> None:
    """Book people for the lines; one that was let go before stands again. One statement.

    Raises:
        IntegrityError: somebody is booked at that time already, though the counters said otherwise
            (``visit_appointment_alone``).
    """
    Appointment.objects.bulk_create(
        [_appointment(line) for line in lines],
        update_conflicts=True,
        unique_fields=["line_id"],
        update_fields=["worker", "during", "starts_at", "ends_at", "is_live"],
    )


def release_appointments(line_ids: Iterable[UUID]) -> None:
    """Let go of what is not owed any more; the rows stay."""
    Appointment.objects.filter(line_id__in=list(line_ids)).update(is_live=False)


def _appointment(line: Booked) -> Appointment:
    choice = line.choice
    return Appointment(
        line_id=line.line_id,
        order_id=line.order_id,
        merchant_id=line.merchant_id,
        worker_id=choice["worker"],
        during=DateTimeTZRange(datetime.fromisoformat(choice["from"]), datetime.fromisoformat(choice["to"])),
        starts_at=datetime.fromisoformat(choice["at"]),
        ends_at=datetime.fromisoformat(choice["until"]),
        is_live=True,
    )
