"""A process that is asked to stop by many signals at once stops, and counts them."""

import subprocess
import sys

import pytest

from tests.runner.ground import ROOT

STORM = """
import signal, sys, threading
from wanku.runner.stopping import asked_to_stop

ROUNDS = 3_000
if sys.argv[1] == "ours":
    with asked_to_stop(signal.SIGALRM) as asked:
        signal.setitimer(signal.ITIMER_REAL, 1e-5, 1e-5)
        for _ in range(ROUNDS):
            asked.stop.wait()
            asked.stop.clear()
        signal.setitimer(signal.ITIMER_REAL, 0)
    print(asked.hurry())
else:
    stop = threading.Event()
    signal.signal(signal.SIGALRM, lambda number, frame: stop.set())
    signal.setitimer(signal.ITIMER_REAL, 1e-5, 1e-5)
    for _ in range(ROUNDS):
        stop.wait()
        stop.clear()
"""


def storm(how: str, seconds: float) -> subprocess.CompletedProcess[str]:
    """Wait for 3,000 of the signals that come as fast as they can be sent."""
    words = [sys.executable, "-P", "-c", STORM, how]
    return subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=False, timeout=seconds)


@pytest.mark.fault
def test_many_signals_at_once_do_not_hang_it() -> None:
    done = storm("ours", 120)
    assert (done.returncode, done.stdout) == (0, "True\n"), done.stderr


@pytest.mark.fault
def test_control_an_event_that_is_set_by_the_handler_waits_for_itself() -> None:
    try:
        done = storm("event", 10)
    except subprocess.TimeoutExpired:
        return  # no signal came any more to wake it
    # Each signal woke it to begin another wait for the same lock, inside the last.
    assert done.returncode != 0 and "RecursionError" in done.stderr, done


@pytest.mark.fault
def test_what_is_ignored_stays_ignored_and_handlers_come_back() -> None:
    program = """
import signal
from wanku.runner.stopping import asked_to_stop
signal.signal(signal.SIGHUP, signal.SIG_IGN)
before = signal.getsignal(signal.SIGTERM)
with asked_to_stop(signal.SIGTERM, signal.SIGHUP) as asked:
    signal.raise_signal(signal.SIGHUP)
    signal.raise_signal(signal.SIGTERM)
    assert asked.stop.wait(20)
    assert asked.times == 1 and not asked.hurry()
assert signal.getsignal(signal.SIGTERM) is before
print("well")
"""
    done = subprocess.run([sys.executable, "-P", "-c", program], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.stdout == "well\n", done.stderr
