"""Categories: what an editor types, checked, and the subtree moved with it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from wanku.catalog.models import Category, ReturnRule
from wanku.kernel.refusal import BAD_VALUE, NOT_FOUND, Refusal, gettext_noop
from wanku.kernel.text import clean

DEPTH_MAX = 3
NAME_MAX = 40
RETURN_DAYS_MIN, RETURN_DAYS_MAX = 7, 90
COMMISSION_BP_MAX = 3000
LANGUAGES = ("zh-hans", "zh-hant", "en")


@dataclass(frozen=True, slots=True)
class CategoryData:
    """A category as it should be.

    Attributes:
        names: by language; simplified Chinese is needed.
        return_days: length of the no-reason window in days, at least the law's seven.
        commission_bp: basis points, or none for the merchant's own.
    """

    slug: str
    names: Mapping[str, str]
    parent_id: int | None = None
    icon: str = ""
    position: int = 0
    return_rule: str = ReturnRule.NO_REASON
    return_days: int = 7
    commission_bp: int | None = None
    is_open: bool = True


def write_category(data: CategoryData, category_id: int | None) -> tuple[Category, dict[str, Any]]:
    """Add or change a category and the paths below it, inside the caller's transaction.

    Returns:
        the category, and ``{field: [before, after]}`` of what changed.

    Raises:
        Refusal: ``bad_value`` naming the field, ``not_found``.
    """
    # The tree is small and rarely edited: one lock over it keeps two editors from making a ring together.
    tree = {row.pk: row for row in Category.objects.select_for_update(no_key=True).order_by("pk")}
    category = Category() if category_id is None else tree.get(category_id)
    if category is None:
        raise Refusal(NOT_FOUND)
    values = _checked(data, category, tree)
    before = {name: getattr(category, name) for name in values}
    for name, value in values.items():
        setattr(category, name, value)
    old_path = category.path
    category.path = _path(category, tree)
    category.save()
    if old_path and old_path != category.path:
        _move_subtree(old_path, category.path, tree)
    changed = {name: [before[name], value] for name, value in values.items() if before[name] != value}
    return category, changed


def _checked(data: CategoryData, category: Category, tree: Mapping[int, Category]) -> dict[str, Any]:
    slug = data.slug.strip().lower()
    if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", slug) or len(slug) > NAME_MAX:
        problem = gettext_noop("Use a-z, 0-9 and single hyphens, at most 40 characters.")
        raise Refusal(BAD_VALUE, field="slug", problem=problem)
    if any(row.slug == slug and row.pk != category.pk for row in tree.values()):
        raise Refusal(BAD_VALUE, field="slug", problem=gettext_noop("Another category has this address already."))
    names = {code: clean(data.names.get(code, "")) for code in LANGUAGES}
    if not names["zh-hans"]:
        problem = gettext_noop("The simplified Chinese name is needed.")
        raise Refusal(BAD_VALUE, field="name_zh_hans", problem=problem)
    for code, name in names.items():
        if len(name) > NAME_MAX:
            problem = gettext_noop("Please keep names under 40 characters.")
            raise Refusal(BAD_VALUE, field=f"name_{code.replace('-', '_')}", problem=problem)
    if data.return_rule not in ReturnRule.values:
        problem = gettext_noop("Choose from the rules that are offered.")
        raise Refusal(BAD_VALUE, field="return_rule", problem=problem)
    if not RETURN_DAYS_MIN <= data.return_days <= RETURN_DAYS_MAX:
        problem = gettext_noop("From 7 days, which the law asks for, to 90.")
        raise Refusal(BAD_VALUE, field="return_days", problem=problem)
    if data.commission_bp is not None and not 0 <= data.commission_bp <= COMMISSION_BP_MAX:
        problem = gettext_noop("From 0 to 3000 basis points (30%).")
        raise Refusal(BAD_VALUE, field="commission_bp", problem=problem)
    _check_parent(data.parent_id, category, tree)
    return {
        "slug": slug,
        "names": {code: name for code, name in names.items() if name},
        "parent_id": data.parent_id,
        "icon": clean(data.icon)[:40],
        "position": max(0, min(data.position, 10_000)),
        "return_rule": data.return_rule,
        "return_days": data.return_days,
        "commission_bp": data.commission_bp,
        "is_open": data.is_open,
    }


def _check_parent(parent_id: int | None, category: Category, tree: Mapping[int, Category]) -> None:
    if parent_id is None:
        return
    parent = tree.get(parent_id)
    if parent is None:
        problem = gettext_noop("Choose from the categories that are offered.")
        raise Refusal(BAD_VALUE, field="parent", problem=problem)
    if category.pk and (parent.pk == category.pk or parent.path.startswith(f"{category.path}/")):
        problem = gettext_noop("A category cannot be inside itself.")
        raise Refusal(BAD_VALUE, field="parent", problem=problem)
    below = [row for row in tree.values() if category.pk and row.path.startswith(f"{category.path}/")]
    height = max((row.path.count("/") for row in below), default=category.path.count("/")) - category.path.count("/")
    if parent.path.count("/") + 2 + height > DEPTH_MAX:
        raise Refusal(BAD_VALUE, field="parent", problem=gettext_noop("The tree is three levels deep at most."))


def _path(category: Category, tree: Mapping[int, Category]) -> str:
    parent = tree.get(category.parent_id) if category.parent_id else None
    return f"{parent.path}/{category.slug}" if parent else category.slug


def _move_subtree(old: str, new: str, tree: Mapping[int, Category]) -> None:
    moved = [row for row in tree.values() if row.path.startswith(f"{old}/")]
    for row in moved:
        row.path = new + row.path[len(old) :]
    Category.objects.bulk_update(moved, ["path"])
