from django.apps import AppConfig


class MealConfig(AppConfig):
    name = "wanku.kinds.meal"
    label = "meal"
