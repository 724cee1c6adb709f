from django.apps import AppConfig


class SandboxConfig(AppConfig):
    name = "wanku.sandbox"
    label = "sandbox"
