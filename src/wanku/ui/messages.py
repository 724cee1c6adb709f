"""Catalogues of translated texts: extract, derive, check, compile. Run as ``python -m wanku.ui.messages``.

Texts in code and templates are English and need no catalogue. Each app keeps its own
``locale/{zh_Hans,zh_Hant}/LC_MESSAGES/django.po``, so that people who write different apps never touch one file.
zh_Hans is written by people; what zh_Hant lacks is derived from it by OpenCC and may then be corrected by hand.
"""

import argparse
import ast
import os
import re
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

PACKAGE = Path(__file__).resolve().parent.parent
SOURCE = "zh_Hans"
DERIVED = "zh_Hant"
# Functions that take a text to translate: position of the msgid, of the plural, of the context.
PYTHON_CALLS: dict[str, tuple[int, int | None, int | None]] = {
    "_": (0, None, None),
    "gettext": (0, None, None),
    "gettext_lazy": (0, None, None),
    "gettext_noop": (0, None, None),
    "ngettext": (0, 1, None),
    "ngettext_lazy": (0, 1, None),
    "pgettext": (1, None, 0),
    "pgettext_lazy": (1, None, 0),
    "_p": (1, None, 0),
    "npgettext": (1, 2, 0),
}
# Taiwan writes corner quotation marks.
QUOTES = str.maketrans("“”‘’", "「」『』")
TAG = re.compile(r"\{%-?\s*(.*?)\s*-?%\}", re.DOTALL)
TRANSLATE = re.compile(r"^trans(?:late)?\s+(\"(?:[^\"\\]|\\.)*\"|'(?:[^'\\]|\\.)*')(.*)$", re.DOTALL)
UNDERSCORE = re.compile(r"_\((\"(?:[^\"\\]|\\.)*\"|'(?:[^'\\]|\\.)*')\)")
CONTEXT = re.compile(r"context\s+(\"[^\"]*\"|'[^']*')")
VARIABLE = re.compile(r"\{\{\s*([\w.]+)\s*\}\}")


@dataclass(frozen=True, slots=True)
class Text:
    """One text to translate, and where it stands."""

    msgid: str
    plural: str | None
    context: str | None
    place: str


def apps() -> list[Path]:
    """Folders of our apps, by name; the project's only texts are names of languages, which Django translates.

    Each kind of order is an app of its own inside `wanku.kinds`.
    """
    outer = (p for p in PACKAGE.iterdir() if (p / "__init__.py").exists() and p.name != "project")
    return sorted([*outer, *_inner(PACKAGE / "kinds")])


def _inner(app: Path) -> list[Path]:
    return [p.parent for p in app.glob("*/apps.py")]


def catalogue_path(app: Path, language: str) -> Path:
    """Where an app keeps a language."""
    return app / "locale" / language / "LC_MESSAGES" / "django.po"


def texts(app: Path) -> list[Text]:
    """Everything to translate in an app: Python and templates, without tests and migrations."""
    found: list[Text] = []
    others = {inner.name for inner in _inner(app)}
    for path in sorted(app.rglob("*")):
        inside = path.relative_to(app).parts
        if inside[0] in others:
            continue
        if {"tests", "migrations", "dist", "locale"} & set(inside):
            continue
        # The style guide is for those who build pages; it stays as it is.
        if path.name.startswith("styleguide"):
            continue
        if path.suffix == ".py":
            found += python_texts(path.read_text(encoding="utf-8"), path.relative_to(PACKAGE).as_posix())
        elif path.suffix in (".html", ".txt") and "templates" in inside:
            found += template_texts(path.read_text(encoding="utf-8"), path.relative_to(PACKAGE).as_posix())
    return found


def python_texts(source: str, place: str) -> Iterator[Text]:
    """Texts in calls such as ``gettext("…")``; a context may be a constant of the module."""
    tree = ast.parse(source)
    constants = _constants(tree)

    def text(node: ast.expr | None) -> str | None:
        if isinstance(node, ast.Name):
            return constants.get(node.id)
        return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None

    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
        if name not in PYTHON_CALLS:
            continue
        single, plural, context = (
            text(node.args[at]) if at is not None and at < len(node.args) else None for at in PYTHON_CALLS[name]
        )
        if single:
            yield Text(single, plural, context, place)


def _constants(tree: ast.Module) -> dict[str, str]:
    found = {}
    for node in tree.body:
        targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
        value = getattr(node, "value", None)
        if isinstance(value, ast.Constant) and isinstance(value.value, str):
            found.update({t.id: value.value for t in targets if isinstance(t, ast.Name)})
    return found


def template_texts(source: str, place: str) -> Iterator[Text]:
    """Texts in ``translate``, ``blocktranslate`` and ``_("…")`` of a template."""
    source = re.sub(r"\{%\s*comment.*?endcomment\s*%\}", "", source, flags=re.DOTALL)
    position = 0
    while match := TAG.search(source, position):
        position = match.end()
        tag = match.group(1)
        for quoted in UNDERSCORE.findall(tag):
            yield Text(ast.literal_eval(quoted), None, None, place)
        if simple := TRANSLATE.match(tag):
            # Django doubles a percent sign in the msgid, since the text may pass through formatting.
            msgid = ast.literal_eval(simple.group(1)).replace("%", "%%")
            yield Text(msgid, None, _context(simple.group(2)), place)
        elif tag.startswith(("blocktranslate", "blocktrans")):
            end = re.compile(r"\{%\s*endblocktrans(?:late)?\s*%\}").search(source, position)
            if end is None:
                raise ValueError(f"{place}: a blocktranslate without end")
            yield _block(tag, source[position : end.start()], place)
            position = end.end()
    for quoted in re.findall(r"\{\{[^}]*?_\((\"[^\"]*\"|'[^']*')\)", source):
        yield Text(ast.literal_eval(quoted), None, None, place)


def _context(rest: str) -> str | None:
    found = CONTEXT.search(rest)
    return ast.literal_eval(found.group(1)) if found else None


def _block(tag: str, body: str, place: str) -> Text:
    single, *plural = re.split(r"\{%\s*plural\s*%\}", body)

    def msgid(text: str) -> str:
        if re.search(r"\btrimmed\b", tag):
            text = " ".join(line.strip() for line in text.strip().splitlines())
        return VARIABLE.sub(r"%(\1)s", text.replace("%", "%%"))

    return Text(msgid(single), msgid(plural[0]) if plural else None, _context(tag), place)


def read(path: Path, language: str) -> Catalog:
    """A catalogue, empty when there is none yet."""
    if not path.exists():
        return Catalog(locale=language, domain="django", charset="utf-8")
    with path.open("rb") as file:
        return read_po(file, locale=language, domain="django")


def key(message: Message) -> tuple[str, str | None]:
    """What makes a message itself."""
    single = message.id[0] if isinstance(message.id, (tuple, list)) else message.id
    return str(single), message.context


def missing(message: Message) -> bool:
    """Whether a translation is absent or uncertain."""
    words = message.string if isinstance(message.string, (tuple, list)) else (message.string,)
    return message.fuzzy or not words or not all(words)


def merged(found: Iterable[Text], old: Catalog, language: str) -> Catalog:
    """The texts of today with the translations of yesterday; what is used no more goes."""
    before = {key(m): m for m in old if m.id}
    new = Catalog(locale=language, domain="django", project="Wanku", version="1", charset="utf-8", fuzzy=False)
    new.header_comment = "# Texts of Wanku."
    new.creation_date = old.creation_date
    new.revision_date = old.revision_date
    # One entry per text, in order of text: places would make every commit touch the file.
    unique: dict[tuple[str, str | None], Text] = {}
    for text in sorted(found, key=lambda t: (t.msgid, t.context or "", t.plural is None)):
        unique.setdefault((text.msgid, text.context), text)
    for text in unique.values():
        known = before.get((text.msgid, text.context))
        string: Any = known.string if known is not None and not missing(known) else None
        if text.plural and isinstance(string, str):
            string = (string,)
        if not text.plural and isinstance(string, (tuple, list)):
            string = string[0]
        new.add((text.msgid, text.plural) if text.plural else text.msgid, string, context=text.context)
    return new


def derive(source: Catalog, target: Catalog) -> int:
    """Fill what ``target`` lacks from ``source`` by OpenCC (a dependency of developers); returns how many."""
    from opencc import OpenCC  # noqa: PLC0415 - only developers have it

    opencc = OpenCC("s2twp")

    def convert(text: str) -> str:
        return str(opencc.convert(text)).translate(QUOTES)

    before = {key(m): m for m in source if m.id}
    count = 0
    for message in target:
        model = before.get(key(message)) if message.id else None
        if model is None or missing(model) or not missing(message):
            continue
        words = model.string
        message.string = tuple(map(convert, words)) if isinstance(words, (tuple, list)) else convert(str(words))
        count += 1
    return count


def write(path: Path, catalogue: Catalog) -> bool:
    """Write a catalogue when it changed; says whether it did."""
    buffer = BytesIO()
    write_po(buffer, catalogue, width=120, omit_header=False, no_location=True, sort_output=True)
    # Dates and tool names in the header would change without any text changing.
    dull = re.compile(
        rb'^"(?:POT-Creation-Date|PO-Revision-Date|Last-Translator|Language-Team|Generated-By|Report-Msgid).*\n',
        re.MULTILINE,
    )
    body = dull.sub(b"", buffer.getvalue())
    if path.exists() and path.read_bytes() == body:
        return False
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(body)
    return True


def say(line: str) -> None:
    """A line for whoever runs the command."""
    sys.stdout.write(f"{line}\n")


def update(names: Iterable[str] = ()) -> None:
    """Extract and derive for the named apps, or for every app."""
    chosen = set(names)
    for app in apps():
        if chosen and app.name not in chosen:
            continue
        found = texts(app)
        if not found:
            continue
        source = merged(found, read(catalogue_path(app, SOURCE), SOURCE), SOURCE)
        derived = merged(found, read(catalogue_path(app, DERIVED), DERIVED), DERIVED)
        count = derive(source, derived)
        changed = [write(catalogue_path(app, SOURCE), source), write(catalogue_path(app, DERIVED), derived)]
        lacking = sum(1 for m in source if m.id and missing(m))
        if any(changed) or lacking:
            say(f"{app.name}: {len(source)} texts, {lacking} without {SOURCE}, {count} derived for {DERIVED}")


def problems(names: Iterable[str] = ()) -> list[str]:
    """What is not translated or not even extracted, one line each; empty when all is well."""
    lines = []
    chosen = set(names)
    for app in apps():
        if chosen and app.name not in chosen:
            continue
        found = texts(app)
        for language in (SOURCE, DERIVED):
            path = catalogue_path(app, language)
            known = {key(m): m for m in read(path, language) if m.id}
            for text in dict.fromkeys((t.msgid, t.context) for t in found):
                message = known.get(text)
                if message is None or missing(message):
                    lines.append(f"{app.name} {language}: {text[0]!r}" + (f" ({text[1]})" if text[1] else ""))
                elif broken := _placeholders(message):
                    lines.append(f"{app.name} {language}: {text[0]!r} {broken}")
    return lines


def _placeholders(message: Message) -> str:
    wanted = set(re.findall(r"%\((\w+)\)s", " ".join(message.id) if isinstance(message.id, tuple) else str(message.id)))
    words = message.string if isinstance(message.string, (tuple, list)) else (message.string,)
    for word in words:
        strange = set(re.findall(r"%\((\w+)\)s", str(word))) - wanted
        if strange:
            return f"names {', '.join(sorted(strange))}, which the text does not have"
    return ""


def clashes() -> list[str]:
    """Texts that two apps translate differently, one line each.

    At run time the catalogues of all apps are one, and the first app that is installed wins; the other would show a
    word that was meant for something else. Agree on one translation, or tell them apart by a context.
    """
    lines = []
    for language in (SOURCE, DERIVED):
        said: dict[tuple[str, str | None], dict[str, list[str]]] = {}
        for app in apps():
            for message in read(catalogue_path(app, language), language):
                if message.id and not missing(message):
                    strings = (message.string,) if isinstance(message.string, str) else message.string or ()
                    words = " | ".join(strings)
                    said.setdefault(key(message), {}).setdefault(words, []).append(app.name)
        for (msgid, context), versions in sorted(said.items(), key=str):
            if len(versions) > 1:
                where = ", ".join(f"{words!r} in {' '.join(names)}" for words, names in versions.items())
                lines.append(f"{language}: {msgid!r}" + (f" ({context})" if context else "") + f" is {where}")
    return lines


def compile_all() -> int:
    """Compile every catalogue that is newer than its .mo (needs Babel only); returns how many."""
    count = 0
    for app in apps():
        for path in sorted(app.glob("locale/*/LC_MESSAGES/django.po")):
            target = path.with_suffix(".mo")
            if target.exists() and target.stat().st_mtime >= path.stat().st_mtime:
                continue
            buffer = BytesIO()
            write_mo(buffer, read(path, path.parts[-3]))
            # Written beside and renamed: a running server never meets half a file, nor does another process at this.
            beside = target.with_suffix(f".mo.{os.getpid()}")
            beside.write_bytes(buffer.getvalue())
            beside.replace(target)
            count += 1
    return count


def main(arguments: list[str] | None = None) -> int:
    """The command; returns its exit code."""
    parser = argparse.ArgumentParser(prog="python -m wanku.ui.messages", description=__doc__)
    parser.add_argument("apps", nargs="*", help="only these apps, e.g. ui storefront")
    parser.add_argument("--check", action="store_true", help="only report what is missing; exit 1 if anything is")
    parser.add_argument("--compile", action="store_true", help="only compile .po to .mo")
    chosen = parser.parse_args(arguments)
    if not chosen.check and not chosen.compile:
        update(chosen.apps)
    lines = [] if chosen.compile else problems(chosen.apps) + clashes()
    for line in lines:
        say(line)
    if not chosen.check:
        say(f"compiled {compile_all()} catalogues")
    return 1 if lines else 0


if __name__ == "__main__":
    sys.exit(main())
