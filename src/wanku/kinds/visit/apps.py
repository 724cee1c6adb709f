from django.apps import AppConfig


class VisitConfig(AppConfig):
    name = "wanku.kinds.visit"
    label = "visit"
