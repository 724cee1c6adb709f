"""Wanku's settings with nothing around a view: what the front and Django cost before anything is asked of them."""

from wanku.project.settings import *  # noqa: F403

MIDDLEWARE = []
ROOT_URLCONF = "bench.hello"
