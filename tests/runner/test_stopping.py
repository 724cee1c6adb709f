"""A process that is asked to stop by many signals at once stops."""

import subprocess
import sys

import pytest

from tests.runner.ground import ROOT
from wanku.runner.stopping import SignalEvent

INTERRUPTED = """
import signal, sys, threading
from wanku.runner import stopping

event = {"ours": stopping.SignalEvent, "plain": threading.Event}[sys.argv[1]]()
signal.signal(signal.SIGTERM, lambda number, frame: event.set())

def interrupt(frame, what, argument):
    if frame.f_code.co_filename in (threading.__file__, stopping.__file__):
        signal.raise_signal(signal.SIGTERM)
    return interrupt

print("begun", flush=True)
sys.settrace(interrupt)
for _ in range(100):
    event.wait()
    event.clear()
    event.set()
sys.settrace(None)
print("ended")
"""


def interrupted(which: str, seconds: float) -> subprocess.CompletedProcess[str]:
    """Wait for an event that a signal sets, with such a signal at each line of its code."""
    words = [sys.executable, "-P", "-c", INTERRUPTED, which]
    return subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=False, timeout=seconds)


@pytest.mark.fault
def test_a_signal_may_set_it_whatever_it_interrupts() -> None:
    done = interrupted("ours", 60)
    assert done.stdout == "begun\nended\n", done.stderr


@pytest.mark.fault
def test_control_a_plain_event_waits_for_itself() -> None:
    with pytest.raises(subprocess.TimeoutExpired) as hangs:
        interrupted("plain", 10)
    assert hangs.value.stdout == b"begun\n"


@pytest.mark.fault
def test_an_event_is_set_until_it_is_cleared() -> None:
    event = SignalEvent()
    assert not event.is_set() and not event.wait(0.01) and not event.wait(-1)
    for _ in range(100_000):  # more than a pipe holds
        event.set()
    assert event.is_set() and event.wait() and event.wait(5)
    event.clear()
    assert not event.is_set()


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
