"""Resolve the dependencies anew into ``locks/``: versions and hashes, and no address of any registry."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
COMMON = ("--generate-hashes", "--no-emit-index-url", "--no-emit-find-links", "--universal", "--python-version=3.11")
# (source, lock, further options); later ones agree with the versions of earlier ones.
STEPS = (
    ("pyproject.toml", "runtime.txt", ()),
    ("pyproject.toml", "dev.txt", ("--extra=dev", "-c", "locks/runtime.txt")),
    ("locks/build.in", "build.txt", ("-c", "locks/dev.txt")),
    ("locks/node.in", "node.txt", ()),
)


def main(arguments: list[str]) -> int:
    """Write every lock; `arguments` go to uv, such as ``--upgrade``."""
    for source, lock, options in STEPS:
        command = ["uv", "pip", "compile", source, *COMMON, *options, "-o", f"locks/{lock}", "--quiet", *arguments]
        print("·", " ".join(command), flush=True)
        program = str(Path(sys.executable).with_name("uv"))
        if (code := subprocess.run([program, *command[1:]], cwd=ROOT, check=False).returncode) != 0:
            return code
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
