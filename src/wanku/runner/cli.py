"""The `wanku` command. Each of its commands is one file in `wanku/runner/commands/`."""

import argparse
import importlib
import pkgutil
import sys
from collections.abc import Generator, Sequence
from typing import Protocol, cast

from wanku.project.env import BadEnvironment
from wanku.runner import commands, console
from wanku.runner.database import NoDatabase
from wanku.runner.folder import FolderBusy
from wanku.runner.postgres import ClusterError
from wanku.runner.postgres.account import NoAccount

ABOUT = "Wanku 玩酷: many merchants, one checkout, and a ledger that proves itself."
FIRST = """\
first steps:
  wanku up             start everything on this machine and print where it is
  wanku doctor         explain what is wrong, and how to mend it
  wanku COMMAND -h     what a command can do

Settings come from the environment: DATABASE_URL and names that start with WANKU_ (see docs/settings.md).
"""


class Command(Protocol):
    """What a file in `commands` offers."""

    HELP: str

    def arguments(self, parser: argparse.ArgumentParser) -> None:
        """Declare the command's options."""

    def run(self, options: argparse.Namespace) -> int:
        """Do the work and give the exit code."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and give its exit code: 0 done, 1 could not, 2 asked wrongly."""
    options = _parser().parse_args(argv)
    if options.command is None:
        _parser().print_help()
        return 0
    command = _load(options.command)
    try:
        return command.run(options)
    except FolderBusy as problem:
        return console.fail(f"{problem} Stop it first, or set DATABASE_URL or WANKU_DATA to work elsewhere.")
    except (BadEnvironment, NoDatabase, ClusterError, NoAccount) as problem:
        return console.fail(str(problem))
    except KeyboardInterrupt:
        return 130


class _Help(argparse.RawDescriptionHelpFormatter):
    """Texts as they are written, and each command on one line with its help, whatever the length of its name."""

    def _iter_indented_subactions(self, action: argparse.Action) -> Generator[argparse.Action]:
        # The column that argparse computes leaves out the indentation of what stands in it.
        for inside in super()._iter_indented_subactions(action):
            width = len(self._format_action_invocation(inside)) + self._current_indent
            self._action_max_length = max(self._action_max_length, width)
            yield inside


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="wanku", description=ABOUT, epilog=FIRST, formatter_class=_Help)
    shelf = parser.add_subparsers(dest="command", metavar="COMMAND", title="commands")
    for module in pkgutil.iter_modules(commands.__path__):
        command = _load(module.name)
        command.arguments(
            shelf.add_parser(
                module.name,
                help=command.HELP,
                description=(sys.modules[f"{commands.__name__}.{module.name}"].__doc__ or "").strip(),
                formatter_class=argparse.RawDescriptionHelpFormatter,
            )
        )
    return parser


def _load(name: str) -> Command:
    return cast("Command", importlib.import_module(f"{commands.__name__}.{name}"))
