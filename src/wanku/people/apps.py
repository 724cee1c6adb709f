from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "wanku.people"
    label = "people"
