from django.apps import AppConfig


class NoticesConfig(AppConfig):
    name = "wanku.notices"
    label = "notices"
