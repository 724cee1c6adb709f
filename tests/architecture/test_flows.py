"""Each flow: one file, one public function named like it, one test of the same name, and time and actor passed in."""

import ast

import pytest

from tests.architecture.source import SOURCE, File, files

FLOWS = [
    file
    for file in files()
    if file.package == "flows" and not file.is_test and not file.path.name.startswith("_")
]  # fmt: skip
each = pytest.mark.parametrize("flow", FLOWS, ids=lambda flow: f"{flow.path.parent.name}/{flow.path.stem}")


def public(flow: File) -> list[ast.FunctionDef]:
    """Functions that others may call."""
    return [node for node in flow.tree.body if isinstance(node, ast.FunctionDef) and not node.name.startswith("_")]


@each
def test_one_public_function_of_the_same_name(flow: File) -> None:
    """The batch form of the verb may stand beside it: `place_order` is `place_orders` with a batch of one."""
    names = [function.name for function in public(flow)]
    assert names
    assert set(names) <= {flow.path.stem, f"{flow.path.stem}s"}


@each
def test_time_comes_from_outside(flow: File) -> None:
    arguments = public(flow)[0].args
    names = [argument.arg for argument in (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs)]
    assert "now" in names or flow.path.parent.name == "proving", "a flow takes `now`"


@each
def test_has_a_test_of_the_same_name(flow: File) -> None:
    assert (flow.path.parent / "tests" / f"test_{flow.path.stem}.py").exists()


def test_flows_lie_in_areas() -> None:
    loose = [path.name for path in (SOURCE / "flows").glob("*.py") if path.name != "__init__.py"]
    assert loose == []


def test_no_flow_hides_another() -> None:
    names = [flow.path.stem for flow in FLOWS]
    assert sorted(names) == sorted(set(names))
