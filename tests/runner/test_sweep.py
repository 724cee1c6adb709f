"""`wanku sweep` told another time: only once, and never where it would be in earnest."""

import os

import pytest

from tests.runner.ground import wanku

MOMENT = "2030-01-01T00:00:00+00:00"


def test_a_standing_clock_does_not_sweep_for_ever() -> None:
    done = wanku("sweep", "--now", MOMENT, environ=os.environ)
    assert done.returncode == 1
    assert "--now goes with --once" in done.stderr


def test_what_is_no_moment_is_refused() -> None:
    done = wanku("sweep", "--once", "--now", "tomorrow", environ=os.environ)
    assert done.returncode == 2
    assert "invalid moment value: 'tomorrow'" in done.stderr


@pytest.mark.server
def test_the_time_is_not_moved_in_production() -> None:
    earnest = {**os.environ, "WANKU_DEBUG": "0", "WANKU_SECRET": "aB3dE5gH7jK9mN1pQ2rS4tU6vW8xY0zA1bC3dE5fG7hJ9kL2mN"}
    done = wanku("sweep", "--once", "--now", MOMENT, environ=earnest)
    assert done.returncode == 1
    assert "refused unless WANKU_DEBUG is on" in done.stderr
