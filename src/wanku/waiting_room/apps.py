from django.apps import AppConfig


class WaitingRoomConfig(AppConfig):
    name = "wanku.waiting_room"
    label = "waiting_room"
