"""The ASGI entry point, served by granian: Django is set up first, then the doors that import its models."""

from importlib import import_module

from django.conf import settings

from wanku.project.wsgi import application as django

application = import_module("wanku.project.front").Front(django, threads=settings.THREADS)
