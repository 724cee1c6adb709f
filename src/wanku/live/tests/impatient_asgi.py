"""The front with short clocks of the streams, for a server in a process of its own."""

from wanku.project.asgi import application as front

from wanku.live import streams  # isort: skip - Django is set up by the line above

application = front
streams.AGAIN_SECONDS = 0.5  # type: ignore[misc]
streams.BEAT_SECONDS = 0.2  # type: ignore[misc]
