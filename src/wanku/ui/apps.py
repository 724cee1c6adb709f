from django.apps import AppConfig
from django.conf import settings


class UiConfig(AppConfig):
    name = "wanku.ui"
    label = "ui"

    def ready(self) -> None:
        """In development, compile changed catalogues; an installation compiles them once, when it is built."""
        if settings.DEBUG:
            from wanku.ui.messages import compile_all

            compile_all()
