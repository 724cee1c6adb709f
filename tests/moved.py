"""The real server on another day: its clock begins where ``WANKU_TEST_NOW`` says, and goes on from there."""

import os
from datetime import datetime

import time_machine

time_machine.travel(datetime.fromisoformat(os.environ["WANKU_TEST_NOW"]), tick=True).start()

from wanku.project.asgi import application  # noqa: E402 - on that day from the beginning

__all__ = ["application"]
