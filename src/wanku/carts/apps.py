from django.apps import AppConfig


class CartsConfig(AppConfig):
    name = "wanku.carts"
    label = "carts"
