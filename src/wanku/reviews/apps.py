from django.apps import AppConfig


class ReviewsConfig(AppConfig):
    name = "wanku.reviews"
    label = "reviews"
