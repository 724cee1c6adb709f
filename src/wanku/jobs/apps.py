from django.apps import AppConfig


class JobsConfig(AppConfig):
    name = "wanku.jobs"
    label = "jobs"
