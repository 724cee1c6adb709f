from django.apps import AppConfig


class StorefrontConfig(AppConfig):
    name = "wanku.storefront"
    label = "storefront"
