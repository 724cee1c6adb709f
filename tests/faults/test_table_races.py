"""Two tables of one shop at the same moment: nothing is made twice."""

from functools import partial

import pytest

from tests.at_once import Meeting, at_once, locks_off
from tests.cast import NOW, Shop
from wanku.flows.offering._sheet import Outcome
from wanku.flows.offering.import_people import import_people
from wanku.kinds.visit.models import Worker

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.fault]
TABLE = "name,monday\n李娜,09:00-12:00\n".encode()
WRITES = "wanku.flows.offering._people_sheet.save_worker"


def twice(bo: Shop) -> list[Outcome | Exception]:
    take = partial(import_people, bo.merchant.pk, TABLE, actor=bo.actor, now=NOW)
    return at_once(take, take)


def test_two_that_bring_the_same_person_make_one(bo: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    Meeting().before(monkeypatch, WRITES)
    outcomes = twice(bo)
    verbs = sorted(step.verb for outcome in outcomes if isinstance(outcome, Outcome) for step in outcome.steps)
    assert verbs == ["create", "same"]
    assert Worker.objects.count() == 1


def test_control_without_locks_there_are_two(bo: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    locks_off(monkeypatch)
    meeting = Meeting()
    meeting.before(monkeypatch, WRITES)
    twice(bo)
    assert meeting.met
    assert Worker.objects.count() == 2
