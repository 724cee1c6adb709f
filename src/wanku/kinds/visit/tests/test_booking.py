"""From a chosen time to what it takes."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wanku.kernel.refusal import Refusal
from wanku.kinds.pick import Pick
from wanku.kinds.visit.booking import at_work, in_turn, pick_visit, starts_on
from wanku.kinds.visit.choice import VisitChoice
from wanku.kinds.visit.facts import Facts, plain_name
from wanku.kinds.visit.hours import Roster, moment_of, worked_around
from wanku.kinds.visit.tests.rosters import BERLIN, NOW, SHANGHAI, at, facts, person

_HOUR = ("0200", "0215", "0230", "0245")
THURSDAY = date(2026, 11, 12)


def pick(told: Facts, moment: datetime, now: datetime = NOW, **asked: Any) -> Pick:
    quantity, add_ons = asked.pop("quantity", 1), asked.pop("add_ons", ())
    choice = VisitChoice(at=moment, **asked)
    return pick_visit(told, price=9900, choice=choice, quantity=quantity, add_ons=add_ons, now=now)


def refused(*args: Any, **asked: Any) -> tuple[str, str | None]:
    with pytest.raises(Refusal) as caught:
        pick(*args, **asked)
    return caught.value.code.name, caught.value.field


def test_an_hour_takes_four_quarters_and_the_way() -> None:
    told = facts(person(1, before=2, after=1))
    picked = pick(told, at(SHANGHAI, THURSDAY, 10))
    assert picked.unit_price == 9900 == sum(part.amount for part in picked.parts)
    [way] = picked.ways
    assert sorted(way.demand) == [
        f"hour:1:20261112T{t}Z" for t in ("0130", "0145", "0200", "0215", "0230", "0245", "0300")
    ]
    assert set(way.demand.values()) == {1}
    assert way.choice == {
        "at": "2026-11-12T10:00:00+08:00",
        "until": "2026-11-12T11:00:00+08:00",
        "from": "2026-11-12T09:30:00+08:00",
        "to": "2026-11-12T11:15:00+08:00",
        "zone": "Asia/Shanghai",
        "where": "home",
        "shop_address": "",
        "worker": 1,
        "name": "P1",
        "anyone": True,
    }
    assert picked.terms["cancellation"] == [{"hours": 2, "bp": 0}]
    assert picked.together is None


def test_the_way_is_not_taken_in_the_shop_and_add_ons_take_time() -> None:
    told = facts(person(1, before=2, after=1), place="either", shop_address="湖滨路 1 号")
    there = pick(told, at(SHANGHAI, THURSDAY, 10), where="shop", add_ons=(7, 8))
    assert len(there.ways[0].demand) == 6
    assert there.ends_at == at(SHANGHAI, THURSDAY, 11, 30)
    assert there.ways[0].choice["shop_address"] == "湖滨路 1 号"


def test_one_person_or_anyone_in_an_order_that_is_fair() -> None:
    told = facts(*(person(n) for n in range(1, 5)))
    assert [way.choice["worker"] for way in pick(told, at(SHANGHAI, THURSDAY, 10), worker=3).ways] == [3]
    every = pick(told, at(SHANGHAI, THURSDAY, 10))
    assert sorted(way.choice["worker"] for way in every.ways) == [1, 2, 3, 4]
    assert every == pick(told, at(SHANGHAI, THURSDAY, 10))
    first = [in_turn(told.people, start)[0].id for start in range(1_982_000, 1_986_000)]
    assert all(850 < first.count(n) < 1150 for n in range(1, 5))


def test_refusals() -> None:
    told, ten = facts(person(1, before=2)), at(SHANGHAI, THURSDAY, 10)
    assert refused(told, ten, quantity=2) == ("visit_one_at_a_time", "quantity")
    assert refused(told, ten + timedelta(minutes=15)) == ("visit_not_offered", "choice.at")
    assert refused(told, ten + timedelta(seconds=30)) == ("visit_not_offered", "choice.at")
    assert refused(told, NOW + timedelta(minutes=30)) == ("visit_too_soon", "choice.at")
    assert refused(told, ten - timedelta(days=30)) == ("visit_too_soon", "choice.at")
    assert refused(told, ten + timedelta(days=15)) == ("visit_too_far", "choice.at")
    assert refused(told, ten, worker=9) == ("visit_no_such_person", "choice.worker")
    # The way there would begin before work, the visit would reach into the break, or past the end.
    assert refused(told, at(SHANGHAI, THURSDAY, 9), worker=1) == ("visit_not_at_work", "choice.at")
    assert refused(told, at(SHANGHAI, THURSDAY, 11, 30)) == ("visit_not_offered", "choice.at")
    assert refused(told, at(SHANGHAI, THURSDAY, 17, 30)) == ("visit_not_offered", "choice.at")
    assert refused(told, ten, where="shop") == ("bad_value", "choice.where")
    assert refused(facts(place="either"), ten) == ("bad_value", "choice.where")
    assert refused(facts(person(1, Roster({}))), ten) == ("visit_not_offered", "choice.at")


def test_the_same_moment_on_another_clock_is_the_same_choice() -> None:
    told = facts(person(1))
    assert pick(told, datetime.fromisoformat("2026-11-12T02:00Z")) == pick(told, at(SHANGHAI, THURSDAY, 10))


def test_over_the_change_of_clocks() -> None:
    """Berlin, the night of 25 October 2026: the hour from two to three comes twice, and each is a time of its own."""
    night = date(2026, 10, 25)
    told = facts(person(1, Roster({6: ((60, 300),)})), zone=BERLIN, place="shop")
    now = at(BERLIN, night - timedelta(days=1), 12)
    first, second = at(BERLIN, night, 2), at(BERLIN, night, 2, fold=1)
    early, late = pick(told, first.astimezone(BERLIN), now), pick(told, second.astimezone(SHANGHAI), now)
    assert early.starts_at != late.starts_at
    assert early.ways[0].choice["at"] == "2026-10-25T02:00:00+02:00"
    assert late.ways[0].choice["at"] == "2026-10-25T02:00:00+01:00"
    assert not set(early.ways[0].demand) & set(late.ways[0].demand)
    # An hour that begins before the change ends when the clock shows the beginning of the hour that comes twice.
    over = pick(told, datetime.fromisoformat("2026-10-25T02:30+02:00"), now)
    assert over.ways[0].choice["until"] == "2026-10-25T02:30:00+01:00"
    assert len(over.ways[0].demand) == 4
    # In spring the clock goes from two to three: there are no times between, and an hour from 1:30 ends at 3:30.
    spring = date(2027, 3, 28)
    now = at(BERLIN, spring - timedelta(days=1), 12)
    offered = [f"{moment_of(start, BERLIN):%H:%M}" for start in starts_on(told, spring, now)]
    assert "01:30" in offered and "03:00" in offered and not [text for text in offered if text.startswith("02")]
    assert pick(told, at(BERLIN, spring, 1, 30), now).ways[0].choice["until"] == "2027-03-28T03:30:00+02:00"


def test_names_of_places() -> None:
    told = facts()
    reached = [
        (reach.fee if (reach := told.reached({"city": city, "district": district})) else None)
        for city, district in (
            ("杭州市", "西湖区"),
            ("杭州", "西湖"),
            ("杭州市", "拱墅区"),
            ("宁波市", "西湖区"),
            ("", ""),
        )
    ]
    assert reached == [0, 0, 2000, None, None]
    assert plain_name("上海市") == "上海" and plain_name("沙市") == "沙市"
    assert told.reached({"province": "杭州市", "city": "市辖区", "district": "西湖区"}) is not None


windows = st.lists(
    st.tuples(st.integers(0, 1439), st.integers(15, 600)).map(lambda w: (w[0], w[0] + w[1])), min_size=1, max_size=3
)


@settings(max_examples=100)
@given(
    st.sampled_from([SHANGHAI, BERLIN]),
    st.dates(date(2026, 10, 20), date(2027, 4, 2)),
    st.tuples(windows, windows),
    st.tuples(st.integers(1, 12), st.integers(0, 3), st.integers(0, 3)),
)
def test_what_is_offered_is_worked_and_can_be_picked(zone: Any, day: date, calendar: Any, lengths: Any) -> None:
    (hours, breaks), (length, before, after) = calendar, lengths
    roster = Roster(dict.fromkeys(range(7), tuple(hours)), dict.fromkeys(range(7), tuple(breaks)))
    told = facts(person(1, roster, before, after), zone=zone, quarters=length)
    now = at(zone, day - timedelta(days=1), 12)
    starts = list(starts_on(told, day, now))
    offered = at_work(told, told.people[0], day, "home", length, starts)
    working = worked_around(roster, day, zone)
    for start in starts:
        assert (start in offered) == all(q in working for q in range(start - before, start + length + after))
        assert moment_of(start, zone).date() == day
    for start in offered:
        picked = pick(told, moment_of(start, zone), now)
        assert len(picked.ways[0].demand) == before + length + after
        assert picked.starts_at is not None and picked.ends_at is not None
        assert (picked.ends_at.timestamp() - picked.starts_at.timestamp()) == length * 900
