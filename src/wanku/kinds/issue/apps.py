from django.apps import AppConfig


class IssueConfig(AppConfig):
    name = "wanku.kinds.issue"
    label = "issue"
