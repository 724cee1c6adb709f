"""Django's settings, all derived from `wanku.project.env`."""

from pathlib import Path
from urllib.parse import unquote, urlsplit

from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

from wanku.project import env as environment

ENV = environment.read()
ROOT = Path(__file__).resolve().parent.parent
BUILT = ROOT / "ui" / "dist"

DEBUG = ENV.debug
DEMO = ENV.demo
SANDBOX = ENV.sandbox
RATE_LIMITS = ENV.rate_limits
METRICS_TOKEN = ENV.metrics_token
THREADS = ENV.threads
SANDBOX_SPEED = ENV.sandbox_speed
SANDBOX_URL = ENV.sandbox_url if SANDBOX else ""
# Clocks of the sandbox, which doors beside it may not import; the sweeper calls them by name.
EXTRA_SWEEPS = ["wanku.sandbox.deliver.deliver_due", "wanku.sandbox.carrier.move_parcels"] if SANDBOX else []
TRACKING_SECRETS = ENV.tracking_secrets
SECRET_KEY = ENV.secret
SECRET_KEY_FALLBACKS = list(ENV.former_secrets)
PUBLIC_URL = ENV.public_url
ALLOWED_HOSTS = ["127.0.0.1", "localhost", "[::1]", "testserver", *ENV.hosts] if DEBUG else list(ENV.hosts)
SECURE = PUBLIC_URL.startswith("https://")
CSRF_TRUSTED_ORIGINS = [PUBLIC_URL]

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "csp",
    "django_htmx",
    "django_vite",
    "ninja",
    "procrastinate.contrib.django",
    "wanku.kernel",
    "wanku.audit",
    "wanku.people",
    "wanku.access",
    "wanku.merchants",
    "wanku.files",
    "wanku.notices",
    "wanku.ledger",
    "wanku.catalog",
    "wanku.inventory",
    "wanku.kinds.stay",
    "wanku.kinds.seat",
    "wanku.kinds.visit",
    "wanku.kinds.meal",
    "wanku.kinds.issue",
    "wanku.pricing",
    "wanku.carts",
    "wanku.orders",
    "wanku.payments",
    "wanku.fulfilment",
    "wanku.waiting_room",
    "wanku.reviews",
    "wanku.settlement",
    "wanku.reconciliation",
    "wanku.invoices",
    "wanku.ui",
    "wanku.sandbox",
    "wanku.storefront",
    "wanku.merchant_desk",
    "wanku.platform_desk",
    "wanku.api",
    "wanku.jobs",
    # After ours: of two translations of one text the first app wins.
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
]

MIDDLEWARE = [
    "wanku.project.metrics.MetricsMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "wanku.ui.middleware.PolicyMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "wanku.ui.activity.ActivityMiddleware",
    "wanku.ui.actor.ActorMiddleware",
    "wanku.ui.middleware.DoorMiddleware",
]

ROOT_URLCONF = "wanku.project.urls"
WSGI_APPLICATION = "wanku.project.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        # Named before the apps' own folders, since our pages replace allauth's.
        "DIRS": [ROOT / "ui" / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "django.template.context_processors.i18n",
                "wanku.ui.context.page",
                "wanku.storefront.context.frame",
            ],
            "builtins": [
                "wanku.ui.templatetags.wanku",
                "wanku.ui.templatetags.wanku_parts",
                "wanku.ui.templatetags.wanku_blocks",
            ],
        },
    }
]

DATABASES = {
    "default": {
        "ENGINE": "wanku.kernel.database",
        "NAME": ENV.database.name,
        "USER": ENV.database.user,
        "PASSWORD": ENV.database.password,
        "HOST": ENV.database.host,
        "PORT": ENV.database.port,
        # Persistent connections: a checkout must not pay for a handshake.
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
        # Statements are prepared where the code says so (`wanku.kernel.arrays`) and never by having come often: Django
        # writes values into its texts. None, Django's own choice, would forbid both.
        # A server that vanished without a word (power, network) is given up after half a minute, not after the quarter
        # of an hour that TCP takes by itself; `DATABASE_URL` may say otherwise.
        "OPTIONS": {
            "application_name": "wanku",
            "prepare_threshold": 2**31,
            "tcp_user_timeout": 30_000,
            **ENV.database.options,
        },
    }
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", _("Simplified Chinese")), ("zh-hant", _("Traditional Chinese")), ("en", _("English"))]
USE_I18N = True
# Every package has its own catalogue, also those that are no Django app (flows).
LOCALE_PATHS = sorted(ROOT.glob("*/locale"))
USE_TZ = True
TIME_ZONE = "Asia/Shanghai"
FORMAT_MODULE_PATH = ["wanku.ui.formats"]

AUTH_USER_MODEL = "people.Person"
AUTHENTICATION_BACKENDS = ["wanku.people.backend.Backend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/me/"
LOGOUT_REDIRECT_URL = "/"

ACCOUNT_ADAPTER = "wanku.storefront.signing_in.SigningInAdapter"
ACCOUNT_FORMS = {
    "login": "wanku.people.account_forms.LoginForm",
    "request_login_code": "wanku.people.account_forms.RequestLoginCodeForm",
    "reset_password": "wanku.people.account_forms.ResetPasswordForm",
}
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email", "phone"}
ACCOUNT_SIGNUP_FIELDS = ["phone", "email", "password1*"]
ACCOUNT_SIGNUP_FORM_CLASS = "wanku.people.forms.SignupExtra"
ACCOUNT_EMAIL_VERIFICATION = "optional"
ACCOUNT_PASSWORD_RESET_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGOUT_REDIRECT_URL = "/"
ACCOUNT_SIGNUP_REDIRECT_URL = "/me/"
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_SESSION_REMEMBER = None
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https" if SECURE else "http"
USERSESSIONS_TRACK_ACTIVITY = True
MFA_ADAPTER = "wanku.people.mfa.MFAAdapter"
MFA_TOTP_ISSUER = "Wanku"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]

SESSION_ENGINE = "wanku.ui.sessions"
SESSION_COOKIE_SECURE = SECURE
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 60 * 60 * 24 * 30
CSRF_COOKIE_SECURE = SECURE
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "wanku.ui.errors.csrf_failed"
LANGUAGE_COOKIE_SAMESITE = "Lax"
SECURE_HSTS_SECONDS = 60 * 60 * 24 * 365 if SECURE else 0
SECURE_SSL_REDIRECT = SECURE
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if SECURE else None
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
# W001: phone and e-mail are each optional at sign-up; our form asks for at least one of them.
SILENCED_SYSTEM_CHECKS = ["account.W001"]
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:", "blob:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "manifest-src": [SELF],
    }
}

DATA_UPLOAD_MAX_MEMORY_SIZE = 2_500_000
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2_000
DATA_UPLOAD_MAX_NUMBER_FILES = 20
FILE_UPLOAD_MAX_MEMORY_SIZE = 2_500_000

STATIC_URL = "/static/"
STATIC_ROOT = ENV.data / "static"
STATICFILES_DIRS = [BUILT] if BUILT.exists() else []
MEDIA_URL = "/media/"
MEDIA_ROOT = ENV.data / "media"
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = DEBUG
# Vite's hashed names, which may be kept forever.
WHITENOISE_IMMUTABLE_FILE_TEST = r"^/static/assets/.+-[\w-]{8}\.\w+$"
DJANGO_VITE = {"default": {"manifest_path": BUILT / "manifest.json"}}


def _mail() -> dict[str, object]:
    if not ENV.smtp_url:
        return {
            "EMAIL_BACKEND": "django.core.mail.backends.filebased.EmailBackend",
            "EMAIL_FILE_PATH": str(ENV.data / "mail"),
        }
    parts = urlsplit(ENV.smtp_url)
    return {
        "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "EMAIL_HOST": parts.hostname or "",
        "EMAIL_PORT": parts.port or (465 if parts.scheme == "smtps" else 587),
        "EMAIL_HOST_USER": unquote(parts.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
        "EMAIL_USE_SSL": parts.scheme == "smtps",
        "EMAIL_USE_TLS": parts.scheme == "smtp+tls",
    }


globals().update(_mail())
DEFAULT_FROM_EMAIL = ENV.mail_from
EMAIL_TIMEOUT = 10

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "root": {"handlers": ["console"], "level": ENV.log_level},
    # They tell at every start, of every command, which tasks there are.
    "loggers": {f"procrastinate.{name}": {"level": "WARNING"} for name in ("blueprints", "periodic")},
}
PROCRASTINATE_AUTODISCOVER_MODULE_NAME = "tasks"
