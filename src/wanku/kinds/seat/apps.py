from django.apps import AppConfig


class SeatConfig(AppConfig):
    name = "wanku.kinds.seat"
    label = "seat"
