"""Writing down what was measured: results.json for programs, RESULTS.md and chart.svg for people."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from html import escape
from pathlib import Path
from typing import Any

from bench.machine import Machine
from bench.proof import Fact
from bench.rows import Row

WIDTH, LEFT, BAR, STEP = 760, 230, 14, 26
FONT = 'font-family="system-ui, sans-serif" font-size="13"'
CHART_MOST = 6.0
"""Bars end here; what is longer says so by its number."""


@dataclass(frozen=True, slots=True)
class Run:
    """One run of the bench."""

    at: datetime
    seconds: float
    machine: Machine
    rows: Sequence[Row]
    facts: Sequence[Fact]
    quick: bool


def write(run: Run, folder: Path) -> None:
    """Write all three files."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "results.json").write_text(
        f"{json.dumps(as_json(run), ensure_ascii=False, indent=1)}\n", encoding="utf-8"
    )
    (folder / "chart.svg").write_text(chart(run.rows), encoding="utf-8")
    (folder / "RESULTS.md").write_text(as_text(run), encoding="utf-8")
    print(f"written: {folder}/RESULTS.md, results.json, chart.svg")


def as_json(run: Run) -> dict[str, Any]:
    """Everything, with the names that others rely on: name, ours, beside, ratio, p50_ms, p99_ms."""
    return {
        "at": run.at.isoformat(timespec="seconds"),
        "quick": run.quick,
        "seconds": round(run.seconds),
        "machine": asdict(run.machine),
        "rows": [_row_json(row) for row in run.rows],
        "proof": [asdict(fact) for fact in run.facts],
    }


def _row_json(row: Row) -> dict[str, Any]:
    rounded = {
        name: None if value is None else round(value, 3)
        for name, value in (
            ("ours", row.ours),
            ("beside", row.beside),
            ("ratio", row.ratio),
            ("p50_ms", row.p50_ms),
            ("p99_ms", row.p99_ms),
            ("beside_p50_ms", row.beside_p50_ms),
            ("beside_p99_ms", row.beside_p99_ms),
            ("client_cpu", row.client_cpu),
        )
    }
    if row.skipped:
        rounded["ours"] = None
    return {
        "name": row.name,
        **rounded,
        "unit": row.unit,
        "beside_is": row.beside_name,
        "accepted": row.accepted,
        "refused": row.refused,
        "wanted": row.wanted(),
        "facts": row.facts,
        "notes": row.notes,
        "left_out": row.skipped,
    }


def as_text(run: Run) -> str:
    """The report for people."""
    machine, command = run.machine, "make bench-quick" if run.quick else "make bench"
    lines = [
        "# Results",
        "",
        f"`{command}`, {run.at:%Y-%m-%d %H:%M} UTC, {run.seconds / 60:.1f} minutes.",
        "How it is measured, and what each row means: [README.md](README.md).",
        "",
        "![Ratio of each row](chart.svg)",
        "",
        "| row | ours | beside it | ratio | wanted | p50 ms | p99 ms | refused |",
        "|---|---:|---:|---:|---|---:|---:|---:|",
        *(_row_text(row) for row in run.rows),
        "",
        "## Details",
        "",
        *(line for row in run.rows for line in _details(row)),
        "## Proven afterwards",
        "",
        "| database | invariant | checked | broken |",
        "|---|---|---:|---:|",
        *(f"| {f.database} | {f.code}: {f.says} | {f.checked:,} | {f.wrong:,} |" for f in run.facts),
        "",
        "## Machine",
        "",
        f"- {machine.cores} cores, {machine.cpu}, {machine.memory_gb} GB, {machine.system}",
        f"- load of the last quarter of an hour: {machine.load:.1f}",
        f"- PostgreSQL {machine.postgresql} on {machine.disk}, pgbench {machine.pgbench}, Python {machine.python}",
        f"- {', '.join(f'{name} = {value}' for name, value in machine.settings.items())}",
        "- database, server, load generators and pgbench share the cores",
        "",
    ]
    return "\n".join(lines)


def _row_text(row: Row) -> str:
    if row.skipped:
        return f"| {row.name} | left out: {row.skipped} | | | | | | |"
    wanted = "<br>".join(f"{'✓' if so else '✗'} {what}" for what, so in row.wanted().items())
    beside = f"{_figure(row.beside)} ({row.beside_name})" if row.beside is not None else "–"
    return (
        f"| {row.name} | {_figure(row.ours)} {row.unit} | {beside} | {_figure(row.ratio, 2)} | {wanted} "
        f"| {_figure(row.p50_ms)} | {_figure(row.p99_ms)} | {row.refused:,} |"
    )


def _figure(value: float | None, digits: int = 1) -> str:
    return "–" if value is None else f"{value:,.{digits}f}"


def _details(row: Row) -> list[str]:
    lines = [f"- {note}" for note in row.notes]
    if row.beside_p50_ms is not None:
        lines.append(f"- beside it: p50 {_figure(row.beside_p50_ms)} ms, p99 {_figure(row.beside_p99_ms)} ms")
    if row.client_cpu:
        lines.append(f"- the load generator used {row.client_cpu:.0%} of a core")
    lines += [f"- {name.replace('_', ' ')}: {_fact(value)}" for name, value in row.facts.items()]
    return [f"**{row.name}**", "", *lines, ""] if lines else []


def _fact(value: Any) -> str:
    if isinstance(value, Mapping):
        return ", ".join(f"{key} {_fact(each)}" for key, each in value.items())
    if isinstance(value, list):
        return "; ".join(_fact(each) for each in value)
    return str(value)


def chart(rows: Sequence[Row]) -> str:
    """Bars of the ratios as SVG, with a mark where each is wanted."""
    shown = [row for row in rows if row.ratio is not None]
    scale = (WIDTH - LEFT - 80) / min(CHART_MOST, max([1.0, *(row.ratio or 0.0 for row in shown)]))
    height = STEP * len(shown) + 40
    one, bottom = f"{LEFT + scale:.1f}", height - 8
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" role="img" {FONT}>',
        f"<title>{escape('Each row as a multiple of what is measured beside it')}</title>",
        f'<rect width="{WIDTH}" height="{height}" fill="#fff"/>',
        f'<line x1="{one}" y1="8" x2="{one}" y2="{height - 24}" stroke="#999" stroke-dasharray="3 3"/>',
        f'<text x="{one}" y="{bottom}" text-anchor="middle" fill="#555">1 ×</text>',
    ]
    for index, row in enumerate(shown):
        y, ratio = 12 + index * STEP, row.ratio or 0.0
        colour = "#0b7285" if all(row.wanted().values()) else "#c92a2a"
        length, wanted = min(ratio, CHART_MOST) * scale, min(row.reach or 0.0, CHART_MOST) * scale
        text = LEFT + max(length, wanted) + 8
        parts += [
            f'<text x="{LEFT - 8}" y="{y + BAR - 3}" text-anchor="end" fill="#111">{escape(row.name)}</text>',
            f'<rect x="{LEFT}" y="{y}" width="{length:.1f}" height="{BAR}" rx="2" fill="{colour}"/>',
            f'<text x="{text:.1f}" y="{y + BAR - 3}" fill="#111">{ratio:.2f}</text>',
        ]
        if wanted:
            parts.append(f'<rect x="{LEFT + wanted - 1:.1f}" y="{y - 3}" width="2" height="{BAR + 6}" fill="#111"/>')
    return "\n".join([*parts, "</svg>", ""])
