"""Wanku's settings with nothing around a view: what the front and Django cost before anything is asked of them."""

from wanku.project.settings import *  # noqa: F403 - all of them, but for two

# The one layer that django-allauth insists on; it looks at nothing here.
MIDDLEWARE = ["allauth.account.middleware.AccountMiddleware"]
ROOT_URLCONF = "bench.hello"
