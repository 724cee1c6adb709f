"""What was asked for, from what was frozen."""

from typing import Any

import pytest

from wanku.kinds.forms import choice_text
from wanku.kinds.registry import KINDS, read_choice

FROZEN: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "issue": ({"renews": "01a20274-1dd0-7196-a027-ce693bbfaa07"}, {}),
    "meal": (
        {"at": "2026-11-12T04:00Z", "way": "table", "table": "t1", "options": [1, 2]},
        {"zone": "Asia/Shanghai", "told": ["辣"], "table_name": "3"},
    ),
    "seat": ({"departure": 5}, {"origin": "杭州", "zone_from": "Asia/Shanghai"}),
    "stay": (
        {"check_in": "2026-12-01", "check_out": "2026-12-03", "adults": 2, "children": 0},
        {"zone": "Asia/Shanghai", "from": "15:00", "until": "12:00", "meal": ""},
    ),
    "visit": (
        {"at": "2026-11-12T10:00:00+08:00", "worker": 3, "where": "home"},
        {"until": "2026-11-12T11:00:00+08:00", "name": "王", "anyone": False, "zone": "Asia/Shanghai"},
    ),
}


@pytest.mark.parametrize("code", [*KINDS])
def test_the_same_can_be_asked_for_again(code: str) -> None:
    kind = KINDS[code]
    asked, beside = FROZEN[code]
    assert kind.asked(asked | beside) == asked
    read_choice(kind, choice_text(asked))


def test_anyone_is_anyone_again() -> None:
    asked, beside = FROZEN["visit"]
    assert KINDS["visit"].asked(asked | beside | {"anyone": True})["worker"] is None
