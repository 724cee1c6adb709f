from django.apps import AppConfig


class CatalogConfig(AppConfig):
    name = "wanku.catalog"
    label = "catalog"
