"""One very small run from end to end; it tells whether everything still fits together, and nothing about speed."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from bench.place import ROOT

ROWS = ("place_order_rest_random", "capture_callbacks", "sweeper", "growth")
ORDERS = 1_000


def bench(home: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """Run it as a user would, with nothing of this process's environment."""
    return subprocess.run(
        [sys.executable, "-P", "-m", "bench", *words],
        cwd=ROOT,
        env={"PATH": "/usr/bin:/bin", "HOME": str(home), "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.server
@pytest.mark.slow
def test_a_row_that_does_not_exist_is_told_before_anything_is_measured(tmp_path: Path) -> None:
    done = bench(tmp_path, "--quick", "--only=sweeper", "--only=page_product", f"--out={tmp_path}")
    assert done.returncode == 1
    assert "there is no row page_product; it takes place_order_rush_random, " in done.stderr
    assert "Traceback" not in done.stderr
    assert not list(tmp_path.glob("*.json"))


@pytest.mark.server
@pytest.mark.slow
def test_a_small_run_measures_proves_and_reports(tmp_path: Path) -> None:
    words = [word for row in ROWS for word in ("--only", row)]
    words += ["--quick", "--seconds=1", "--rounds=1", f"--growth={ORDERS}", f"--out={tmp_path}"]
    done = bench(tmp_path, *words)
    assert done.returncode == 0, f"{done.stdout[-2000:]}\n{done.stderr[-3000:]}"
    results = json.loads((tmp_path / "results.json").read_text(encoding="utf-8"))
    rows = {row["name"]: row for row in results["rows"]}
    assert rows.keys() == {*ROWS[:-1], "growth_place_order", "growth_buyers_list"}
    assert not any(row["left_out"] for row in rows.values()) and all(row["accepted"] for row in rows.values()), rows
    written = rows["place_order_rest_random"]["facts"]["rows_for_an_order"]
    assert written["ours"] == written["pgbench"], "pgbench is not told to write the same rows any more"
    wrong = [fact for fact in results["proof"] if fact["wrong"]]
    assert not wrong and {fact["database"] for fact in results["proof"]} == {"wanku", f"growth_{ORDERS}"}
    kept = [fact for fact in results["proof"] if fact["code"] == "I6"]
    assert len(kept) == 2 and all(fact["checked"] for fact in kept)
