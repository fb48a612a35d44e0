"""Django's settings, derived from `web.config`. Safe with nothing edited."""

from __future__ import annotations

import os
from pathlib import Path
from urllib.parse import urlsplit

from csp.constants import NONCE, NONE, SELF
from django.utils.translation import gettext_lazy as _

from sightpact.web import config as _config

SIGHTPACT = _config.load()
_config.prepare(SIGHTPACT)

SECRET_KEY = (SIGHTPACT.keys / "session.key").read_text().strip()
DEBUG = False
_page = urlsplit(SIGHTPACT.url)
ALLOWED_HOSTS = sorted(
    {_page.hostname or "localhost", "localhost", "127.0.0.1"}
    if SIGHTPACT.on_loopback
    else {_page.hostname or ""}
)
CSRF_TRUSTED_ORIGINS = [SIGHTPACT.url]
SECURE = _page.scheme == "https"

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "sightpact.ledger",
    "sightpact.people",
    "sightpact.notices",
    "sightpact.cameras",
    "sightpact.agreements",
    "sightpact.activation",
    "sightpact.access",
    "sightpact.live",
    "sightpact.record",
    "sightpact.web",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "sightpact.web.assets.AssetsMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "sightpact.people.middleware.PersonMiddleware",
]
if SIGHTPACT.demo:
    INSTALLED_APPS.append("sightpact.demo")

ROOT_URLCONF = "sightpact.web.urls"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "csp.context_processors.nonce",
                "sightpact.web.context.page",
            ],
        },
    }
]

# Database: SQLite with full durability, since an action and its ledger entry are one transaction; or PostgreSQL.
if SIGHTPACT.database_url:
    DATABASES = {
        "default": {
            "ENGINE": "django.db.backends.postgresql",
            **_config.postgres(SIGHTPACT.database_url),
        }
    }
else:
    DATABASES = {
        "default": {
            "ENGINE": "sightpact.ledger.sqlite",
            "NAME": SIGHTPACT.data / "sightpact.sqlite3",
            "OPTIONS": {
                "timeout": 5,  # seconds to wait for the one writer
                "transaction_mode": "IMMEDIATE",  # a transaction takes the writer's place when it begins
                "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;",
            },
            "TEST": {"NAME": os.environ.get("SIGHTPACT_TEST_DB") or None},
        }
    }
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Accounts: passkeys only. No password is ever set or asked for.
AUTH_USER_MODEL = "people.Account"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
LOGIN_URL = "/sign-in/"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*"]
ACCOUNT_ADAPTER = "sightpact.people.adapter.ClosedAccountAdapter"
MFA_SUPPORTED_TYPES = ["webauthn"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_PASSKEY_SIGNUP_ENABLED = False
MFA_WEBAUTHN_USER_VERIFICATION = "required"
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = (
    _page.hostname == "localhost"
)  # browsers call http://localhost a secure context
MFA_TRUST_ENABLED = False
MFA_ADAPTER = "sightpact.people.adapter.PasskeyAdapter"
USERSESSIONS_TRACK_ACTIVITY = False  # a page must open when the database cannot be written
ALLAUTH_TRUSTED_PROXY_COUNT = 1 if SIGHTPACT.behind_proxy else 0

SESSION_ENGINE = "sightpact.web.sessions"
SESSION_COOKIE_NAME = "sightpact_session"
SESSION_COOKIE_AGE = 12 * 3600  # seconds; CJIS AAL2 asks for a new sign-in within 12 h
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE
CSRF_COOKIE_SAMESITE = "Strict"
CSRF_COOKIE_HTTPONLY = True
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_HSTS_SECONDS = 31536000 if SECURE else 0
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if SIGHTPACT.behind_proxy else None
X_FRAME_OPTIONS = "DENY"

_edge = urlsplit(SIGHTPACT.viewer_url)
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF, NONCE],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "media-src": ["blob:"],
        "connect-src": [SELF, f"{_edge.scheme}://{_edge.netloc}"],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
        "manifest-src": [SELF],
    }
}

LANGUAGE_CODE = "en-us"
LANGUAGES = [("en", _("English")), ("es", _("Spanish"))]
USE_TZ = True
TIME_ZONE = "UTC"  # pages show each school's own zone

STATIC_URL = "/static/"
STATIC_ROOT = SIGHTPACT.data / "run" / "static"
_house = Path(__file__).resolve().parent.parent
STATICFILES_DIRS = [
    (f"components/{name}", _house / name / "components") for name in ("web", "live", "agreements")
]  # native ES modules
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = True  # assets live inside the wheel; no collect step is needed
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": "sightpact.web.logs.JsonLines"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "json"}},
    "root": {"handlers": ["console"], "level": os.environ.get("SIGHTPACT_LOG", "INFO")},
}

BASE_DIR = Path(__file__).resolve().parent
