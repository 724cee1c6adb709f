"""What makes a review acceptable. Pure."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from wanku.kernel.refusal import Code, Refusal, gettext_noop
from wanku.kernel.text import clean

TEXT_MAX = 1000
PICTURES_MAX = 9
SCORES = range(1, 6)

BAD_SCORE = Code("bad_score", gettext_noop("Please give one to five stars."), 422)
TEXT_TOO_LONG = Code("text_too_long", gettext_noop("At most %(most)s characters fit here."), 422)
TEXT_MISSING = Code("text_missing", gettext_noop("Please write something."), 422)
TOO_MANY_PICTURES = Code("too_many_pictures", gettext_noop("At most %(most)s pictures fit into a review."), 422)
NOT_YOUR_PICTURE = Code("not_your_picture", gettext_noop("A picture was not found. Please upload it again."), 422)
NOT_RECEIVED = Code(
    "not_received", gettext_noop("You can review this once you have received it. Please confirm receipt first."), 409
)
REVIEW_OVER = Code("review_over", gettext_noop("The time to review ended on %(ended)s."), 409)
ALREADY_REVIEWED = Code("already_reviewed", gettext_noop("You have already reviewed this."), 409)
ALREADY_FOLLOWED_UP = Code("already_followed_up", gettext_noop("You have already added a follow-up."), 409)
ALREADY_REPLIED = Code("already_replied", gettext_noop("This review has its reply; a reply is not changed."), 409)


def check_scores(scores: Mapping[str, object]) -> list[Refusal]:
    """What is wrong with scores by field: each must be a whole number from one to five."""
    return [
        Refusal(BAD_SCORE, field=name)
        for name, value in scores.items()
        if isinstance(value, bool) or not isinstance(value, int) or value not in SCORES
    ]


def tidy_text(text: str, *, field: str, required: bool, refusals: list[Refusal]) -> str:
    """The text with line breaks kept, and what is wrong with it added to ``refusals``."""
    text = clean(text, lines=True)
    if required and not text:
        refusals.append(Refusal(TEXT_MISSING, field=field))
    if len(text) > TEXT_MAX:
        refusals.append(Refusal(TEXT_TOO_LONG, field=field, most=TEXT_MAX))
    return text


def check_open(start: datetime, seconds: int, now: datetime) -> None:
    """Refuse once a window is over.

    Raises:
        Refusal: ``review_over``.
    """
    ended = start + timedelta(seconds=seconds)
    if now > ended:
        raise Refusal(REVIEW_OVER, ended=ended)


def check_count(pictures: int) -> list[Refusal]:
    """What is wrong with a number of pictures."""
    if pictures > PICTURES_MAX:
        return [Refusal(TOO_MANY_PICTURES, field="picture_ids", most=PICTURES_MAX)]
    return []
