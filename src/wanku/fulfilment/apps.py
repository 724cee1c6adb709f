from django.apps import AppConfig


class FulfilmentConfig(AppConfig):
    name = "wanku.fulfilment"
    label = "fulfilment"
