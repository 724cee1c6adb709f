"""Tidy illustrations: an icon of the set on a tinted ground, drawn when the demo is loaded."""

import json
import random
from functools import cache
from pathlib import Path
from typing import Any

import resvg_py

from wanku.project.env import BadEnvironment

ICONS = Path("node_modules/@iconify-json/fluent-emoji-flat/icons.json")
SIZE = 720
# Three ways to set the scene, so that the pictures of one product differ: (scale, x, y, turn).
SCENES = ((52, 22, 24, 0), (64, 16, 18, -8), (40, 34, 36, 6))


@cache
def _set() -> dict[str, Any]:
    root = next((p for p in Path(__file__).resolve().parents if (p / ICONS).exists()), None)
    if root is None:
        raise BadEnvironment(f"The demo's icons are not there ({ICONS}); `make up` installs them.")
    icons: dict[str, Any] = json.loads((root / ICONS).read_text())
    return icons


def _body(name: str) -> str:
    icons = _set()
    name = icons.get("aliases", {}).get(name, {}).get("parent", name)
    return str(icons["icons"][name]["body"])


def illustrate(icon: str, hue: int, scene: int = 0) -> bytes:
    """A square PNG of one icon; ``hue`` in degrees tints ground and table."""
    scale, x, y, turn = SCENES[scene % len(SCENES)]
    shade = random.Random(f"{icon}{scene}")  # noqa: S311 the same picture every time, nothing to guess
    hue = (hue + shade.randint(-14, 14)) % 360
    sun = shade.randint(58, 78)
    svg = f"""<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 96 96">
<defs><radialGradient id="g" cx="50%" cy="38%" r="75%"><stop offset="0" stop-color="hsl({hue},42%,96%)"/>
<stop offset="1" stop-color="hsl({hue},30%,86%)"/></radialGradient>
<radialGradient id="s"><stop offset="0" stop-color="hsl({hue},30%,30%)" stop-opacity=".28"/>
<stop offset="1" stop-color="hsl({hue},30%,30%)" stop-opacity="0"/></radialGradient></defs>
<rect width="96" height="96" fill="url(#g)"/><circle cx="{sun}" cy="26" r="30" fill="hsl({hue},40%,92%)" opacity=".6"/>
<path d="M0 72 H96 V96 H0Z" fill="hsl({hue},26%,82%)"/>
<ellipse cx="{x + scale / 2}" cy="{y + scale}" rx="{scale * 0.52}" ry="{scale * 0.1}" fill="url(#s)"/>
<g transform="rotate({turn} 48 48)"><svg x="{x}" y="{y}" width="{scale}" height="{scale}" viewBox="0 0 32 32">
{_body(icon)}</svg></g></svg>"""
    return bytes(resvg_py.svg_to_bytes(svg_string=svg, width=SIZE, height=SIZE, skip_system_fonts=True))


def emblem(icon: str, hue: int) -> bytes:
    """A shop's logo."""
    svg = f"""<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 96 96">
<rect width="96" height="96" fill="hsl({hue},38%,90%)"/>
<svg x="16" y="16" width="64" height="64" viewBox="0 0 32 32">{_body(icon)}</svg></svg>"""
    return bytes(resvg_py.svg_to_bytes(svg_string=svg, width=480, height=480, skip_system_fonts=True))
