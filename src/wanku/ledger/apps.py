from django.apps import AppConfig


class LedgerConfig(AppConfig):
    name = "wanku.ledger"
    label = "ledger"
