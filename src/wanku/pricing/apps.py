from django.apps import AppConfig


class PricingConfig(AppConfig):
    name = "wanku.pricing"
    label = "pricing"
