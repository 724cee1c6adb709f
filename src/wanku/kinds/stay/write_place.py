"""Destinations: what an editor types, checked."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from wanku.kernel.refusal import BAD_VALUE, NOT_FOUND, Refusal, gettext_noop, refuse_all
from wanku.kernel.text import clean
from wanku.kinds.stay.models import Place

NAME_MAX: Final = 60
LANGUAGES: Final = ("zh-hans", "zh-hant", "en")
TAKEN: Final = gettext_noop("Another destination has this name.")


@dataclass(frozen=True, slots=True)
class PlaceData:
    """A destination as it should be.

    Attributes:
        name: by which shops choose it; no other one has it in any language.
        names: by language, where they differ.
    """

    name: str
    names: Mapping[str, str]
    is_hidden: bool = False


def write_place(data: PlaceData, place_id: int | None) -> tuple[Place, dict[str, Any]]:
    """Add or change a destination, inside the caller's transaction. Houses there stay there.

    Returns:
        the destination, and ``{field: [before, after]}`` of what changed.

    Raises:
        Refusal: ``bad_value`` naming the field (``name``, ``names.<language>``), ``not_found``.
        IntegrityError: somebody else has stored the same name this very moment.
    """
    # There are few and they are rarely edited: one lock over them keeps two editors from using one name twice. They are
    # read afterwards, since whoever had the lock before us may have added one.
    list(Place.objects.select_for_update(no_key=True).order_by("pk").values_list("pk"))
    rows = Place.objects.in_bulk()
    place = Place() if place_id is None else rows.get(place_id)
    if place is None:
        raise Refusal(NOT_FOUND)
    values = _checked(data, [row for row in rows.values() if row.pk != place_id])
    before = {name: getattr(place, name) for name in values}
    changed = {name: [before[name], value] for name, value in values.items() if before[name] != value}
    for name, value in values.items():
        setattr(place, name, value)
    place.save()
    return place, changed


def _checked(data: PlaceData, others: list[Place]) -> dict[str, Any]:
    name = clean(data.name)
    names = {code: text for code in LANGUAGES if (text := clean(data.names.get(code, ""))) and text != name}
    taken = {known.casefold() for row in others for known in (row.name, *row.names.values())}
    found: list[Refusal] = []
    for field, text in (("name", name), *((f"names.{code}", text) for code, text in names.items())):
        if not 1 <= len(text) <= NAME_MAX:
            problem = gettext_noop("Name the destination in at most 60 characters.")
            found.append(Refusal(BAD_VALUE, field=field, problem=problem))
        elif text.casefold() in taken:
            found.append(Refusal(BAD_VALUE, field=field, problem=TAKEN))
    refuse_all(found)
    return {"name": name, "names": names, "is_hidden": data.is_hidden}
