"""A real worker takes jobs from the table, tries again after trouble, and takes up what a dead one left."""

from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.db import connection, transaction
from django.utils import timezone
from procrastinate import jobs
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob

from tests.cast import Shop
from wanku.flows.selling import send_invitation
from wanku.flows.selling.invite_staff import invite_staff
from wanku.jobs.tasks import LADDER
from wanku.merchants.models import Invitation

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _fresh(monkeypatch: pytest.MonkeyPatch) -> None:
    # The worker runs in threads of its own, whose connections must end with their jobs.
    monkeypatch.setitem(connection.settings_dict, "CONN_MAX_AGE", 0)
    mail.outbox = []
    ProcrastinateJob.objects.all()._raw_delete("default")


def invite(bo: Shop) -> Invitation:
    """Kim may become a clerk."""
    now = timezone.now()
    made = invite_staff(bo.merchant.pk, email="kim@example.com", role="clerk", actor=bo.actor, now=now)
    return made.invitation


def work() -> None:
    """Let a worker do what is due, then stop."""
    connector: Any = app.connector
    with app.replace_connector(connector.get_worker_connector()) as working:
        working.run_worker(wait=False, install_signal_handlers=False, listen_notify=False)


def job() -> ProcrastinateJob:
    """The one about the invitation."""
    found: ProcrastinateJob = ProcrastinateJob.objects.get(task_name="send_invitation")
    return found


def make_due() -> None:
    """Let the time until the next try pass."""
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_jobs SET scheduled_at = now() - interval '1 second'")


def test_a_worker_sends_the_letter(bo: Shop) -> None:
    row = invite(bo)
    assert mail.outbox == []
    work()
    row.refresh_from_db()
    assert row.sent_at is not None
    assert [message.to for message in mail.outbox] == [["kim@example.com"]]
    assert job().status == jobs.Status.SUCCEEDED.value
    work()
    assert len(mail.outbox) == 1


def test_a_job_is_left_only_with_its_invitation(bo: Shop) -> None:
    with transaction.atomic():
        invite(bo)
        transaction.set_rollback(True)
    assert not Invitation.objects.exists()
    assert not ProcrastinateJob.objects.exists()


def test_the_job_holds_no_secret(bo: Shop) -> None:
    row = invite(bo)
    assert job().args == {"invitation_id": row.pk}


def test_trouble_is_tried_again_later(bo: Shop, settings: Any) -> None:
    settings.EMAIL_BACKEND = "no.such.backend"
    row = invite(bo)
    start = timezone.now()
    work()
    assert job().status == jobs.Status.TODO.value
    due = job().scheduled_at
    assert due is not None
    assert timedelta(0) <= due - start - LADDER[0] < timedelta(seconds=60)
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    work()
    assert mail.outbox == []
    make_due()
    work()
    row.refresh_from_db()
    assert (row.sent_at is not None, row.tries, len(mail.outbox)) == (True, 2, 1)


def test_a_crash_between_sending_and_noting_it_is_repeated(bo: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    def crash(*_: object, **__: object) -> None:
        raise MemoryError

    row = invite(bo)
    with monkeypatch.context() as patch:
        patch.setattr(send_invitation, "_end", crash)
        work()
    row.refresh_from_db()
    assert (row.sent_at, len(mail.outbox)) == (None, 1)
    make_due()
    work()
    row.refresh_from_db()
    assert row.sent_at is not None
    assert len({message.extra_headers["Message-ID"] for message in mail.outbox}) == 1


def test_what_a_dead_worker_had_under_way_is_taken_up(bo: Shop) -> None:
    row = invite(bo)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now() - interval '10 minutes') RETURNING id"
        )
        dead = cursor.fetchone()[0]
        cursor.execute("SELECT id FROM procrastinate_fetch_job_v2(NULL, %s)", [dead])
    assert job().status == jobs.Status.DOING.value
    app.configure_task("take_up_stalled").defer(timestamp=0)
    work()
    work()
    row.refresh_from_db()
    assert row.sent_at is not None
    assert job().status == jobs.Status.SUCCEEDED.value
