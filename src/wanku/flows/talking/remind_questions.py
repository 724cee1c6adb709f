"""Questions that wait too long."""

from datetime import datetime

from django.db import transaction

from wanku.catalog.models import Question
from wanku.flows.talking._links import desk_questions
from wanku.flows.talking._recipients import desks
from wanku.notices.tell import Message, Recipient, tell


def remind_questions(*, now: datetime, limit: int = 100) -> int:
    """Remind desks of questions whose clock has run out, after 48 h, then after twice that time, and so on.

    The distances double, since a question that nobody answers must not nag for ever; it stays listed as unanswered.

    Returns:
        how many questions were reminded of.
    """
    with transaction.atomic():
        due = Question.objects.filter(due_at__lte=now, answered_at=None).select_related("product", "merchant")
        questions = list(
            due.select_for_update(no_key=True, skip_locked=True, of=("self",)).order_by("due_at", "pk")[:limit]
        )
        recipients = desks([question.merchant for question in questions])
        for question in questions:
            question.due_at = _next(question, now)
        Question.objects.bulk_update(questions, ["due_at"])
        tell([_reminder(question, recipients[question.merchant_id]) for question in questions], now=now)
        return len(questions)


def _reminder(question: Question, desk: Recipient) -> Message:
    """The next clock is the number of the reminder, so that a repeated sweep tells nothing twice."""
    return Message(
        cause=f"question:{question.pk}:{question.due_at:%y%m%d%H%M%S}",
        kind="question_waiting",
        to=desk,
        facts={"title": question.product.title, "question": question.text},
        link=desk_questions(question.merchant),
        email=True,
    )


def _next(question: Question, now: datetime) -> datetime:
    at = question.due_at or now
    while at <= now:
        at += at - question.asked_at
    return at
