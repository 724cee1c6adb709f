"""The map names every package, every area of flows and every picture of states."""

from tests.architecture.source import ROOT, SOURCE
from wanku.runner.states import machines

MAP = (ROOT / "docs" / "map.md").read_text(encoding="utf-8")


def test_every_package_is_on_the_map() -> None:
    packages = {path.parent.name for path in SOURCE.glob("*/__init__.py")}
    assert {name for name in packages if f"`wanku.{name}`" not in MAP} == set()


def test_the_map_names_nothing_that_is_gone() -> None:
    named = {part.split("`")[0] for part in MAP.split("`wanku.")[1:]}
    assert {name for name in named if not (SOURCE / name).is_dir()} == set()


def test_every_area_of_flows_is_on_the_map() -> None:
    areas = {path.parent.name for path in (SOURCE / "flows").glob("*/__init__.py")}
    assert {name for name in areas if f"`{name}`" not in MAP} == set()


def test_every_picture_is_on_the_map() -> None:
    assert {machine.name for machine in machines() if f"states/{machine.name}.svg" not in MAP} == set()
