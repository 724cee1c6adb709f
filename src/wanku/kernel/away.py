"""When the database is the one who cannot: unreachable, out of connections or of disk, or undecided (a deadlock)."""

from typing import Final

from django.db import InterfaceError, OperationalError

AWAY: Final = (OperationalError, InterfaceError)
"""Errors for which no request is to blame; the answer to each is "again in a moment", never "something broke"."""
