from django.apps import AppConfig


class ReconciliationConfig(AppConfig):
    name = "wanku.reconciliation"
    label = "reconciliation"
