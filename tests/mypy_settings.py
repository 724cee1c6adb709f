"""Django's settings as the type checker reads them: it needs the lists, and no server and no secret."""

import os

os.environ.setdefault("WANKU_DEBUG", "1")
os.environ.setdefault("DATABASE_URL", "postgresql://nobody@/none?host=/nonexistent")

from wanku.project.settings import *  # noqa: F403
