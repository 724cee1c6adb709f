"""A proof is asked for, carried out once, and kept."""

import pytest
from procrastinate.contrib.django.models import ProcrastinateJob

from tests.bank import Bank
from tests.cast import NOW, Shop
from tests.sale import Sale, paid
from wanku.access.actor import Actor
from wanku.flows.proving.ask_proof import ask_proof
from wanku.flows.proving.run_proof import run_proof
from wanku.jobs import tasks
from wanku.ledger.models import Balance
from wanku.ledger.proof import from_json

pytestmark = pytest.mark.django_db


def test_sound_books_are_kept_as_such(bank: Bank, sale: Sale, di_actor: Actor) -> None:
    paid(bank, sale)
    proof = ask_proof(actor=di_actor, now=NOW)
    assert (proof.total, proof.finished_at, proof.asked_by) == (1, None, di_actor.person_id)
    job = ProcrastinateJob.objects.get(task_name="run_proof")
    assert job.args == {"proof_id": proof.pk}
    tasks.run_proof(**job.args)
    proof.refresh_from_db()
    assert proof.sound is True and proof.done == 1 and proof.finished_at is not None
    assert [check.wrong for check in from_json(proof.checks)] == [0] * len(proof.checks)


def test_what_is_wrong_is_kept(bank: Bank, sale: Sale, bo: Shop, di_actor: Actor) -> None:
    paid(bank, sale)
    proof = ask_proof(actor=di_actor, now=NOW)
    Balance.objects.update(amount=1)
    run_proof(proof.pk, now=NOW)
    proof.refresh_from_db()
    assert proof.sound is False
    (check,) = (check for check in from_json(proof.checks) if not check.holds)
    assert (check.code, check.wrong, {row["cached"] for row in check.rows}) == ("I2", 2, {1})
    Balance.objects.update(amount=2)
    run_proof(proof.pk, now=NOW)
    proof.refresh_from_db()
    assert {row["cached"] for row in from_json(proof.checks)[1].rows} == {1}
