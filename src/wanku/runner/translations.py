"""Compile the translations: every ``.po`` file given becomes the ``.mo`` beside it. Needs no gettext tools."""

import os
import sys
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po


def compile_catalogue(source: Path) -> Path:
    """Compile one file and give the path of the result; entries marked fuzzy are left out.

    Raises:
        babel.messages.pofile.PoFileError: the file is no valid catalogue.
    """
    with source.open("rb") as file:
        catalogue = read_po(file, abort_invalid=True)
    target = source.with_suffix(".mo")
    fresh = target.with_suffix(f".{os.getpid()}")
    with fresh.open("wb") as file:
        write_mo(file, catalogue)
    fresh.replace(target)
    return target


if __name__ == "__main__":
    for argument in sys.argv[1:]:
        compile_catalogue(Path(argument))
