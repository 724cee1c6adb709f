from django.apps import AppConfig


class KernelConfig(AppConfig):
    name = "wanku.kernel"
    label = "kernel"
