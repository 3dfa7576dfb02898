"""One settings file. What differs between installations comes from the environment; see README."""

import contextlib
import os
import sqlite3
import tempfile
from pathlib import Path

import environ
from csp.constants import NONE, SELF
from django.core.management.utils import get_random_secret_key

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()

VAR = Path(env("TICKETLESS_VAR", default=str(BASE_DIR / "var")))


def secret(name):
    """A secret from the environment as it stands there; empty where it is not set. `env` would take one
    that begins with $ for the name of another variable."""
    return os.environ.get(name, "")


def secret_key():
    """SECRET_KEY from the environment; without one, a key made once and kept beside the database."""
    given = secret("SECRET_KEY")
    if given:
        return given
    kept = VAR / "secret-key"
    if not kept.exists():
        VAR.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile("w", dir=VAR) as fresh:  # only its owner may read it
            fresh.write(get_random_secret_key())
            fresh.flush()
            with contextlib.suppress(FileExistsError):  # another process was quicker
                os.link(fresh.name, kept)
    return kept.read_text()


SECRET_KEY = secret_key()
DEBUG = env.bool("DEBUG", default=False)

# Where drivers and lanes reach this server. https turns on everything that needs it.
BASE_URL = env("BASE_URL", default="http://127.0.0.1:8000").rstrip("/")
SECURE = BASE_URL.startswith("https://")
ALLOWED_HOSTS = [
    BASE_URL.split("://", 1)[-1].split("/")[0].rsplit(":", 1)[0],
    *([] if SECURE else ["localhost", "127.0.0.1", "[::1]"]),
    *env.list("ALLOWED_HOSTS", default=[]),
]
CSRF_TRUSTED_ORIGINS = [BASE_URL]

INSTALLED_APPS = [
    "parking",
    "billing",
    "gates",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "axes",
    "csp",
    "django_htmx",
    "rest_framework",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    }
]


def database():
    """SQLite with the settings that survive a power cut, or what DATABASE_URL names."""
    VAR.mkdir(parents=True, exist_ok=True)
    chosen = env.db("DATABASE_URL", default=f"sqlite:///{VAR / 'ticketless.sqlite3'}")
    if not chosen["ENGINE"].endswith("sqlite3"):
        return {**chosen, "CONN_MAX_AGE": 60, "CONN_HEALTH_CHECKS": True}
    # Before 3.51.3 a writer that resets the WAL during a checkpoint can lose pages.
    safe_wal = sqlite3.sqlite_version_info >= (3, 51, 3)
    journal = "PRAGMA journal_mode=WAL;" if safe_wal else "PRAGMA journal_mode=TRUNCATE;"
    return {
        **chosen,
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": journal + "PRAGMA synchronous=FULL;",
        },
        # A test database in memory breaks tests with threads and other processes; one name for
        # all would let two test runs on one machine tread on each other.
        "TEST": {"NAME": f"{tempfile.gettempdir()}/ticketless-test-{os.getpid()}.sqlite3"},
    }


DATABASES = {"default": database()}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
AXES_FAILURE_LIMIT = 10
AXES_COOLOFF_TIME = 0.25  # hours
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_USERNAME_CALLABLE = "parking.access.tried_name"
AXES_LOCKOUT_TEMPLATE = "registration/locked_out.html"
AXES_RESET_ON_SUCCESS = True
AXES_VERBOSE = False
LOGIN_URL = "sign_in"
LOGIN_REDIRECT_URL = "lanes"
LOGOUT_REDIRECT_URL = "sign_in"

LANGUAGE_CODE = "en-gb"
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"  # pages show each car park's own zone

STATIC_URL = "/static/"
STATIC_ROOT = VAR / "static"
STATIC_ROOT.mkdir(parents=True, exist_ok=True)  # empty: the finders serve from static/
STATICFILES_DIRS = [BASE_DIR / "static"]
WHITENOISE_USE_FINDERS = True  # no collectstatic needed on a one-box installation
MEDIA_ROOT = env("MEDIA_ROOT", default=str(VAR / "media"))

SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 12 * 60 * 60  # a shift and a half
SECURE_SSL_REDIRECT = SECURE
SECURE_REDIRECT_EXEMPT = [r"^api/"]  # a lane must be told, not led: no silent redirect for machines
SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60 if SECURE else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = SECURE
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
if env.bool("BEHIND_PROXY", default=False):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

# Stripe's keys come from the environment only. STRIPE_API is another address than its own: that of a double.
STRIPE_SECRET_KEY = secret("STRIPE_SECRET_KEY")
STRIPE_WEBHOOK_SECRET = secret("STRIPE_WEBHOOK_SECRET")
STRIPE_ACCOUNT = env("STRIPE_ACCOUNT", default="")
STRIPE_API = env("STRIPE_API", default="").rstrip("/")
STRIPE_TIMEOUT = env.float("STRIPE_TIMEOUT", default=10.0)  # seconds, for each of two tries

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "base-uri": [NONE],
        "object-src": [NONE],
        "frame-ancestors": [NONE],
        "form-action": [SELF, "https://checkout.stripe.com", *([STRIPE_API] if STRIPE_API else [])],
    }
}

DATA_UPLOAD_MAX_MEMORY_SIZE = 8 * 1024 * 1024  # bytes; a lane's largest picture

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["gates.keys.LaneKey"],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_PARSER_CLASSES": ["gates.serializers.Json"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "EXCEPTION_HANDLER": "gates.api.sentence",
    "UNAUTHENTICATED_USER": None,
}

MATCHER = "gates.matches.by_probability"  # which stay a read is; benchmarks/day.py compares others

# The provider that takes cards on the pay page: a name of billing.providers.PROVIDERS.
PAYMENT_PROVIDER = env("PAYMENT_PROVIDER", default="mock")
MOCK_WEBHOOK_SECRET = secret("MOCK_WEBHOOK_SECRET") or f"mock:{SECRET_KEY}"

# Letters to drivers: EMAIL_URL=smtp+tls://name:password@host:587; without one they are printed.
vars().update(env.email("EMAIL_URL", default="consolemail://"))
DEFAULT_FROM_EMAIL = env("EMAIL_FROM", default=f"parking@{ALLOWED_HOSTS[0]}")
EMAIL_TIMEOUT = 10  # seconds

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"without keys": {"()": "config.logs.WithoutKeys"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "without keys"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {"django.server": {"level": "WARNING", "propagate": True}},
}
