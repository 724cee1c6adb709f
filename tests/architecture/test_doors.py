"""Doors are thin: they neither write nor open transactions, and nothing below them looks at a clock."""

import ast
import re
from collections.abc import Iterator

from tests.architecture.source import ABOVE, DOORS, OUTSIDE, File, code, dotted

WRITES = {
    "bulk_create", "bulk_update", "get_or_create", "update_or_create", "create_user", "select_for_update",
    "abulk_create", "abulk_update", "aget_or_create", "aupdate_or_create", "acreate", "asave", "adelete", "aupdate",
    "save", "delete", "create",
}  # fmt: skip
SETS = ("objects", "filter", "exclude", "all", "visible_to", "get_queryset")
SQL = re.compile(
    r"^\s*(insert\s+into|update\s+\w+\s+set|delete\s+from|truncate|merge\s+into|alter\s|drop\s)", re.IGNORECASE
)
CLOCKS = {
    "timezone.now", "datetime.now", "datetime.utcnow", "datetime.today", "datetime.datetime.now", "date.today",
    "datetime.date.today", "time.time", "time.time_ns", "timezone.localdate", "localdate", "localtime.now",
}  # fmt: skip

WIRES = ("payments/gateways/", "settlement/banks/")


def calls(file: File) -> Iterator[ast.Call]:
    """Every call in a file."""
    return (node for node in ast.walk(file.tree) if isinstance(node, ast.Call))


def written(file: File) -> Iterator[str]:
    """Where a file writes to the database."""
    for call in calls(file):
        if not isinstance(call.func, ast.Attribute):
            continue
        verb, thing = call.func.attr, dotted(call.func.value)
        chain = thing.split(".")
        # `router.delete(…)` declares an operation of the REST API.
        if "session" in chain or "cache" in chain or chain == ["router"]:
            continue
        by_set = verb == "update" and (any(part in chain for part in SETS) or (call.keywords and not call.args))
        if verb in WRITES or by_set:
            yield f"{file.name}:{call.lineno} {thing}.{verb}()"
    for node in ast.walk(file.tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and SQL.match(node.value):
            yield f"{file.name}:{node.lineno} {node.value.split()[0]} …"


def test_doors_do_not_write() -> None:
    """The sandbox's banks are strangers with books of their own: what they write is not ours."""
    ours = (f for f in code() if f.package in {*DOORS, "ui"} and "sandbox/banks/" not in f.name)
    assert [where for file in ours for where in written(file)] == []


def test_a_write_would_be_found() -> None:
    samples = [
        "Order.objects.filter(pk=1).update(state='paid')",
        "order.save()",
        "Order.objects.create(x=1)",
        "form.instance.delete()",
        "query.update(a=1)",
        "cursor.execute('UPDATE orders_order SET x = 1')",
        "Order.objects.bulk_create([])",
    ]
    for sample in samples:
        assert list(written(_File(sample))), sample
    for sample in ["counts.update(other)", "request.session.save()", "label('update me')"]:
        assert not list(written(_File(sample))), sample


class _File(File):
    """A file that exists only in a test."""

    def __init__(self, text: str) -> None:
        object.__setattr__(self, "source", text)

    @property
    def tree(self) -> ast.Module:
        """Parsed."""
        return ast.parse(str(getattr(self, "source", "")))

    @property
    def name(self) -> str:
        """Nothing on disk."""
        return "sample"


def test_only_flows_open_transactions() -> None:
    wrong = []
    for file in code():
        if file.package in {"flows", *ABOVE, *OUTSIDE}:
            continue
        for node in ast.walk(file.tree):
            named = isinstance(node, ast.Attribute) and dotted(node) in {"transaction.atomic", "atomic"}
            brought = isinstance(node, ast.ImportFrom) and node.module == "django.db.transaction"
            if named or brought:
                wrong.append(f"{file.name}:{getattr(node, 'lineno', 0)}")
    assert wrong == []


def test_nothing_below_the_doors_looks_at_a_clock() -> None:
    """Gateways and banks alone read it: what goes over a wire is signed with its time, not the business's."""
    above = {*DOORS, *ABOVE, *OUTSIDE, "ui", "__main__"}
    wrong = [
        f"{file.name}:{call.lineno} {dotted(call.func)}"
        for file in code()
        if file.package not in above and not any(folder in file.name for folder in WIRES)
        for call in calls(file)
        if dotted(call.func) in CLOCKS
    ]
    assert wrong == []


def test_pages_read_the_time_of_their_request() -> None:
    """Doors have one moment per request, `request.now`; only the middleware and the jobs ask what time it is."""
    wrong = [
        f"{file.name}:{call.lineno} {dotted(call.func)}"
        for file in code()
        if file.package in {"storefront", "merchant_desk", "platform_desk"}
        for call in calls(file)
        if dotted(call.func) in CLOCKS
    ]
    assert wrong == []


def test_no_signals_for_business() -> None:
    signal = re.compile(
        r"^from django\.(?:db\.models|dispatch|core)[\w.]* import .*(?:receiver|Signal|_save\b)", re.MULTILINE
    )
    assert [file.name for file in code() if signal.search(file.text)] == []
