"""The direction of imports, and that the check of it would notice a wrong one."""

import os
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest

from tests.architecture.source import ROOT, SOURCE, files

LINTER = Path(sys.executable).with_name("lint-imports")


def contracts() -> list[dict[str, Any]]:
    """What the linter is told in pyproject.toml."""
    told: list[dict[str, Any]] = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"][
        "contracts"
    ]
    return told


def layers() -> list[list[str]]:
    """The layers, highest first; packages of one layer together."""
    return [[name.strip(" ()") for name in line.replace(":", "|").split("|")] for line in contracts()[0]["layers"]]


def named() -> set[str]:
    """Packages within layers that a contract names one by one, as paths."""
    modules = {module for contract in contracts() for module in contract.get("modules", ())}
    return {module.removeprefix("wanku.").replace(".", "/") for module in modules if "*" not in module}


def test_the_layers_are_those_of_the_design() -> None:
    assert [" ".join(layer) for layer in layers()] == [
        "project runner simulator",
        "storefront merchant_desk platform_desk api hooks live jobs sandbox",
        "ui",
        "flows",
        "insight support complaints reviews standing settlement reconciliation invoices aftersales",
        "fulfilment payments waiting_room",
        "orders",
        "carts",
        "promotions",
        "pricing",
        "kinds",
        "inventory",
        "catalog",
        "ledger notices files",
        "merchants",
        "access",
        "people",
        "audit",
        "kernel",
    ]


def test_every_package_is_in_a_layer() -> None:
    listed = {name for layer in layers() for name in layer}
    packages = {file.package for file in files() if file.path.name == "__init__.py" and file.path.parent != SOURCE}
    assert packages - {"tests"} <= listed


def test_make_check_runs_the_linter() -> None:
    asked = subprocess.run(["make", "--dry-run", "lint"], cwd=ROOT, capture_output=True, text=True, check=True)
    assert "lint-imports" in asked.stdout


def test_imports_go_downwards() -> None:
    done = lint(ROOT, SOURCE.parent)
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize(
    ("file", "line"),
    [
        ("orders/upwards.py", "import wanku.flows"),
        ("payments/sideways.py", "import wanku.fulfilment"),
        ("storefront/neighbour.py", "import wanku.platform_desk"),
        ("kernel/up.py", "from wanku.audit import models"),
        ("kinds/up.py", "import wanku.pricing"),
    ],
)
def test_a_wrong_import_is_found(tmp_path: Path, file: str, line: str) -> None:
    skeleton = tmp_path / "wanku"
    for name in {name for layer in layers() for name in layer} | named():
        (skeleton / name).mkdir(parents=True, exist_ok=True)
        for folder in (skeleton / name, (skeleton / name).parent):
            (folder / "__init__.py").touch()
    (skeleton / "audit" / "models.py").touch()
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    assert lint(tmp_path, tmp_path).returncode == 0

    (skeleton / file).write_text(f"{line}\n")

    done = lint(tmp_path, tmp_path)
    assert done.returncode == 1
    assert "Downwards only: docs/map.md BROKEN" in done.stdout


def lint(folder: Path, source: Path) -> "subprocess.CompletedProcess[str]":
    """Run the linter on `source` with the contracts of `folder`."""
    return subprocess.run(
        [LINTER, "--no-cache"],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(source)},
        capture_output=True,
        text=True,
        check=False,
    )


def test_rules_without_a_framework() -> None:
    """States, policies, rules, the quote and money are plain Python, so that they run anywhere and at once."""
    pure = [
        file
        for file in files()
        if not file.is_test
        and (
            (file.path.name in {"states.py", "policy.py", "rules.py"} and file.path.parent.parent == SOURCE)
            or file.name.endswith(("pricing/quote.py", "kernel/money.py"))
        )
        and file.package not in {"audit", "runner"}
    ]
    assert len(pure) > 5
    wrong = [file.name for file in pure if "import django" in file.text or "from django" in file.text]
    assert wrong == []
