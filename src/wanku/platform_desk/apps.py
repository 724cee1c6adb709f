from django.apps import AppConfig


class PlatformDeskConfig(AppConfig):
    name = "wanku.platform_desk"
    label = "platform_desk"
