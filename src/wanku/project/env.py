"""Every setting that an operator can change, read once from the environment and typed.

Names start with ``WANKU_`` except ``DATABASE_URL``, which hosting platforms already provide.
"""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

DEVELOPMENT_SECRET = "development-only-secret-that-never-leaves-this-machine"  # noqa: S105 - refused outside debug
SECRET_LENGTH_MIN = 50
HOOK_SECRET_LENGTH_MIN = 24
SECRET_LETTERS_MIN = 12


class BadEnvironment(ValueError):
    """A variable holds something that Wanku cannot run with; the text names it and what would be right."""


@dataclass(frozen=True, slots=True)
class Database:
    """Where PostgreSQL answers."""

    name: str
    user: str
    password: str = field(repr=False)
    host: str
    port: str
    options: Mapping[str, str]

    @classmethod
    def from_url(cls, url: str) -> "Database":
        """Read ``postgresql://user:password@host:port/name?sslmode=…``; a socket folder goes into ``?host=``."""
        parts = urlsplit(url)
        if parts.scheme not in ("postgres", "postgresql"):
            raise BadEnvironment("DATABASE_URL must start with postgresql://, since Wanku runs on PostgreSQL only.")
        options = dict(parse_qsl(parts.query))
        host = options.pop("host", "") or unquote(parts.hostname or "")
        port = options.pop("port", "") or str(parts.port or "")
        return cls(
            name=unquote(parts.path.lstrip("/")) or "wanku",
            user=unquote(parts.username or ""),
            password=unquote(parts.password or ""),
            host=host,
            port=port,
            options=options,
        )


@dataclass(frozen=True, slots=True)
class Env:
    """The whole environment of one process."""

    debug: bool
    demo: bool
    secret: str = field(repr=False)
    former_secrets: tuple[str, ...] = field(repr=False)
    data: Path
    database: Database
    public_url: str
    hosts: tuple[str, ...]
    smtp_url: str = field(repr=False)
    mail_from: str
    log_level: str
    sandbox: bool
    sandbox_speed: int
    sandbox_url: str
    tracking_secrets: Mapping[str, str] = field(repr=False)
    rate_limits: bool
    metrics_token: str = field(repr=False)
    threads: int


def read(environ: Mapping[str, str] | None = None) -> Env:
    """Read and check the environment.

    Production is the default: ``WANKU_DEBUG=1`` must be said aloud.

    Raises:
        BadEnvironment: naming the variable and what would be right.
    """
    source = os.environ if environ is None else environ
    debug = _flag(source, "WANKU_DEBUG")
    secret = source.get("WANKU_SECRET", "")
    if not debug and _is_weak(secret):
        raise BadEnvironment(
            f"WANKU_SECRET must be a random text of at least {SECRET_LENGTH_MIN} characters in production; "
            "`wanku secret` prints one."
        )
    url = source.get("DATABASE_URL", "")
    if not url:
        raise BadEnvironment("DATABASE_URL is not set; `wanku up` sets it for the embedded server.")
    public_url = source.get("WANKU_PUBLIC_URL", "http://127.0.0.1:8000").rstrip("/")
    if urlsplit(public_url).scheme not in ("http", "https") or not urlsplit(public_url).hostname:
        raise BadEnvironment("WANKU_PUBLIC_URL must be a whole address such as https://shop.example.com.")
    if debug and _is_public(public_url):
        raise BadEnvironment(
            f"WANKU_DEBUG must be off at {public_url}: it shows the program's insides to every visitor. "
            "Leave it unset in production."
        )
    hosts = _list(source, "WANKU_HOSTS")
    return Env(
        debug=debug,
        demo=_flag(source, "WANKU_DEMO"),
        secret=secret or DEVELOPMENT_SECRET,
        former_secrets=_list(source, "WANKU_FORMER_SECRETS"),
        data=Path(source.get("WANKU_DATA", ".wanku")).absolute(),
        database=Database.from_url(url),
        public_url=public_url,
        hosts=hosts or (urlsplit(public_url).hostname or "",),
        smtp_url=source.get("WANKU_SMTP_URL", ""),
        mail_from=source.get("WANKU_MAIL_FROM", "Wanku <noreply@localhost>"),
        log_level=source.get("WANKU_LOG_LEVEL", "INFO").upper(),
        sandbox=_flag(source, "WANKU_SANDBOX", default=debug),
        sandbox_speed=_whole(source, "WANKU_SANDBOX_SPEED", default=600),
        sandbox_url=_sandbox_url(source),
        tracking_secrets=_pairs(source, "WANKU_TRACKING_SECRETS"),
        rate_limits=_flag(source, "WANKU_RATE_LIMITS", default=True),
        metrics_token=source.get("WANKU_METRICS_TOKEN", ""),
        threads=_whole(source, "WANKU_THREADS", default=8),
    )


def _is_weak(secret: str) -> bool:
    """Whether a secret is short, monotonous, or the one that everybody can read here."""
    return len(secret) < SECRET_LENGTH_MIN or len(set(secret)) < SECRET_LETTERS_MIN or secret == DEVELOPMENT_SECRET


def _is_public(url: str) -> bool:
    """Whether `url` is an address that others use: TLS, and no name of this machine itself."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    return parts.scheme == "https" and host not in ("localhost", "127.0.0.1", "::1") and not host.endswith(".localhost")


def _sandbox_url(source: Mapping[str, str]) -> str:
    """Where the simulated banks are, or nothing."""
    url = source.get("WANKU_SANDBOX_URL", "").rstrip("/")
    if url and (urlsplit(url).scheme not in ("http", "https") or not urlsplit(url).hostname):
        raise BadEnvironment("WANKU_SANDBOX_URL must be a whole address such as http://127.0.0.1:8001.")
    return url


def _whole(source: Mapping[str, str], name: str, *, default: int) -> int:
    text = source.get(name, "").strip()
    if not text:
        return default
    if not (text.isascii() and text.isdigit() and 0 < int(text) <= 1_000_000):
        raise BadEnvironment(f"{name} must be a whole number from 1 to 1000000, not {text!r}.")
    return int(text)


def _list(source: Mapping[str, str], name: str) -> tuple[str, ...]:
    return tuple(text.strip() for text in source.get(name, "").split(",") if text.strip())


def _pairs(source: Mapping[str, str], name: str) -> Mapping[str, str]:
    """``sf=…,zto=…``; the values are never repeated in an error, since they are secrets."""
    pairs = {}
    for part in source.get(name, "").split(","):
        key, sign, value = part.strip().partition("=")
        if not key and not sign:
            continue
        if not key or len(value) < HOOK_SECRET_LENGTH_MIN:
            raise BadEnvironment(
                f"{name} must read carrier=secret,carrier=secret with secrets of at least "
                f"{HOOK_SECRET_LENGTH_MIN} characters."
            )
        pairs[key] = value
    return pairs


def _flag(source: Mapping[str, str], name: str, *, default: bool = False) -> bool:
    text = source.get(name, "").strip().lower()
    if text in ("", "default"):
        return default
    if text in ("1", "true", "yes", "on"):
        return True
    if text in ("0", "false", "no", "off"):
        return False
    raise BadEnvironment(f"{name} must be 1 or 0, not {text!r}.")
