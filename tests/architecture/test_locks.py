"""Row locks leave the keys of the row alone.

An insert below, and the second update of a child row in one transaction, check their foreign key with ``FOR KEY
SHARE`` on the parent. A plain ``FOR UPDATE`` on the parent stands in their way, so whoever holds the child and
somebody who holds the parent can wait for each other. ``FOR NO KEY UPDATE`` excludes every other writer just the same.
"""

import ast
import re

from tests.architecture.source import code

PLAIN = re.compile(r"\bFOR\s+UPDATE\b(?!\s+SKIP LOCKED``)")


def plain_locks(tree: ast.AST) -> list[int]:
    """Lines that lock more than they need."""
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and getattr(node.func, "attr", "") == "select_for_update":
            no_key = {word.arg: word.value for word in node.keywords}.get("no_key")
            if not (isinstance(no_key, ast.Constant) and no_key.value is True):
                found.append(node.lineno)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and PLAIN.search(node.value):
            found.append(node.lineno)
    return found


def test_locks_leave_keys_alone() -> None:
    assert [f"{file.name}:{line}" for file in code() for line in plain_locks(file.tree)] == []


def test_a_plain_lock_would_be_found() -> None:
    samples = ["Order.objects.select_for_update().get()", "x.select_for_update(skip_locked=True)", "'… FOR UPDATE'"]
    assert [sample for sample in samples if not plain_locks(ast.parse(sample))] == []
