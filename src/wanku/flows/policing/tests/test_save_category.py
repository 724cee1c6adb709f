"""The category tree."""

from dataclasses import replace
from typing import Any

import pytest

from tests.cast import NOW
from wanku.access.actor import Actor
from wanku.audit.models import Act
from wanku.catalog.models import Category
from wanku.catalog.write_category import CategoryData
from wanku.flows.policing.save_category import save_category
from wanku.kernel.refusal import Refusal

HOME = CategoryData(slug="home", names={"zh-hans": "家居", "en": "Home"}, icon="house")


def test_adds_a_tree_and_moves_a_branch(di_actor: Actor) -> None:
    home = save_category(HOME, actor=di_actor, now=NOW)
    kitchen = save_category(CategoryData("kitchen", {"zh-hans": "厨房"}, home.pk), actor=di_actor, now=NOW)
    pots = save_category(CategoryData("pots", {"zh-hans": "锅"}, kitchen.pk), actor=di_actor, now=NOW)
    assert pots.path == "home/kitchen/pots"

    save_category(replace(HOME, slug="living"), category_id=home.pk, actor=di_actor, now=NOW)
    pots.refresh_from_db()
    assert pots.path == "living/kitchen/pots"

    save_category(CategoryData("kitchen", {"zh-hans": "厨房"}), category_id=kitchen.pk, actor=di_actor, now=NOW)
    pots.refresh_from_db()
    assert pots.path == "kitchen/pots"
    assert Act.objects.order_by("-id")[0].facts == {"parent_id": [home.pk, None]}


def test_a_path_that_only_starts_alike_stays(di_actor: Actor) -> None:
    home = save_category(HOME, actor=di_actor, now=NOW)
    save_category(CategoryData("home-office", {"zh-hans": "办公"}), actor=di_actor, now=NOW)
    save_category(replace(HOME, slug="house"), category_id=home.pk, actor=di_actor, now=NOW)
    assert set(Category.objects.values_list("path", flat=True)) == {"house", "home-office"}


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"slug": ""}, "slug"),
        ({"slug": "Häuser"}, "slug"),
        ({"slug": "a--b"}, "slug"),
        ({"slug": "a/b"}, "slug"),
        ({"slug": "x" * 41}, "slug"),
        ({"slug": "taken"}, "slug"),
        ({"names": {"en": "Home"}}, "name_zh_hans"),
        ({"names": {"zh-hans": "家", "en": "x" * 41}}, "name_en"),
        ({"return_rule": "maybe"}, "return_rule"),
        ({"return_days": 6}, "return_days"),
        ({"return_days": 91}, "return_days"),
        ({"commission_bp": 3001}, "commission_bp"),
        ({"commission_bp": -1}, "commission_bp"),
        ({"parent_id": 9999}, "parent"),
    ],
)
def test_bad_values(di_actor: Actor, change: dict[str, Any], field: str) -> None:
    save_category(replace(HOME, slug="taken"), actor=di_actor, now=NOW)
    with pytest.raises(Refusal) as refused:
        save_category(replace(HOME, **change), actor=di_actor, now=NOW)
    assert (refused.value.code.name, refused.value.field) == ("bad_value", field)
    assert (Category.objects.count(), Act.objects.count()) == (1, 1)


def test_no_rings_and_three_levels(di_actor: Actor) -> None:
    ids: list[int] = []
    for slug in ("a", "b", "c"):
        data = CategoryData(slug, {"zh-hans": slug}, ids[-1] if ids else None)
        ids.append(save_category(data, actor=di_actor, now=NOW).pk)
    for parent in ids:
        with pytest.raises(Refusal) as refused:
            save_category(CategoryData("a", {"zh-hans": "a"}, parent), category_id=ids[0], actor=di_actor, now=NOW)
        assert refused.value.field == "parent"
    with pytest.raises(Refusal, match="bad_value"):
        save_category(CategoryData("d", {"zh-hans": "d"}, ids[2]), actor=di_actor, now=NOW)
    other = save_category(CategoryData("e", {"zh-hans": "e"}), actor=di_actor, now=NOW)
    with pytest.raises(Refusal, match="bad_value"):
        save_category(CategoryData("a", {"zh-hans": "a"}, other.pk), category_id=ids[0], actor=di_actor, now=NOW)


def test_who(db: None) -> None:
    for role in ("finance", "arbitrator", "senior", "first_line"):
        with pytest.raises(Refusal, match="not_allowed"):
            save_category(HOME, actor=Actor(person_id=1, platform=frozenset({role})), now=NOW)


def test_unknown(di_actor: Actor) -> None:
    with pytest.raises(Refusal, match="not_found"):
        save_category(HOME, category_id=9999, actor=di_actor, now=NOW)
