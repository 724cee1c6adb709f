"""A proof that was asked for is carried out and kept."""

import logging
import time
from datetime import datetime, timedelta

from wanku.flows.proving.prove_books import prove_books
from wanku.ledger.models import Proof
from wanku.ledger.proof import as_json

log = logging.getLogger(__name__)


def run_proof(proof_id: int, *, now: datetime) -> None:
    """Prove the books and keep what was found; a second call, or one for a proof that is gone, does nothing."""
    if not Proof.objects.filter(pk=proof_id, finished_at=None).update(started_at=now):
        return
    began = time.monotonic()
    checks = prove_books()
    finished = now + timedelta(seconds=time.monotonic() - began)
    sound = all(check.holds for check in checks)
    if not sound:
        log.error("the books are not sound: %s", ", ".join(check.says for check in checks if not check.holds))
    Proof.objects.filter(pk=proof_id).update(
        finished_at=finished, sound=sound, checks=as_json(checks), done=checks[0].checked
    )
