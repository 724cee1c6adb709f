"""Durations change from now on, with a reason, within bounds."""

from datetime import timedelta

import pytest

from tests.cast import NOW
from wanku.access.actor import Actor
from wanku.audit import rules
from wanku.audit.models import Act, RuleVersion
from wanku.flows.policing.change_rule import change_rule
from wanku.kernel.deadlines import DAY, DEFAULTS, FLOORS, HOUR
from wanku.kernel.refusal import Refusal


def test_is_in_force_at_once_and_keeps_its_history(di_actor: Actor) -> None:
    assert rules.current()["ship"] == 48 * HOUR
    change_rule("ship", 72 * HOUR, because="春节期间物流放缓", actor=di_actor, now=NOW)
    assert rules.current()["ship"] == 72 * HOUR
    change_rule("ship", 48 * HOUR, because="节后恢复", actor=di_actor, now=NOW + timedelta(days=1))
    assert rules.current()["ship"] == 48 * HOUR
    assert rules.due("ship", NOW) == NOW + timedelta(hours=48)
    assert list(RuleVersion.objects.order_by("id").values_list("seconds", flat=True)) == [72 * HOUR, 48 * HOUR]
    assert [act.facts for act in Act.objects.order_by("id")] == [
        {"from": 48 * HOUR, "to": 72 * HOUR},
        {"from": 72 * HOUR, "to": 48 * HOUR},
    ]


@pytest.mark.parametrize(
    ("name", "seconds", "because", "code", "field"),
    [
        ("no_such_rule", 60, "try something", "not_found", None),
        ("ship", 0, "too short for anybody", "bad_value", "seconds"),
        ("ship", -5, "negative", "bad_value", "seconds"),
        ("ship", 401 * DAY, "far too long", "bad_value", "seconds"),
        ("ship", DEFAULTS["ship"], "same as before", "bad_value", "seconds"),
        ("return_no_reason", 7 * DAY - 1, "below the law", "bad_value", "seconds"),
        ("ship", 60, "", "bad_value", "because"),
    ],
)
def test_refused(di_actor: Actor, name: str, seconds: int, because: str, code: str, field: str | None) -> None:
    with pytest.raises(Refusal) as refused:
        change_rule(name, seconds, because=because, actor=di_actor, now=NOW)
    assert (refused.value.code.name, refused.value.field) == (code, field)
    assert not RuleVersion.objects.exists()
    assert not Act.objects.exists()


def test_only_administrators(db: None) -> None:
    for role in ("operations", "finance", "arbitrator", "senior", "first_line"):
        with pytest.raises(Refusal, match="not_allowed"):
            change_rule("ship", HOUR, because="quicker", actor=Actor(person_id=1, platform=frozenset({role})), now=NOW)


def test_floors_are_rules_and_below_the_defaults() -> None:
    assert all(FLOORS[name] <= DEFAULTS[name] for name in FLOORS)
