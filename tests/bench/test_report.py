"""What is written down, and under which names."""

import json
from datetime import UTC, datetime
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from bench.machine import Machine
from bench.proof import Fact
from bench.report import Run, as_json, as_text, chart, write
from bench.rows import Row

NAMES = {"name", "ours", "beside", "ratio", "p50_ms", "p99_ms"}


@pytest.fixture
def run() -> Run:
    """A run with a good row, a poor one, one by itself, and one that was left out."""
    good = Row("good", "orders/s", 300.0, 200.0, "pgbench", p50_ms=1.25, p99_ms=9.5, accepted=3, refused=1, reach=1.0)
    poor = Row("poor", "orders/s", 20.0, 200.0, "pgbench", reach=0.5, facts={"at_1000": {"rate": 3}})
    alone = Row("alone", "s", 4.0, claims={"under 5 s": True}, notes=["From nothing."])
    absent = Row("absent", "orders/s", 0.0, skipped="the door is not there yet (404)")
    machine = Machine(2, "CPU <x>", 8.0, 0.5, "ext4", "Linux 6", "3.11.2", "18.6", {"fsync": "on"}, "of the wheel")
    facts = [Fact("wanku", "I6", "Every order that was acknowledged is stored.", 1200, 0)]
    rows = [good, poor, alone, absent]
    return Run(datetime(2026, 11, 11, 2, 0, tzinfo=UTC), 90.0, machine, rows, facts, quick=True)


def test_programs_find_the_agreed_names(run: Run) -> None:
    rows = {row["name"]: row for row in as_json(run)["rows"]}
    assert all(row.keys() >= NAMES for row in rows.values())
    assert (rows["good"]["ratio"], rows["good"]["p50_ms"]) == (1.5, 1.25)
    assert (rows["alone"]["beside"], rows["alone"]["ratio"]) == (None, None)
    assert rows["absent"]["ours"] is None and "404" in rows["absent"]["left_out"]
    assert rows["good"]["wanted"] == {"at least 1 x": True} and rows["poor"]["wanted"] == {"at least 0.5 x": False}


def test_people_read_what_is_reached_and_what_is_not(run: Run) -> None:
    text = as_text(run)
    assert "✓ at least 1 x" in text and "✗ at least 0.5 x" in text and "✓ under 5 s" in text
    assert "left out: the door is not there yet (404)" in text and "fsync = on" in text
    assert "| wanku | I6: Every order that was acknowledged is stored. | 1,200 | 0 |" in text


def test_the_chart_is_sound_svg_with_a_bar_for_each_ratio(run: Run) -> None:
    tree = ET.fromstring(chart(run.rows))  # noqa: S314 - our own text
    texts = [each.text for each in tree.iter("{http://www.w3.org/2000/svg}text")]
    assert {"good", "1.50", "poor", "0.10"} <= set(texts) and "alone" not in texts


def test_all_three_files_are_written(run: Run, tmp_path: Path) -> None:
    write(run, tmp_path / "out")
    assert {file.name for file in (tmp_path / "out").iterdir()} == {"RESULTS.md", "results.json", "chart.svg"}
    assert json.loads((tmp_path / "out" / "results.json").read_text(encoding="utf-8"))["quick"] is True
