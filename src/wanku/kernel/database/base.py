"""The backend; Django finds it by the name of this file."""

import select

from django.db.backends.postgresql import base


class DatabaseWrapper(base.DatabaseWrapper):
    """Django's own, except that a connection which is quiet counts as working.

    Django asks the server with a statement of its own at the start of every request (`CONN_HEALTH_CHECKS`). A server
    that has gone leaves the end of its stream to be read, so the socket tells, without a way there and back: only when
    something lies in it unread the server is asked.
    """

    def is_usable(self) -> bool:
        """Whether the connection still works."""
        if self.connection is None or self.connection.closed:
            return False
        return not _readable(self.connection.fileno()) or super().is_usable()


def _readable(file: int) -> bool:
    poll = select.poll()
    poll.register(file, select.POLLIN | select.POLLHUP | select.POLLERR)
    return bool(poll.poll(0))
