"""The style guide; `wanku.project.urls` includes this in development only."""

from django.urls import path

from wanku.ui.styleguide import styleguide

urlpatterns = [path("styleguide", styleguide, name="styleguide")]
