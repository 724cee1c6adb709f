from django.apps import AppConfig


class UiConfig(AppConfig):
    name = "wanku.ui"
    label = "ui"
