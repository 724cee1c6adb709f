"""Who a session belongs to, read with one prepared statement; named in settings.AUTHENTICATION_BACKENDS."""

from functools import cache

from allauth.account.auth_backends import AuthenticationBackend
from django.db import connection

from wanku.kernel.arrays import execute
from wanku.people.models import Person


class Backend(AuthenticationBackend):  # type: ignore[misc]  # allauth has no types
    """allauth's backend, which reads the person of a session quicker; see `wanku.ui.sessions`."""

    def get_user(self, user_id: int) -> Person | None:
        """The person, as long as the account is active."""
        sql, names = _statement()
        rows = execute(sql, [user_id])
        person = Person.from_db(connection.alias, names, rows[0]) if rows else None
        return person if person is not None and person.is_active else None


@cache
def _statement() -> tuple[str, list[str]]:
    fields = Person._meta.concrete_fields  # noqa: SLF001 - Django's documented way to a model's columns
    columns = ", ".join(f'"{field.column}"' for field in fields)
    return f"SELECT {columns} FROM people_person WHERE id = $1::bigint", [field.attname for field in fields]  # noqa: S608
