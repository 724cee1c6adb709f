from django.apps import AppConfig


class AuditConfig(AppConfig):
    name = "wanku.audit"
    label = "audit"
