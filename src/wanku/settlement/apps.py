from django.apps import AppConfig


class SettlementConfig(AppConfig):
    name = "wanku.settlement"
    label = "settlement"
