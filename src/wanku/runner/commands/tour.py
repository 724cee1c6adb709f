"""Act the main job as new users would, and check every step.

On the running server: a guest finds goods of two shops, orders them in one checkout, is refused by the bank and pays;
the shops ship, the guest follows, confirms and reviews, and the books are proven. Then a throw-away instance with a
database, banks and ports of its own is opened, where time is moved: to see what becomes of those who stay silent, and
to follow the money, paid each way there is, paid back in parts, settled, paid out and held against the banks' bills,
and to order one of each kind that is not shipped.

The server must run the demo with its sandbox bank, as `wanku up` does. The exit code is 0 only if every step was seen.
"""

import argparse
import os

from wanku.runner import console
from wanku.runner.folder import DataFolder

HELP = "act the main job over HTTP, and check every step"


def arguments(parser: argparse.ArgumentParser) -> None:
    """Where, in which language, and how much."""
    parser.add_argument("--url", help="address of the server (default: the one that `wanku up` runs)")
    parser.add_argument("--lang", choices=("zh", "en"), help="language (default: that of the terminal)")
    parser.add_argument(
        "--part", choices=("all", "main", "clocks", "money", "kinds"), default="all", help="default: %(default)s"
    )


def run(options: argparse.Namespace) -> int:
    """Act it."""
    url = options.url or _running()
    if not url and options.part in ("all", "main"):
        return console.fail("No server is running here. Start one with `wanku up`, or name one by --url.")
    language = options.lang or ("zh" if os.environ.get("LANG", "").startswith("zh") else "en")
    from wanku.runner.tour.whole import act

    return act(url or "", language, options.part)


def _running() -> str:
    folder = DataFolder.from_environment()
    holder = folder.holder() if folder.path.exists() else None
    return holder.url if holder else ""
