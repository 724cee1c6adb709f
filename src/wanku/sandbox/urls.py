"""Routes of the sandbox bank."""

from django.urls import path

from wanku.sandbox.api import call
from wanku.sandbox.pages import pay

app_name = "sandbox"
urlpatterns = [
    path("pay/<str:token>/", pay, name="pay"),
    path("api/<slug:what>", call, name="call"),
]
