"""Tasks of the workers: each calls one flow, again and again until that is content."""

from datetime import UTC, datetime, timedelta

from django.utils import timezone
from procrastinate import BaseRetryStrategy, JobContext, RetryDecision
from procrastinate.contrib.django import app
from procrastinate.jobs import Job

from wanku.flows.proving.ask_proof import RUN_PROOF
from wanku.flows.proving.run_proof import run_proof as run_proof_flow
from wanku.flows.selling.invite_staff import SEND_INVITATION
from wanku.flows.selling.send_invitation import TRIES_MAX
from wanku.flows.selling.send_invitation import send_invitation as send_invitation_flow
from wanku.ui.letters import invitation_letter

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
LADDER = (MINUTE, 5 * MINUTE, 20 * MINUTE, HOUR, 4 * HOUR, 12 * HOUR)
"""Waits before each further try; the flow gives up after the last."""
STALLED_SECONDS = 60.0
"""Without a sign of life of its worker for so long, a job is taken up again; workers give one every ten seconds."""


class Ladder(BaseRetryStrategy):
    """Later and later. How often at all is for the flow to say; a crash before it could is tried again as well."""

    def get_retry_decision(self, *, exception: BaseException, job: Job) -> RetryDecision | None:
        """When to try again."""
        if job.attempts >= 2 * TRIES_MAX:
            return None
        wait = LADDER[min(job.attempts, len(LADDER) - 1)]
        return RetryDecision(retry_at=datetime.now(UTC) + wait)


@app.task(name=SEND_INVITATION, retry=Ladder())
def send_invitation(*, invitation_id: int) -> None:
    """Send the letter of an invitation."""
    send_invitation_flow(invitation_id, write=invitation_letter, now=timezone.now())


@app.task(name=RUN_PROOF)
def run_proof(*, proof_id: int) -> None:
    """Prove the books."""
    run_proof_flow(proof_id, now=timezone.now())


@app.periodic(cron="* * * * *")
@app.task(name="take_up_stalled", queueing_lock="take_up_stalled", pass_context=True)
async def take_up_stalled(context: JobContext, timestamp: int) -> None:
    """Queue again what a worker had under way when it died; flows are made to be repeated."""
    manager = context.app.job_manager
    for job in await manager.get_stalled_jobs(seconds_since_heartbeat=STALLED_SECONDS):
        await manager.retry_job(job)
