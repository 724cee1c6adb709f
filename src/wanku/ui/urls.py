"""The style guide; it answers in development only."""

from django.urls import path

from wanku.ui.styleguide import styleguide

urlpatterns = [path("styleguide", styleguide, name="styleguide")]
