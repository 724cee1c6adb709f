from django.apps import AppConfig


class StayConfig(AppConfig):
    name = "wanku.kinds.stay"
    label = "stay"
