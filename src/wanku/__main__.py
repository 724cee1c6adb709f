"""``python -m wanku`` is the `wanku` command."""

import sys

from wanku.runner.cli import main

# A process that this one starts (the demo is loaded by two) imports this file as well.
if __name__ == "__main__":
    sys.exit(main())
