"""Show what taking over a file of codes would do."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction

from wanku.access.actor import Actor
from wanku.flows.offering._code_file import code_file, rows_in
from wanku.flows.offering._codes import CodeRow, check_codes
from wanku.kernel.refusal import NOT_FOUND, Refusal
from wanku.kinds.issue.models import CodeFile

__all__ = ["CodeRow", "preview_codes"]


def preview_codes(file_id: UUID, *, actor: Actor, now: datetime) -> tuple[CodeFile, Sequence[CodeRow]]:
    """Each row of a file that waits, with what is wrong with it. Writes nothing.

    Raises:
        Refusal: ``not_found`` for another shop's file, or one that was taken over; ``not_allowed``.
    """
    with transaction.atomic():
        file = code_file(file_id, actor)
        if file.done_at is not None:
            raise Refusal(NOT_FOUND)
        return file, check_codes(file.merchant_id, rows_in(file))
