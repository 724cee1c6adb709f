"""The same server with the lock of the order engine off: the control of the rush."""

from wanku.project.wsgi import application

__all__ = ["application"]

from wanku.flows.buying import _sql

_sql.LOCK_SUPPLIES = "SELECT id, free FROM inventory_supply WHERE id = ANY(%s) ORDER BY id"
