from django.apps import AppConfig


class MerchantsConfig(AppConfig):
    name = "wanku.merchants"
    label = "merchants"
