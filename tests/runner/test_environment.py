"""Production refuses to start with what would be unsafe, and names the variable."""

import os
from pathlib import Path

import pytest

from tests.runner.ground import environment, wanku
from wanku.project.env import DEVELOPMENT_SECRET, BadEnvironment, Database, read
from wanku.runner.folder import new_secret

URL = "postgresql://ann:p%40ss@db.example.com:5433/shop?sslmode=require"


@pytest.mark.parametrize(
    "secret",
    [
        "",
        "change-me",
        "x" * 49,
        "a" * 80,
        "abababababababababababababababababababababababababababab",
        DEVELOPMENT_SECRET,
    ],
)
def test_a_weak_secret_is_refused(secret: str) -> None:
    with pytest.raises(BadEnvironment, match="WANKU_SECRET"):
        read({"DATABASE_URL": URL, "WANKU_SECRET": secret})


def test_a_made_secret_is_taken_and_each_is_new() -> None:
    first, second = new_secret(), new_secret()
    assert first != second
    env = read({"DATABASE_URL": URL, "WANKU_SECRET": first})
    assert env.secret == first
    assert (env.debug, env.demo, env.sandbox) == (False, False, False)
    assert first not in repr(env)


def test_former_secrets_are_known_and_told_to_nobody() -> None:
    secrets = [new_secret() for _ in range(3)]
    given = {"DATABASE_URL": URL, "WANKU_SECRET": secrets[0]}
    assert read(given).former_secrets == ()
    env = read({**given, "WANKU_FORMER_SECRETS": f" {secrets[1]},,{secrets[2]} "})
    assert (env.secret, env.former_secrets) == (secrets[0], (secrets[1], secrets[2]))
    assert not any(secret in repr(env) for secret in secrets)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DATABASE_URL", ""),
        ("DATABASE_URL", "mysql://x/y"),
        ("WANKU_PUBLIC_URL", "shop.example.com"),
        ("WANKU_DEBUG", "perhaps"),
        ("WANKU_SANDBOX", "2"),
    ],
)
def test_a_wrong_setting_is_named(name: str, value: str) -> None:
    good = {"DATABASE_URL": URL, "WANKU_SECRET": new_secret()}
    read(good)
    with pytest.raises(BadEnvironment, match=name):
        read({**good, name: value})


@pytest.mark.parametrize(
    ("url", "taken"),
    [
        ("https://shop.example.com", False),
        ("https://localhost:8443", True),
        ("http://192.168.1.5:8000", True),
        ("http://127.0.0.1:8000", True),
    ],
)
def test_debug_is_refused_at_a_public_address(url: str, taken: bool) -> None:
    environ = {"DATABASE_URL": URL, "WANKU_SECRET": new_secret(), "WANKU_PUBLIC_URL": url}
    assert not read(environ).debug
    if taken:
        assert read({**environ, "WANKU_DEBUG": "1"}).debug
    else:
        with pytest.raises(BadEnvironment, match="WANKU_DEBUG must be off"):
            read({**environ, "WANKU_DEBUG": "1"})


def test_a_database_address_is_read_whole() -> None:
    database = Database.from_url(URL)
    assert (database.user, database.password, database.host, database.port) == ("ann", "p@ss", "db.example.com", "5433")
    assert (database.name, dict(database.options)) == ("shop", {"sslmode": "require"})
    assert "p@ss" not in repr(database)
    local = Database.from_url("postgresql://wanku@/wanku?host=%2Frun%2Fpg&port=5432")
    assert (local.host, local.port) == ("/run/pg", "5432")


@pytest.mark.server
@pytest.mark.parametrize("command", ["migrate", "web", "worker", "sweep"])
def test_no_command_of_production_starts_with_a_weak_secret(home: Path, command: str) -> None:
    url = os.environ["DATABASE_URL"]
    done = wanku(command, environ=environment(home / "data", DATABASE_URL=url, WANKU_SECRET="secret"))
    assert done.returncode == 1, done.stdout
    assert "WANKU_SECRET must be a random text" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.server
def test_production_does_not_start_in_debug_by_accident(home: Path) -> None:
    environ = environment(home / "data", DATABASE_URL=os.environ["DATABASE_URL"], WANKU_SECRET=new_secret())
    done = wanku(
        "manage", "shell", "-c", "from django.conf import settings as s; print(s.DEBUG, s.DEMO)", environ=environ
    )
    assert done.stdout.splitlines()[-1:] == ["False False"], done.stderr
