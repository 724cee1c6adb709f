"""What `wanku web` does before its processes part, and how it ends."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.runner.ground import ROOT, environment, until
from tests.served import free_port
from wanku.runner import ports
from wanku.runner.folder import new_secret

PRELOADED = """
import json, os, stat, sys
os.environ["DJANGO_SETTINGS_MODULE"] = "wanku.project.settings"

def sockets():
    return sum(os.path.exists(f"/proc/self/fd/{fd}") and stat.S_ISSOCK(os.stat(int(fd)).st_mode)
               for fd in os.listdir("/proc/self/fd"))

before = sockets()
from wanku.runner.commands.web import preload
preload()
loaded = [name in sys.modules for name in ("wanku.storefront.urls", "wanku.api.rush", "wanku.project.asgi")]
print(json.dumps([len(os.listdir("/proc/self/task")), sockets() - before, loaded]))
"""


@pytest.mark.server
def test_what_is_forked_has_no_thread_and_no_connection_but_every_page(home: Path) -> None:
    environ = environment(home / "data", DATABASE_URL=os.environ["DATABASE_URL"], WANKU_SECRET=new_secret())
    done = subprocess.run(
        [sys.executable, "-P", "-c", PRELOADED], env=environ, cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    threads, sockets, (pages, rush, front) = json.loads(done.stdout)
    assert (threads, sockets) == (1, 0), (
        "a fork takes no thread along, and shares a connection to the confusion of both"
    )
    assert pages and rush
    assert not front, "each process makes the front of its own, with its threads and locks"


@pytest.mark.server
@pytest.mark.fault
@pytest.mark.slow
def test_it_ends_however_many_signals_ask_it_to(home: Path) -> None:
    environ = environment(home / "data", DATABASE_URL=os.environ["DATABASE_URL"], WANKU_SECRET=new_secret())
    port = free_port()
    words = [sys.executable, "-P", "-m", "wanku", "web", f"--port={port}", "--workers=1"]
    with subprocess.Popen(words, env=environ, cwd=ROOT) as web:
        try:
            assert ports.answers("127.0.0.1", port, patience=60)
            for _ in range(500):
                web.send_signal(signal.SIGTERM)
            until(lambda: web.poll() is not None, what="it ends")
        finally:
            web.kill()
