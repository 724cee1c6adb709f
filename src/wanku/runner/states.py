"""Draws every table of states as a picture, so that `docs/states/` never disagrees with the code.

States stand side by side, each with a line below it; every allowed event is one row with an arrow from state to
state. Rows never cross, so a picture stays readable however large its table grows.
"""

import importlib
from collections.abc import Iterator
from html import escape
from pathlib import Path

import wanku
from wanku.kernel.states import Machine, Waiting

COLUMN, ROW, LEFT, TOP, HEAD = 188, 36, 24, 28, 74
STYLE = """
text { font: 13px system-ui, "PingFang SC", "Noto Sans SC", sans-serif; fill: #2b2622 }
.title { font-size: 17px; font-weight: 600 } .state { font-weight: 600 } .small { font-size: 11px; fill: #756c64 }
.box { fill: #faf7f4; stroke: #b9aea4 } .waiting { fill: #fff3dc; stroke: #d9a441 }
.final { fill: #eaf3ec; stroke: #7fa98a }
.line { stroke: #e4ddd6 } .arrow { stroke: #6b625a; stroke-width: 1.5; fill: none } .tip { fill: #6b625a }
.silence { stroke: #b3741a; stroke-dasharray: 5 4 } .back { fill: #ffffff } .ground { fill: #ffffff }
@media (prefers-color-scheme: dark) {
text { fill: #ece6e0 } .small { fill: #a89f97 } .ground, .back { fill: #191614 } .box { fill: #26211e; stroke: #5c534c }
.waiting { fill: #3a2d14; stroke: #a87f34 } .final { fill: #1d2c21; stroke: #517a5d } .line { stroke: #332d29 }
.arrow { stroke: #a89f97 } .tip { fill: #a89f97 } .silence { stroke: #e0a95a }
}
"""
TIP = (
    '<marker id="tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="8" markerHeight="8" '
    'orient="auto-start-reverse"><path class="tip" d="M0 0L8 4L0 8z"/></marker>'
)


def machines() -> list[Machine]:
    """Every table of states in Wanku, by name."""
    found: dict[str, Machine] = {}
    top = Path(wanku.__path__[0])
    files = (path.relative_to(top) for path in sorted(top.rglob("*states.py")))
    for file in files:
        if file.parts[0] != "runner" and (file.stem == "states" or file.stem.endswith("_states")):
            tables = vars(importlib.import_module(".".join(("wanku", *file.with_suffix("").parts)))).values()
            found.update({value.name: value for value in tables if isinstance(value, Machine)})
    return [found[name] for name in sorted(found)]


def drawing(machine: Machine) -> str:
    """One table as an SVG document."""
    states = machine.states()
    at = {state: LEFT + COLUMN * index + COLUMN // 2 for index, state in enumerate(states)}
    width = LEFT * 2 + COLUMN * len(states)
    bottom = TOP + HEAD + ROW * len(machine.rules) + 32
    height = bottom + 34
    size = f'viewBox="0 0 {width} {height}" width="{width}" height="{height}"'
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" {size} role="img" aria-label="States of {machine.name}">',
        f"<style>{STYLE}</style>",
        f"<defs>{TIP}</defs>",
        f'<rect class="ground" width="{width}" height="{height}"/>',
        f'<text class="title" x="{LEFT}" y="{TOP}">{escape(machine.name)}</text>',
    ]
    parts += [line for state in states for line in _state(machine, state, at[state], bottom)]
    for index, ((before, event), rule) in enumerate(machine.rules.items()):
        y = TOP + HEAD + ROW * (index + 1)
        silence = event in _silences(machine, before)
        label = f"{event} ({', '.join(sorted(rule.by))})"
        parts += _arrow(at[before], at[rule.to], y, label, silence=silence)
    note = "amber: someone must act, and a clock runs · dashed: what silence leads to · green: nothing follows"
    parts += [f'<text class="small" x="{LEFT}" y="{height - 12}">{note}</text>', "</svg>", ""]
    return "\n".join(parts)


def _state(machine: Machine, state: str, x: int, bottom: int) -> Iterator[str]:
    waiting = machine.waiting.get(state) or machine.may_wait.get(state)
    kind = "waiting" if waiting else "final" if state in machine.final() else "box"
    top = TOP + 18
    yield f'<line class="line" x1="{x}" y1="{top + 44}" x2="{x}" y2="{bottom}"/>'
    yield f'<rect class="{kind}" x="{x - 74}" y="{top}" width="148" height="44" rx="8"/>'
    mark = "● " if state == machine.initial else ""
    yield f'<text class="state" x="{x}" y="{top + (19 if waiting else 27)}" text-anchor="middle">{mark}{state}</text>'
    if waiting:
        text = f"{waiting.who}: {waiting.clock if isinstance(waiting, Waiting) else 'by kind'}"
        yield f'<text class="small" x="{x}" y="{top + 36}" text-anchor="middle">{escape(text)}</text>'


def _silences(machine: Machine, state: str) -> frozenset[str]:
    """Events that a clock fires in a state."""
    if state in machine.waiting:
        return frozenset({machine.waiting[state].silence})
    return machine.may_wait[state].silences if state in machine.may_wait else frozenset()


def _arrow(start: int, end: int, y: int, label: str, *, silence: bool) -> Iterator[str]:
    kind = "arrow silence" if silence else "arrow"
    if start == end:
        yield (
            f'<path class="{kind}" d="M{start} {y - 8}h18a8 8 0 0 1 0 16h-16" marker-end="url(#tip)"/>'
            f'<text x="{start + 34}" y="{y + 4}">{escape(label)}</text>'
        )
        return
    step = 1 if end > start else -1
    yield f'<line class="{kind}" x1="{start}" y1="{y}" x2="{end - 2 * step}" y2="{y}" marker-end="url(#tip)"/>'
    middle = (start + end) // 2
    size = 7 * len(label) + 4
    yield (
        f'<rect class="back" x="{middle - size // 2}" y="{y - 20}" width="{size}" height="16"/>'
        f'<text x="{middle}" y="{y - 6}" text-anchor="middle">{escape(label)}</text>'
    )
