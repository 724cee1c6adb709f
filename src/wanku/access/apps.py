from django.apps import AppConfig


class AccessConfig(AppConfig):
    name = "wanku.access"
    label = "access"
