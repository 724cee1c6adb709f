from django.apps import AppConfig


class InventoryConfig(AppConfig):
    name = "wanku.inventory"
    label = "inventory"
