"""The ASGI entry point, served by granian: Django is set up first, then the doors that import its models."""

import os
from importlib import import_module

from wanku.project.wsgi import application as django

application = import_module("wanku.project.front").Front(django, threads=int(os.environ.get("WANKU_THREADS", "8")))
