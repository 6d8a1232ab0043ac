"""Settings shared by every environment. Everything a site changes comes from the environment.

DATABASE_URL   postgres://…  or  sqlite:///path (default: var/portal.sqlite3)
DEMO           1 shows the list of sample people on the sign-in page
DEMO_DATE      2026-11-21 fixes "today" (demo and tests only); empty means the real day
SESSION_IDLE_SECONDS  1800 signs out who does nothing for half an hour;  TRUSTED_PROXIES  proxies before the portal
CLAMD_SOCKET   /run/clamav/clamd.ctl lets ClamAV look at every upload
EMAIL_RELAY    smtp://user:password@relay:25 sends notices also as mail; empty means in the portal only
MAIL_FROM      the sender of these mails;  PORTAL_URL  the address of the portal in them
"""

from pathlib import Path

import environ
from csp.constants import NONE, SELF

env = environ.Env()

BASE_DIR = Path(__file__).resolve().parents[2]
VAR_DIR = Path(env("VAR_DIR", default=str(BASE_DIR / "var")))

SECRET_KEY = env("SECRET_KEY", default="")
DEBUG = False
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1"])
DEMO = env.bool("DEMO", default=False)
DEMO_DATE = env("DEMO_DATE", default="")

PREFECTURE_CODE = env("PREFECTURE_CODE", default="01")

INSTALLED_APPS = [
    "common",
    "municipalities",
    "accounts",
    "regions",
    "subsidies",
    "portal",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "portal.apps.PortalAdminConfig",
    "django.contrib.humanize",
    "django.forms",
    "allauth",
    "allauth.account",
    "crispy_forms",
    "django_filters",
    "django_htmx",
    "csp",
    "import_export",
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
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "accounts.middleware.ViewerMiddleware",
    "accounts.middleware.SignInRequiredMiddleware",
    "portal.retention.middleware.ErasedMiddleware",
    "common.attempts.AttemptMiddleware",
    "common.redoing.RedoMiddleware",
]
CSRF_FAILURE_VIEW = "portal.views.refusals.form_refused"

ROOT_URLCONF = "portal.urls"
WSGI_APPLICATION = "portal.wsgi.application"

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
                "portal.context_processors.shell",
            ],
            "builtins": ["common.templatetags.portal"],
        },
    }
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
CRISPY_ALLOWED_TEMPLATE_PACKS = ["portal"]
CRISPY_TEMPLATE_PACK = "portal"

DATABASES = {"default": env.db_url("DATABASE_URL", default=f"sqlite:///{VAR_DIR / 'portal.sqlite3'}")}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
    }
else:
    # jit costs more than it gives on short page queries: measured 1.9 to 15 times slower pages
    DATABASES["default"].setdefault("OPTIONS", {})["options"] = "-c jit=off"
    DATABASES["default"]["CONN_MAX_AGE"] = 60

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "/sign-in/"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "/sign-in/"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_ADAPTER = "accounts.adapter.PortalAccountAdapter"
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = False  # the session ends with the browser, or after SESSION_COOKIE_AGE without a click
ACCOUNT_RATE_LIMITS = {"login_failed": "30/5m/ip,5/5m/key"}  # a town hall may share one address
ALLAUTH_TRUSTED_PROXY_COUNT = env.int("TRUSTED_PROXIES", default=0)

SESSION_COOKIE_AGE = env.int("SESSION_IDLE_SECONDS", default=30 * 60)  # counted anew by accounts.middleware
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"

CACHES = {"default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "cache"}}

EMAIL_RELAY = env("EMAIL_RELAY", default="")
if EMAIL_RELAY:
    vars().update(env.email_url("EMAIL_RELAY"))
DEFAULT_FROM_EMAIL = env("MAIL_FROM", default="portal@localhost")
PORTAL_URL = env("PORTAL_URL", default="http://localhost:8000")
NOTICE_RECIPIENTS = "accounts.recipients.recipients_of"
REGION_TIES = "subsidies.ties.open_grants"
DEPARTMENTS = "accounts.directory.departments"
PERSONAL_WORK = "subsidies.services.handing_over"
FIELD_OFFICERS = "accounts.directory.field_officers"

LANGUAGE_CODE = "ja"
TIME_ZONE = "Asia/Tokyo"
USE_I18N = True
USE_TZ = True

STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = Path(env("STATIC_ROOT", default=str(BASE_DIR / "staticfiles")))
MEDIA_ROOT = VAR_DIR / "files"  # private: never served by URL, only through permission-checked views
FILE_UPLOAD_PERMISSIONS = 0o640
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5_000  # a step of the wizard with 200 lines pasted from a spreadsheet
UPLOAD_MAX_BYTES = env.int("UPLOAD_MAX_BYTES", default=10 * 1024 * 1024)
SHEET_MAX_ROWS = env.int("SHEET_MAX_ROWS", default=200_000)
SHEET_MAX_SECONDS = env.int("SHEET_MAX_SECONDS", default=30)
CLAMD_SOCKET = env("CLAMD_SOCKET", default="")
UPLOAD_SCANNER = "common.scanner.scan" if CLAMD_SOCKET else ""

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": env("LOG_LEVEL", default="WARNING")},
    "loggers": {
        "django": {"handlers": ["console"], "level": "WARNING", "propagate": False},
        "django.request": {"level": "ERROR"},  # a page that is not found is no event
    },
}

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:"],
        "object-src": [NONE],
        "base-uri": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [SELF],
    }
}
X_FRAME_OPTIONS = "SAMEORIGIN"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
