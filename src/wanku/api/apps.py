from django.apps import AppConfig


class ApiConfig(AppConfig):
    name = "wanku.api"
    label = "api"
