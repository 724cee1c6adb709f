from django.apps import AppConfig


class PaymentsConfig(AppConfig):
    name = "wanku.payments"
    label = "payments"
