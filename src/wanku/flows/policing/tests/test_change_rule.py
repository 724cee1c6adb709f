"""Durations change from now on, with a reason, within bounds."""

from datetime import timedelta

import pytest

from tests.cast import NOW
from wanku.access.actor import Actor
from wanku.audit import rules
from wanku.audit.models import Act, RuleVersion
from wanku.flows.policing.change_rule import change_rule
from wanku.kernel.deadlines import DAY, DEFAULTS, FLOORS, HOUR
from wanku.kernel.limits import LIMITS, LIMITS_MAX
from wanku.kernel.refusal import Refusal


def test_is_in_force_at_once_and_keeps_its_history(di_actor: Actor) -> None:
    assert rules.current()["ship"] == 48 * HOUR
    change_rule("ship", 72 * HOUR, because="春节期间物流放缓", actor=di_actor, now=NOW)
    assert rules.current()["ship"] == 72 * HOUR
    change_rule("ship", 48 * HOUR, because="节后恢复", actor=di_actor, now=NOW + timedelta(days=1))
    assert rules.current()["ship"] == 48 * HOUR
    assert rules.due("ship", NOW) == NOW + timedelta(hours=48)
    assert list(RuleVersion.objects.order_by("id").values_list("value", flat=True)) == [72 * HOUR, 48 * HOUR]
    assert [act.facts for act in Act.objects.order_by("id")] == [
        {"from": 48 * HOUR, "to": 72 * HOUR},
        {"from": 72 * HOUR, "to": 48 * HOUR},
    ]


@pytest.mark.parametrize(
    ("name", "value", "because", "code", "field"),
    [
        ("no_such_rule", 60, "try something", "not_found", None),
        ("ship", 0, "too short for anybody", "bad_value", "value"),
        ("ship", -5, "negative", "bad_value", "value"),
        ("ship", 401 * DAY, "far too long", "bad_value", "value"),
        ("ship", DEFAULTS["ship"], "same as before", "bad_value", "value"),
        ("return_no_reason", 7 * DAY - 1, "below the law", "bad_value", "value"),
        ("ship", 60, "", "bad_value", "because"),
        ("close_alone", -1, "below nothing", "bad_value", "value"),
        ("close_alone", LIMITS_MAX["close_alone"] + 1, "no rule any more", "bad_value", "value"),
        ("close_alone", LIMITS["close_alone"], "same as before", "bad_value", "value"),
    ],
)
def test_refused(di_actor: Actor, name: str, value: int, because: str, code: str, field: str | None) -> None:
    with pytest.raises(Refusal) as refused:
        change_rule(name, value, because=because, actor=di_actor, now=NOW)
    assert (refused.value.code.name, refused.value.field) == (code, field)
    assert not RuleVersion.objects.exists()
    assert not Act.objects.exists()


def test_only_administrators(db: None) -> None:
    for role in ("operations", "finance", "arbitrator", "senior", "first_line"):
        with pytest.raises(Refusal, match="not_allowed"):
            change_rule("ship", HOUR, because="quicker", actor=Actor(person_id=1, platform=frozenset({role})), now=NOW)


def test_floors_are_rules_and_below_the_defaults() -> None:
    assert all(FLOORS[name] <= DEFAULTS[name] for name in FLOORS)


def test_limits_are_rules_too(di_actor: Actor) -> None:
    assert LIMITS.keys() == LIMITS_MAX.keys() and not LIMITS.keys() & DEFAULTS.keys()
    assert all(0 < LIMITS[name] <= LIMITS_MAX[name] for name in LIMITS)
    change_rule("close_alone", 0, because="暂时一律双人", actor=di_actor, now=NOW)
    assert (rules.latest("close_alone"), rules.current()["close_alone"]) == (0, 0)
    assert Act.objects.get().facts == {"from": LIMITS["close_alone"], "to": 0}
