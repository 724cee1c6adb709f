"""What makes a question or an answer acceptable. Pure."""

from wanku.kernel.refusal import Code, Refusal, gettext_noop
from wanku.kernel.text import clean

QUESTION_MIN, QUESTION_MAX = 4, 300
ANSWER_MAX = 1000
PER_DAY = 20

TOO_SHORT = Code("question_too_short", gettext_noop("Please write your question in a few words."), 422)
TOO_LONG = Code("text_too_long", gettext_noop("At most %(most)s characters fit here."), 422)
ANSWER_MISSING = Code("answer_missing", gettext_noop("Please write an answer."), 422)
ALREADY_ANSWERED = Code("already_answered", gettext_noop("This question was already answered."), 409)


def tidy_question(text: str) -> str:
    """The question on one line.

    Raises:
        Refusal: ``question_too_short`` or ``text_too_long`` on ``text``.
    """
    text = clean(text)
    if len(text) < QUESTION_MIN:
        raise Refusal(TOO_SHORT, field="text")
    if len(text) > QUESTION_MAX:
        raise Refusal(TOO_LONG, field="text", most=QUESTION_MAX)
    return text


def tidy_answer(text: str) -> str:
    """The answer with its line breaks.

    Raises:
        Refusal: ``answer_missing`` or ``text_too_long`` on ``text``.
    """
    text = clean(text, lines=True)
    if not text:
        raise Refusal(ANSWER_MISSING, field="text")
    if len(text) > ANSWER_MAX:
        raise Refusal(TOO_LONG, field="text", most=ANSWER_MAX)
    return text
