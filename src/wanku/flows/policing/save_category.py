"""The category tree changes."""

from datetime import datetime

from django.db import transaction

from wanku.access.actor import Actor
from wanku.access.can import Permission, require
from wanku.audit.record import record
from wanku.catalog.models import Category
from wanku.catalog.write_category import CategoryData, write_category


def save_category(data: CategoryData, *, category_id: int | None = None, actor: Actor, now: datetime) -> Category:
    """Add a category, or change one and move its subtree.

    Args:
        category_id: the category to change, or none to add one.

    Raises:
        Refusal: ``bad_value`` naming the field, ``not_found``, ``not_allowed``.
    """
    require(actor, Permission.CATEGORIES_EDIT)
    with transaction.atomic():
        category, changed = write_category(data, category_id)
        record(
            "change_category" if category_id else "add_category",
            actor_id=actor.person_id,
            subject_type="category",
            subject_id=category.pk,
            facts=changed,
            now=now,
        )
    return category
