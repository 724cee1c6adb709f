from django.apps import AppConfig


class InvoicesConfig(AppConfig):
    name = "wanku.invoices"
    label = "invoices"
