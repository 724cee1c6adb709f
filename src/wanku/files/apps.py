from django.apps import AppConfig


class FilesConfig(AppConfig):
    name = "wanku.files"
    label = "files"
