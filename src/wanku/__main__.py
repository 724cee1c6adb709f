"""``python -m wanku`` is the `wanku` command."""

import sys

from wanku.runner.cli import main

sys.exit(main())
