from django.apps import AppConfig


class OrdersConfig(AppConfig):
    name = "wanku.orders"
    label = "orders"
