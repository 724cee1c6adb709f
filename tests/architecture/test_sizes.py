"""Files, functions and names: small enough to read, named for what they do."""

import ast

from tests.architecture.source import File, code, files

FILE_MAX, FLOW_MAX, FUNCTION_MAX = 400, 150, 70
NOTHING_NAMES = {"utils", "util", "helpers", "helper", "service", "services", "manager", "managers", "common", "misc"}


def lines(file: File) -> int:
    """Lines of a file."""
    return file.text.count("\n")


def is_flow(file: File) -> bool:
    """Whether a reader should see a whole business step in it."""
    return file.package == "flows" and not file.is_test and not file.path.name.startswith("_")


def test_files_are_short() -> None:
    limit = {file: FLOW_MAX if is_flow(file) else FILE_MAX for file in files()}
    assert {file.name: lines(file) for file in files() if lines(file) >= limit[file]} == {}


def test_functions_are_short() -> None:
    long = {}
    for file in files():
        for node in ast.walk(file.tree):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                size = (node.end_lineno or node.lineno) - node.lineno + 1
                if size >= FUNCTION_MAX:
                    long[f"{file.name}:{node.name}"] = size
    assert long == {}


def test_no_file_is_named_for_nothing() -> None:
    wrong = [
        file.name
        for file in files()
        if NOTHING_NAMES & {part.removesuffix(".py").strip("_") for part in file.path.parts[-2:]}
    ]
    assert wrong == []


def test_every_file_says_what_it_is_for() -> None:
    silent = [file.name for file in code() if file.text.strip() and ast.get_docstring(file.tree) is None]
    assert [name for name in silent if not name.endswith(("__init__.py", "apps.py"))] == []
