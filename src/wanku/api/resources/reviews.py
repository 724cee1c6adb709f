"""What buyers say: reviews with pictures, and questions."""

from datetime import datetime
from typing import BinaryIO, cast
from uuid import UUID

from django.conf import settings
from django.http import HttpResponse
from ninja import File, Path, Router, Status
from ninja.files import UploadedFile

from wanku.access.scopes import Scope
from wanku.api.callers import KNOWN, buyer, name_of
from wanku.api.fields import IdempotencyKey, PathId
from wanku.api.read import catalog as read
from wanku.api.repeats import repeatable
from wanku.api.shapes.catalog import ReviewShape
from wanku.api.shapes.members import FollowUpBody, ReviewBody, StoredPicture
from wanku.files.accept import accept_picture
from wanku.files.queries import picture_url
from wanku.flows.reviewing.follow_up_review import follow_up_review
from wanku.flows.reviewing.write_review import write_review
from wanku.ui.request import Request

router = Router(tags=["reviews"], auth=KNOWN)


@router.post("/pictures", response={201: StoredPicture}, summary="Upload a picture")
def add_picture(request: Request, file: File[UploadedFile]) -> Status[StoredPicture]:
    """A picture for a review: JPEG, PNG, WebP or GIF, at most 12 MB. It is encoded anew; nothing else of it is kept.

    The same picture again gives the same id. Scope `reviews.write`.
    """
    actor = buyer(request, Scope.REVIEWS_WRITE)
    return Status(201, take_in(file, name_of(actor), request.now))


@router.post("/lines/{line_id}/review", response={201: ReviewShape}, summary="Write a review")
def create_review(
    request: Request, line_id: Path[UUID], body: ReviewBody, idempotency_key: IdempotencyKey = None
) -> HttpResponse:
    """Review one line of an order, once, after it was received. Scope `reviews.write`."""
    actor = buyer(request, Scope.REVIEWS_WRITE)

    def act() -> ReviewShape:
        row = write_review(
            line_id,
            goods=body.goods,
            service=body.service,
            delivery=body.delivery,
            text=body.text,
            picture_ids=body.picture_ids,
            actor=actor,
            now=request.now,
        )
        return read.review(row)

    return repeatable(request, idempotency_key, body, act)


@router.post("/reviews/{review_id}/follow-up", response={201: ReviewShape}, summary="Follow up a review")
def create_follow_up(
    request: Request, review_id: Path[PathId], body: FollowUpBody, idempotency_key: IdempotencyKey = None
) -> HttpResponse:
    """Add to one's own review, once, within 180 days. Scope `reviews.write`."""
    actor = buyer(request, Scope.REVIEWS_WRITE)

    def act() -> ReviewShape:
        row = follow_up_review(review_id, text=body.text, picture_ids=body.picture_ids, actor=actor, now=request.now)
        return read.review(row)

    return repeatable(request, idempotency_key, body, act)


def take_in(file: UploadedFile, owner: str, now: datetime) -> StoredPicture:
    """Store an upload as a public picture of ``owner``.

    Raises:
        Refusal: at ``file``, when it is no picture or too large.
    """
    picture = accept_picture(cast("BinaryIO", file), owner=owner, is_public=True, now=now, field="file")
    return StoredPicture(
        id=picture.pk,
        width=picture.width,
        height=picture.height,
        url=settings.PUBLIC_URL + picture_url(picture.pk),
    )
