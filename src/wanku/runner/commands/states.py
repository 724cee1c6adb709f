"""Draws the tables of states into docs/states/, one SVG file each.

A test compares the committed pictures with the tables; run this after changing one.
"""

import argparse
from pathlib import Path

from wanku.runner import console
from wanku.runner.states import drawing, machines

HELP = "draw the tables of states into docs/states/"


def arguments(parser: argparse.ArgumentParser) -> None:
    """Where to."""
    parser.add_argument("--into", type=Path, default=Path("docs/states"), help="folder (default: docs/states)")


def run(options: argparse.Namespace) -> int:
    """Write one file for each table and remove pictures of tables that are gone."""
    folder: Path = options.into
    folder.mkdir(parents=True, exist_ok=True)
    drawn = {f"{machine.name}.svg": drawing(machine) for machine in machines()}
    for old in folder.glob("*.svg"):
        if old.name not in drawn:
            old.unlink()
    for name, text in drawn.items():
        (folder / name).write_text(text, encoding="utf-8")
    console.say(f"{len(drawn)} pictures in {folder}")
    return 0
