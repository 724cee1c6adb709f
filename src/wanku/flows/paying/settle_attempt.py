"""The one path by which a payment becomes real, whether the channel told us or we asked."""

import logging
from collections.abc import Sequence
from datetime import datetime
from typing import Final

from django.db import transaction

from wanku.flows.paying import _sql
from wanku.flows.paying._capture import Arrived, capture, close, fail
from wanku.kernel.away import AWAY
from wanku.kernel.gather import Gather
from wanku.kernel.refusal import Code, Refusal, gettext_noop
from wanku.payments.channel import ChannelResult, ChannelState
from wanku.payments.states import CAPTURED, CLOSED, CREATED, FAILED, PENDING

UNKNOWN_PAYMENT = Code("unknown_payment", gettext_noop("There is no such payment here."), 404)
MISMATCH = Code("payment_mismatch", gettext_noop("Amount or currency differ from what was asked."), 409)
NOT_BOOKED = Code("payment_not_booked", gettext_noop("This could not be booked just now. Please send it again."), 503)
ENDS: Final = {ChannelState.CAPTURED: CAPTURED, ChannelState.FAILED: FAILED, ChannelState.CLOSED: CLOSED}
"""What an attempt becomes by a word of its channel; every other word changes nothing."""
log = logging.getLogger(__name__)


def _settle_gathered(batch: Sequence[tuple[ChannelResult, datetime]]) -> list[str | Refusal]:
    return settle_attempts([result for result, _ in batch], now=max(now for _, now in batch))


GATHERED: Final[Gather[tuple[ChannelResult, datetime], str | Refusal]] = Gather(_settle_gathered, name="settling")
"""Open in processes that serve: what channels say at the same moment shares its commits."""


def settle_attempt(result: ChannelResult, *, now: datetime) -> str:
    """Act on what a channel says of a payment. Saying it again has no further effect (invariant I7).

    Returns:
        what came of it: ``applied``, ``repeated`` or ``ignored``.

    Raises:
        Refusal: ``unknown_payment``, ``payment_mismatch``; the event is kept with that outcome, nothing else changed.
            ``payment_not_booked``, ``busy``: nothing is known of it, so the channel says it again.
    """
    answer = GATHERED.do((result, now))
    if isinstance(answer, Refusal):
        raise answer
    return answer


def settle_attempts(results: Sequence[ChannelResult], *, now: datetime) -> list[str | Refusal]:
    """`settle_attempt` for many in one transaction, in order of arrival; each has an outcome of its own.

    One that cannot be booked at all (a fault of ours, never an expected no) spoils the batch: then each is settled by
    itself, and only that one is answered ``payment_not_booked``. Alone, its error is raised.
    """
    if not results:
        return []
    try:
        with transaction.atomic():
            return _settle(results, now)
    except AWAY:
        raise  # no result is to blame, and each by itself would fail as well
    except Exception:
        if len(results) == 1:
            raise
        log.exception("%d results of channels failed together; each is settled by itself", len(results))
    return [_settle_alone(result, now) for result in results]


def _settle_alone(result: ChannelResult, now: datetime) -> str | Refusal:
    try:
        with transaction.atomic():
            return _settle([result], now)[0]
    except Exception:
        log.exception("payment %s of %s cannot be booked", result.number, result.gateway)
        return Refusal(NOT_BOOKED)


def _settle(results: Sequence[ChannelResult], now: datetime) -> list[str | Refusal]:
    """Lock, decide, write."""
    notices = _sql.keep_notices(results, now)
    numbers = [result.number for result in results]
    trades = _sql.lock_trades(numbers)
    attempts = _sql.lock_attempts(numbers)
    effects: dict[ChannelState, list[Arrived]] = {state: [] for state in ENDS}
    answers: list[str | Refusal] = []
    outcomes: dict[_sql.Notice, str] = {}
    for result in results:
        notice = (result.gateway, result.event_id)
        # Only an effect is final: what did not fit is judged anew, so that the channel keeps hearing that it does not.
        if outcomes.get(notice, notices.get(notice)) == "applied":
            answers.append("repeated")
            continue
        answer = _decide(result, attempts.get((result.gateway, result.number)), effects)
        answers.append(answer)
        if result.event_id:
            outcomes[notice] = answer.code.name if isinstance(answer, Refusal) else answer
    fail(effects[ChannelState.FAILED], now)
    close(effects[ChannelState.CLOSED], now)
    # Last: one that failed may have been paid after all.
    capture(effects[ChannelState.CAPTURED], trades, now)
    _sql.note_outcomes(outcomes)
    return answers


def _decide(
    result: ChannelResult, attempt: _sql.AttemptRow | None, effects: dict[ChannelState, list[Arrived]]
) -> str | Refusal:
    """What comes of one result; an effect is put on its list and seen by the results behind it."""
    if attempt is None:
        return Refusal(UNKNOWN_PAYMENT)
    if attempt.state == CAPTURED:
        return "repeated"
    if result.state == ChannelState.CAPTURED:
        if (result.amount, result.currency) != (attempt.amount, attempt.currency):
            return Refusal(MISMATCH)
    elif result.state not in ENDS or attempt.state not in (CREATED, PENDING):
        return "ignored"
    effects[result.state].append(Arrived(attempt, attempt.state, result))
    attempt.state = ENDS[result.state]
    return "applied"
