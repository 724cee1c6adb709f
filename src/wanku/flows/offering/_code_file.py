"""A file of codes that waits."""

import json
from uuid import UUID

from wanku.access.actor import Actor
from wanku.access.can import Permission, require
from wanku.kernel.refusal import NOT_FOUND, Refusal
from wanku.kinds.issue import codes
from wanku.kinds.issue.models import CodeFile


def code_file(file_id: UUID, actor: Actor) -> CodeFile:
    """One's own shop's file, with its plan.

    Raises:
        Refusal: ``not_found`` for another shop's; ``not_allowed``.
    """
    rows = CodeFile.objects.filter(pk=file_id, merchant_id__in=list(actor.seats))
    file = rows.select_related("plan__variant__product").first()
    if file is None:
        raise Refusal(NOT_FOUND)
    require(actor, Permission.PRODUCTS_EDIT, file.merchant_id)
    return file


def rows_in(file: CodeFile) -> list[tuple[int, str]]:
    """Its rows in plain."""
    return [(number, code) for number, code in json.loads(codes.opened(file.sealed))]
