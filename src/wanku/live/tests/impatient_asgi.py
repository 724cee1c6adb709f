"""The front with short clocks of the streams, for a server in a process of its own."""

from wanku.live import streams
from wanku.project.asgi import application as front

application = front
streams.AGAIN_SECONDS = 0.5  # type: ignore[misc]
streams.BEAT_SECONDS = 0.2  # type: ignore[misc]
